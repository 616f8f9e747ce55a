-- What wakes the relays, and what tells them that they need not look: src/cache/wake-ups.ts. Both are sent by triggers of
-- the outbox itself, so whoever writes it or marks it sends them.
--
-- `changed <transaction>` wakes every relay, `delivered <transaction>` ends their waiting. Postgres delivers notifications in
-- the order of commits, so the first always comes before the second. One that is too many is harmless: a relay looks
-- without need, or leaves the rest of a transaction to the process that has begun with it, to trust and to the timer.

CREATE FUNCTION invalidations_notify_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM new_rows) THEN
    PERFORM pg_notify('cache_invalidations', 'changed ' || pg_current_xact_id());
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER invalidations_notify_changed AFTER INSERT ON cache_invalidations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION invalidations_notify_changed();
--> statement-breakpoint
-- Also where session_replication_role is `replica`.
ALTER TABLE cache_invalidations ENABLE ALWAYS TRIGGER invalidations_notify_changed;
--> statement-breakpoint
-- A notification for each transaction, and not one for all: a batch of the relay may have rows of hundreds.
CREATE FUNCTION invalidations_notify_delivered() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('cache_invalidations', 'delivered ' || txid)
  FROM (SELECT DISTINCT txid FROM new_rows WHERE delivered_at IS NOT NULL) delivered;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER invalidations_notify_delivered AFTER UPDATE ON cache_invalidations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION invalidations_notify_delivered();
