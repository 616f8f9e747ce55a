-- A changed or removed product is told to the outbox by its revision: cached match scores stand under it, and their pets
-- need not hold the product in any run.
CREATE OR REPLACE FUNCTION products_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed uuid[] := array(
  SELECT new_rows.id FROM new_rows JOIN old_rows USING (id) WHERE new_rows.revision <> old_rows.revision);
BEGIN
  IF cardinality(changed) > 0 THEN
    UPDATE catalogue_state SET version = version + 1;
    INSERT INTO cache_invalidations (product_id, version) SELECT id, revision FROM new_rows WHERE id = ANY (changed);
    PERFORM pg_notify('cache_invalidations', '');
    PERFORM touch_pets_holding(changed);
    PERFORM touch_pets_with_empty_runs();
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION products_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalogue_state SET version = version + 1;
  INSERT INTO cache_invalidations (product_id, version) SELECT id, nextval('product_revision_seq') FROM old_rows;
  PERFORM pg_notify('cache_invalidations', '');
  PERFORM touch_pets_holding(array(SELECT id FROM old_rows));
  RETURN NULL;
END $$;
