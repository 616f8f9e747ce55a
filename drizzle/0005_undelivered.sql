-- How undelivered rows are found: src/db/undelivered.ts tells it whole.
--
-- Whoever takes a row as undelivered again, by replay or by hand, and whatever brought its own txid along (a restored
-- dump, logical replication), makes it look new. So this runs always, also where other triggers are not.
CREATE FUNCTION invalidations_stamp() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.txid := pg_current_xact_id();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER invalidations_stamp BEFORE INSERT OR UPDATE ON cache_invalidations FOR EACH ROW
  WHEN (NEW.delivered_at IS NULL AND NEW.txid IS DISTINCT FROM pg_current_xact_id())
  EXECUTE FUNCTION invalidations_stamp();
--> statement-breakpoint
ALTER TABLE cache_invalidations ENABLE ALWAYS TRIGGER invalidations_stamp;
--> statement-breakpoint

-- Names the outbox that a statement looks at: another server, a server that was started again or has recovered from a
-- crash (it may have lost commits and give their transaction ids again), another database, a table that was written
-- anew. Null on a standby: its snapshots do not list the transactions that run.
CREATE FUNCTION outbox_identity() RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF pg_is_in_recovery() THEN
    RETURN NULL;
  END IF;
  RETURN concat_ws('/',
    extract(epoch FROM pg_postmaster_start_time()), extract(epoch FROM pg_stat_get_bgwriter_stat_reset_time()),
    (SELECT oid FROM pg_database WHERE datname = current_database()),
    pg_relation_filenode('public.cache_invalidations'));
END $$;
--> statement-breakpoint

-- Where a row is undelivered: in one of `txids`, from the id beside it on, or in a transaction from `beyond` on. Each
-- loop asks the index (txid, id) and never the planner, who would choose by statistics that do not know of dead rows:
-- no other index has this order, and sorting is off. Only a comparison of both columns holds the planner to it: where
-- txid is constant, the order of ids alone would do, and the primary key has that too.
--
-- STABLE, so that all of it sees the snapshot of the statement that calls it, which is the one it returns.
CREATE FUNCTION look_at_outbox(
  known text, txids xid8[], ids bigint[], beyond xid8, most integer, overdue_before timestamptz,
  OUT identity text, OUT snapshot pg_snapshot, OUT found_txids xid8[], OUT found_ids bigint[], OUT is_overdue boolean
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
  last_txid xid8 := beyond;
  last_id bigint := -1;
  -- A clock that was set back leaves rows in the future: how old they are nobody knows.
  overdue_after timestamptz := now() + (now() - overdue_before);
BEGIN
  identity := outbox_identity();
  snapshot := pg_current_snapshot();
  found_txids := '{}';
  found_ids := '{}';
  is_overdue := false;
  IF identity IS DISTINCT FROM coalesce(known, identity) THEN
    RETURN;
  END IF;
  FOR i IN 1 .. cardinality(txids) LOOP
    SELECT id INTO last_id FROM cache_invalidations
    WHERE delivered_at IS NULL AND (txid, id) >= (txids[i], ids[i]) AND txid <= txids[i] ORDER BY txid, id LIMIT 1;
    CONTINUE WHEN NOT FOUND;
    found_txids := found_txids || txids[i];
    found_ids := found_ids || last_id;
    IF overdue_before IS NOT NULL AND NOT is_overdue THEN
      PERFORM FROM cache_invalidations
      WHERE delivered_at IS NULL AND (txid, id) >= (txids[i], last_id) AND txid <= txids[i]
        AND created_at NOT BETWEEN overdue_before AND overdue_after ORDER BY txid, id LIMIT 1;
      is_overdue := FOUND;
    END IF;
  END LOOP;
  IF overdue_before IS NOT NULL AND NOT is_overdue THEN
    PERFORM FROM cache_invalidations
    WHERE delivered_at IS NULL AND txid >= beyond AND created_at NOT BETWEEN overdue_before AND overdue_after ORDER BY txid, id LIMIT 1;
    is_overdue := FOUND;
  END IF;
  last_id := -1;
  WHILE cardinality(found_ids) < most LOOP
    -- The first row of the next transaction that has one.
    SELECT txid, id INTO last_txid, last_id FROM cache_invalidations
    WHERE delivered_at IS NULL AND (txid, id) > (last_txid, last_id) ORDER BY txid, id LIMIT 1;
    EXIT WHEN NOT FOUND;
    found_txids := found_txids || last_txid;
    found_ids := found_ids || last_id;
    last_id := 9223372036854775807;
  END LOOP;
END $$;
--> statement-breakpoint

-- Locks up to `most` of what is undelivered there, and leaves what others have locked to them.
CREATE FUNCTION take_undelivered(txids xid8[], ids bigint[], beyond xid8, most integer)
RETURNS SETOF cache_invalidations LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE taken integer;
BEGIN
  FOR i IN 1 .. cardinality(txids) LOOP
    EXIT WHEN most = 0;
    RETURN QUERY SELECT * FROM cache_invalidations
      WHERE delivered_at IS NULL AND (txid, id) >= (txids[i], ids[i]) AND txid <= txids[i]
      ORDER BY txid, id LIMIT most FOR UPDATE SKIP LOCKED;
    GET DIAGNOSTICS taken = ROW_COUNT;
    most := most - taken;
  END LOOP;
  RETURN QUERY SELECT * FROM cache_invalidations
    WHERE delivered_at IS NULL AND txid >= beyond ORDER BY txid, id LIMIT most FOR UPDATE SKIP LOCKED;
END $$;
--> statement-breakpoint

CREATE FUNCTION count_undelivered(txids xid8[], ids bigint[], beyond xid8) RETURNS bigint LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  total bigint := (SELECT count(*) FROM cache_invalidations WHERE delivered_at IS NULL AND txid >= beyond);
BEGIN
  FOR i IN 1 .. cardinality(txids) LOOP
    total := total + (SELECT count(*) FROM cache_invalidations
      WHERE delivered_at IS NULL AND (txid, id) >= (txids[i], ids[i]) AND txid <= txids[i]);
  END LOOP;
  RETURN total;
END $$;
