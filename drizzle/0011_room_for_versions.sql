-- A change of a popular product draws a version for each pet that holds it. Where its page has room for the new row, and
-- none of the indexed columns changed, no index is written: half of the time such a change takes. So each page of pets has
-- room for a new version of all its rows. Pages that are full already get there as they are written, or by VACUUM FULL.
ALTER TABLE pets SET (fillfactor = 50);
