-- Versions, outbox and notification: what DESIGN calls "versions come from Postgres".
--
-- Whoever writes (a gateway, an importer, a person in psql) sets these off, so nobody can forget to. What must hold:
--   * A version is drawn after the row is locked and inside the transaction of the change. So for one pet the order of
--     versions is the order of commits, and the version a reader sees belongs to the data it sees.
--   * The sequence is global and never goes back: a pet deleted and made again under its old id is newer than its past.
--   * The outbox row commits with the change or not at all. The notification is only a wake-up
--     (0006_relay_wake_ups.sql).
--
-- Locks are taken in one order everywhere: products, catalogue_state, the advisory locks of stores (below),
-- cache_epoch, users, pets.
--
-- Whoever writes may write at any isolation level, in replica mode, and under any search_path:
--   * Above READ COMMITTED a look-up sees what its transaction's snapshot saw, so what it has to find may have come
--     since. There the epoch is raised as well, and that retires everything (retire_all_above_read_committed, decision
--     028).
--   * In replica mode (a subscription of logical replication, session_replication_role = replica) ordinary triggers do
--     not fire. Triggers that fire only there retire everything.
--   * Functions name their own search_path, with pg_temp last: else a table of the writer's, temporary or in front of
--     ours, would take an outbox row. What is called once for each row names the schema instead, since that costs less.

-- Up to 2^53 - 1: the gateway and the Lua scripts hold versions in doubles.
CREATE SEQUENCE recommendation_version_seq MAXVALUE 9007199254740991;
--> statement-breakpoint
CREATE SEQUENCE product_revision_seq MAXVALUE 9007199254740991;
--> statement-breakpoint
INSERT INTO cache_epoch (only_row, epoch) VALUES (true, 1);
--> statement-breakpoint
INSERT INTO catalogue_state (only_row, version) VALUES (true, 1);
--> statement-breakpoint
ALTER TABLE cache_epoch ADD CONSTRAINT cache_epoch_only_row CHECK (only_row);
--> statement-breakpoint
ALTER TABLE catalogue_state ADD CONSTRAINT catalogue_state_only_row CHECK (only_row);
--> statement-breakpoint
-- A change of a popular product draws a version for each pet that holds it. Where its page has room for the new row,
-- and none of the indexed columns changed, no index is written: half of the time such a change takes. So each page of
-- pets has room for a new version of all its rows.
ALTER TABLE pets SET (fillfactor = 50);
--> statement-breakpoint

-- Each number is larger than all before it while the sequence counts up by one and no session keeps some in stock.
-- Somebody may have altered that (CACHE, INCREMENT, RESTART): then a change is refused rather than hidden behind an
-- older version.
CREATE FUNCTION refuse_number(sequence regclass, drawn bigint, floor bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'sequence % gave %, which is not above % that was drawn before', sequence, drawn, floor USING
    ERRCODE = 'object_not_in_prerequisite_state',
    HINT = 'It must have CACHE 1, INCREMENT 1 and NO CYCLE: alter it back, run "npm run migrate" as the owner of the '
      'tables, which puts it above what was drawn, and let every session connect anew.';
END $$;
--> statement-breakpoint
CREATE FUNCTION draw_above(sequence regclass, floor bigint) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE drawn bigint := nextval(sequence);
BEGIN
  IF drawn <= floor THEN
    PERFORM refuse_number(sequence, drawn, floor);
  END IF;
  RETURN drawn;
END $$;
--> statement-breakpoint


-- The epoch: raising it retires everything that is cached and every run.

CREATE FUNCTION epoch_record_invalidation() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO cache_invalidations (epoch) VALUES (NEW.epoch);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER epoch_record_invalidation AFTER UPDATE ON cache_epoch
  FOR EACH ROW EXECUTE FUNCTION epoch_record_invalidation();
--> statement-breakpoint
-- Whoever retires everything in replica mode must be told of, too.
ALTER TABLE cache_epoch ENABLE ALWAYS TRIGGER epoch_record_invalidation;
--> statement-breakpoint

-- Once a transaction is enough: what it has raised holds for all it does, since others see that at its commit. A row
-- that was raised before a savepoint names another transaction here and is raised again, which does no harm.
CREATE FUNCTION retire_all() RETURNS void LANGUAGE sql VOLATILE BEGIN ATOMIC
  UPDATE cache_epoch SET epoch = epoch + 1 WHERE xmin <> pg_current_xact_id()::xid;
END;
--> statement-breakpoint
-- For whoever looks something up that somebody else may have written since this transaction's snapshot: runs that hold
-- a product, pets of an owner. A trigger that only writes down what its own rows say needs none of this: at every level
-- these rows are locked and current, or Postgres has refused the change (40001), as it does where the epoch moved
-- since.
CREATE FUNCTION retire_all_above_read_committed() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    PERFORM retire_all();
  END IF;
END $$;
--> statement-breakpoint


-- Pets. All their rows are told as they are, at every level.

-- BEFORE ROW triggers run with the row already locked, so what is drawn here comes after any writer that went first.
CREATE FUNCTION pets_draw_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN
    NEW.recommendation_version := pg_catalog.nextval('public.recommendation_version_seq');
    NEW.updated_at := pg_catalog.now();
    IF NEW.recommendation_version <= OLD.recommendation_version THEN
      PERFORM public.refuse_number(
        'public.recommendation_version_seq', NEW.recommendation_version, OLD.recommendation_version);
    END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER pets_draw_version BEFORE INSERT OR UPDATE ON pets
  FOR EACH ROW EXECUTE FUNCTION pets_draw_version();
--> statement-breakpoint

-- One product may be held by a hundred thousand pets: the outbox rows of a statement are written by one statement
-- behind it, and it notifies once.
CREATE FUNCTION pets_record_added() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO cache_invalidations (pet_id, version, owner_id) SELECT id, recommendation_version, user_id FROM new_rows;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER pets_record_added AFTER INSERT ON pets
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION pets_record_added();
--> statement-breakpoint
-- EXCEPT sorts or hashes whatever there is. A join would be planned at the first call, for one row, as a nested loop.
CREATE FUNCTION pets_record_changes() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO cache_invalidations (pet_id, version, owner_id)
  SELECT id, recommendation_version, user_id FROM new_rows EXCEPT ALL
  SELECT id, recommendation_version, user_id FROM old_rows;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER pets_record_changes AFTER UPDATE ON pets
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION pets_record_changes();
--> statement-breakpoint
CREATE FUNCTION pets_record_removed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO cache_invalidations (pet_id, version)
  SELECT id, draw_above('recommendation_version_seq', recommendation_version) FROM old_rows;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER pets_record_removed AFTER DELETE ON pets
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION pets_record_removed();
--> statement-breakpoint
-- Under its old id the pet is gone, unless another has that id now; under the new one it is told as changed.
CREATE FUNCTION pets_record_renamed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO cache_invalidations (pet_id, version)
  SELECT OLD.id, draw_above('recommendation_version_seq', OLD.recommendation_version)
  WHERE NOT EXISTS (SELECT FROM pets WHERE id = OLD.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER pets_record_renamed AFTER UPDATE OF id ON pets
  FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION pets_record_renamed();
--> statement-breakpoint

-- Any value will do: the trigger above draws the real one. Locked in the order of ids, so two touches cannot deadlock.
CREATE FUNCTION touch_pets(ids uuid[]) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE touched bigint;
BEGIN
  WITH locked AS (SELECT id FROM pets WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE)
  UPDATE pets SET recommendation_version = 0 FROM locked WHERE pets.id = locked.id;
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;
--> statement-breakpoint


-- Concerns, allergies and preferences: each touches its pets.

-- Pets that this transaction's snapshot does not know are not touched. At READ COMMITTED there are none. Above it
-- foreign keys refuse them, and where somebody has taken those away, everything is retired.
CREATE FUNCTION touch_pets_or_retire_all(ids uuid[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF touch_pets(ids) < cardinality(ids) THEN
    PERFORM retire_all_above_read_committed();
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION touch_pets_of_new_rows() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM touch_pets_or_retire_all(array(SELECT DISTINCT pet_id FROM new_rows));
  RETURN NULL;
END $$;
--> statement-breakpoint
-- A row that is removed was in the snapshot, and so was its pet, unless the same transaction removed that as well.
CREATE FUNCTION touch_pets_of_old_rows() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM touch_pets(array(SELECT DISTINCT pet_id FROM old_rows));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION touch_pets_of_changed_rows() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM touch_pets_or_retire_all(array(SELECT pet_id FROM new_rows UNION SELECT pet_id FROM old_rows));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER health_concerns_added AFTER INSERT ON pet_health_concerns
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pets_of_new_rows();
--> statement-breakpoint
CREATE TRIGGER health_concerns_removed AFTER DELETE ON pet_health_concerns
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pets_of_old_rows();
--> statement-breakpoint
CREATE TRIGGER health_concerns_changed AFTER UPDATE ON pet_health_concerns
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION touch_pets_of_changed_rows();
--> statement-breakpoint
CREATE TRIGGER food_allergies_added AFTER INSERT ON pet_food_allergies
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pets_of_new_rows();
--> statement-breakpoint
CREATE TRIGGER food_allergies_removed AFTER DELETE ON pet_food_allergies
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pets_of_old_rows();
--> statement-breakpoint
CREATE TRIGGER food_allergies_changed AFTER UPDATE ON pet_food_allergies
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION touch_pets_of_changed_rows();
--> statement-breakpoint

-- The users' rows are locked before their pets are looked up. A pet being inserted right now holds a key share of that
-- row (its foreign key): without the lock it would be invisible here, be read under the old preferences, and stay
-- untouched. Above READ COMMITTED it stays invisible, whoever is waited for.
CREATE FUNCTION touch_pets_of_owners(owners uuid[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF cardinality(owners) = 0 THEN
    RETURN;
  END IF;
  PERFORM retire_all_above_read_committed();
  PERFORM FROM users WHERE id = ANY (owners) ORDER BY id FOR UPDATE;
  PERFORM touch_pets(array(SELECT id FROM pets WHERE user_id = ANY (owners)));
END $$;
--> statement-breakpoint
CREATE FUNCTION preferences_added() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM touch_pets_of_owners(array(SELECT user_id FROM new_rows));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER preferences_added AFTER INSERT ON recommendation_preferences
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION preferences_added();
--> statement-breakpoint
-- Preferences that are given to another user change for both.
CREATE FUNCTION preferences_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM touch_pets_of_owners(array(SELECT user_id FROM new_rows UNION SELECT user_id FROM old_rows));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER preferences_changed AFTER UPDATE ON recommendation_preferences
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION preferences_changed();
--> statement-breakpoint
CREATE FUNCTION preferences_removed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM touch_pets_of_owners(array(SELECT user_id FROM old_rows));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER preferences_removed AFTER DELETE ON recommendation_preferences
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION preferences_removed();
--> statement-breakpoint


-- Products, and the stores of runs that were made from them.
--
-- A changed or removed product ends every answer that holds it; a new or changed one can end an empty answer. A run
-- that is being stored meanwhile must be seen by the look-up here, or must see the change itself. Both sides take
-- advisory locks: a store shared ones, a writer exclusive ones. These queue fairly: a writer waits for the stores that
-- came before it and for none that come after, which share locks of rows do not give (decision 029).
--
-- The locks are pg_advisory_xact_lock(STORES, key), with STORES = 72033461 and as key
--   0 to 255   one for all products whose uuid_hash(id) & 255 it is;
--   256        empty runs, which are made from all products.
--
-- * A store (hold_for_store, then src/db/store-run.ts) takes the locks of the products that it holds, in ascending
--   order, or that of empty runs. With them in hand it reads in further statements, each with a snapshot of its own,
--   whether all is as it was; then it writes the run and commits. The locks go with the transaction, after it has
--   become visible.
-- * A writer has changed its rows, takes the locks of these, and only then looks up runs, in a further statement again.
--   It holds them until it has committed.
-- So whoever has the lock first is seen by the other: a run that was stored first is found by the look-up, and a store
-- that comes after the writer reads the new revision and stores nothing. At a higher level the writer's look-up does
-- not see what was stored since its snapshot, but the epoch does its part.
--
-- No two wait for each other for long:
-- * Writers of products take turns at catalogue_state before they take a first lock of these, so among them there is
--   nothing to wait for but what they had before.
-- * A store that has its locks waits for no row that a writer may hold: it reads plainly, skips the pet where that is
--   being changed, and writes rows of its own.
-- * A store that has some of its locks and waits for one that a transaction of several statements holds, which in turn
--   wants one that the store has, gives way after 500 ms, before Postgres looks for deadlocks (1 s). It then is
--   superseded.
-- The epoch needs no lock: a run that is stored after it was raised carries the old one, and nobody takes it for valid.
CREATE FUNCTION hold_for_store(product_ids uuid[]) RETURNS void LANGUAGE plpgsql
SET lock_timeout = '500ms' SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF cardinality(product_ids) = 0 THEN
    PERFORM pg_advisory_xact_lock_shared(72033461, 256);
  END IF;
  PERFORM pg_advisory_xact_lock_shared(72033461, key)
  FROM (SELECT DISTINCT uuid_hash(id) & 255 AS key FROM unnest(product_ids) id ORDER BY key) keys;
END $$;
--> statement-breakpoint
-- For a writer that has changed these products. It comes behind move_catalogue.
CREATE FUNCTION wait_for_stores(product_ids uuid[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(72033461, key)
  FROM (SELECT DISTINCT uuid_hash(id) & 255 AS key FROM unnest(product_ids) id ORDER BY key) keys;
  PERFORM pg_advisory_xact_lock(72033461, 256);
END $$;
--> statement-breakpoint

CREATE FUNCTION products_draw_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN
    NEW.revision := pg_catalog.nextval('public.product_revision_seq');
    NEW.updated_at := pg_catalog.now();
    IF NEW.revision <= OLD.revision THEN
      PERFORM public.refuse_number('public.product_revision_seq', NEW.revision, OLD.revision);
    END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER products_draw_revision BEFORE INSERT OR UPDATE ON products
  FOR EACH ROW EXECUTE FUNCTION products_draw_revision();
--> statement-breakpoint

CREATE FUNCTION move_catalogue() RETURNS void LANGUAGE sql VOLATILE BEGIN ATOMIC
  UPDATE catalogue_state SET version = version + 1;
END;
--> statement-breakpoint
CREATE FUNCTION catalogue_moved() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM move_catalogue();
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER offers_moved AFTER INSERT OR UPDATE OR DELETE ON offers
  FOR EACH STATEMENT EXECUTE FUNCTION catalogue_moved();
--> statement-breakpoint
CREATE TRIGGER price_summaries_moved AFTER INSERT OR UPDATE OR DELETE ON price_summaries
  FOR EACH STATEMENT EXECUTE FUNCTION catalogue_moved();
--> statement-breakpoint

-- Exactly the pets whose answer holds a product: the runs of a pet's earlier versions are history and retire nothing.
-- All pets of one change are touched at once, in the order of their ids: in two passes two changes could wait for each
-- other. VOLATILE: each call sees what was committed before it, and not before the statement that set off the trigger.
CREATE FUNCTION pets_holding(product_ids uuid[]) RETURNS SETOF uuid LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT runs.pet_id FROM recommendation_items items
  JOIN recommendation_runs runs ON runs.id = items.run_id
  JOIN pets ON pets.id = runs.pet_id AND pets.recommendation_version = runs.version
  WHERE items.product_id = ANY (product_ids) AND runs.superseded_at IS NULL
$$;
--> statement-breakpoint
CREATE FUNCTION pets_with_empty_runs() RETURNS SETOF uuid LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT runs.pet_id FROM recommendation_runs runs
  JOIN pets ON pets.id = runs.pet_id AND pets.recommendation_version = runs.version
  WHERE runs.empty_reason IS NOT NULL AND runs.superseded_at IS NULL
$$;
--> statement-breakpoint

CREATE FUNCTION products_added() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM new_rows) THEN
    PERFORM move_catalogue();
    PERFORM wait_for_stores('{}');
    PERFORM retire_all_above_read_committed();
    PERFORM touch_pets(array(SELECT DISTINCT pets_with_empty_runs()));
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER products_added AFTER INSERT ON products
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION products_added();
--> statement-breakpoint
-- A changed or removed product is also told to the outbox by its revision: cached match scores stand under it, and
-- their pets need not hold the product in any run. Under an id that it had before it is told as removed.
CREATE FUNCTION products_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  changed uuid[] := array(
    SELECT id FROM (SELECT id, revision FROM new_rows EXCEPT SELECT id, revision FROM old_rows) moved);
  renamed uuid[] := array(SELECT id FROM old_rows EXCEPT SELECT id FROM new_rows);
BEGIN
  IF cardinality(changed) > 0 THEN
    PERFORM move_catalogue();
    PERFORM wait_for_stores(changed || renamed);
    PERFORM retire_all_above_read_committed();
    INSERT INTO cache_invalidations (product_id, version) SELECT id, revision FROM new_rows WHERE id = ANY (changed);
    INSERT INTO cache_invalidations (product_id, version)
    SELECT id, draw_above('product_revision_seq', revision) FROM old_rows WHERE id = ANY (renamed);
    PERFORM touch_pets(array(SELECT pets_holding(changed || renamed) UNION SELECT pets_with_empty_runs()));
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER products_changed AFTER UPDATE ON products
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION products_changed();
--> statement-breakpoint
CREATE FUNCTION products_removed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE removed uuid[] := array(SELECT id FROM old_rows);
BEGIN
  IF cardinality(removed) > 0 THEN
    PERFORM move_catalogue();
    PERFORM wait_for_stores(removed);
    PERFORM retire_all_above_read_committed();
    INSERT INTO cache_invalidations (product_id, version)
    SELECT id, draw_above('product_revision_seq', revision) FROM old_rows;
    PERFORM touch_pets(array(SELECT pets_holding(removed)));
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER products_removed AFTER DELETE ON products
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION products_removed();
--> statement-breakpoint


-- What fires no ordinary trigger retires everything at once.

CREATE FUNCTION pets_retired() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM retire_all();
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Without a revision of its own, a product that changed is known by the catalogue's version alone. Once a transaction.
CREATE FUNCTION products_retired() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE catalogue_state SET version = version + 1 WHERE xmin <> pg_current_xact_id()::xid;
  PERFORM retire_all();
  RETURN NULL;
END $$;
--> statement-breakpoint
-- TRUNCATE, which fires no triggers of rows, in replica mode as well as out of it.
CREATE TRIGGER pets_truncated AFTER TRUNCATE ON pets
  FOR EACH STATEMENT EXECUTE FUNCTION pets_retired();
--> statement-breakpoint
CREATE TRIGGER health_concerns_truncated AFTER TRUNCATE ON pet_health_concerns
  FOR EACH STATEMENT EXECUTE FUNCTION pets_retired();
--> statement-breakpoint
CREATE TRIGGER food_allergies_truncated AFTER TRUNCATE ON pet_food_allergies
  FOR EACH STATEMENT EXECUTE FUNCTION pets_retired();
--> statement-breakpoint
CREATE TRIGGER preferences_truncated AFTER TRUNCATE ON recommendation_preferences
  FOR EACH STATEMENT EXECUTE FUNCTION pets_retired();
--> statement-breakpoint
CREATE TRIGGER products_truncated AFTER TRUNCATE ON products
  FOR EACH STATEMENT EXECUTE FUNCTION products_retired();
--> statement-breakpoint
CREATE TRIGGER offers_truncated AFTER TRUNCATE ON offers
  FOR EACH STATEMENT EXECUTE FUNCTION products_retired();
--> statement-breakpoint
CREATE TRIGGER price_summaries_truncated AFTER TRUNCATE ON price_summaries
  FOR EACH STATEMENT EXECUTE FUNCTION products_retired();
--> statement-breakpoint
ALTER TABLE pets ENABLE ALWAYS TRIGGER pets_truncated;
--> statement-breakpoint
ALTER TABLE pet_health_concerns ENABLE ALWAYS TRIGGER health_concerns_truncated;
--> statement-breakpoint
ALTER TABLE pet_food_allergies ENABLE ALWAYS TRIGGER food_allergies_truncated;
--> statement-breakpoint
ALTER TABLE recommendation_preferences ENABLE ALWAYS TRIGGER preferences_truncated;
--> statement-breakpoint
ALTER TABLE products ENABLE ALWAYS TRIGGER products_truncated;
--> statement-breakpoint
ALTER TABLE offers ENABLE ALWAYS TRIGGER offers_truncated;
--> statement-breakpoint
ALTER TABLE price_summaries ENABLE ALWAYS TRIGGER price_summaries_truncated;
--> statement-breakpoint
-- Replica mode, in which a subscription of logical replication fires triggers of rows only.
CREATE TRIGGER pets_replicated AFTER INSERT OR UPDATE OR DELETE ON pets
  FOR EACH ROW EXECUTE FUNCTION pets_retired();
--> statement-breakpoint
CREATE TRIGGER health_concerns_replicated AFTER INSERT OR UPDATE OR DELETE ON pet_health_concerns
  FOR EACH ROW EXECUTE FUNCTION pets_retired();
--> statement-breakpoint
CREATE TRIGGER food_allergies_replicated AFTER INSERT OR UPDATE OR DELETE ON pet_food_allergies
  FOR EACH ROW EXECUTE FUNCTION pets_retired();
--> statement-breakpoint
CREATE TRIGGER preferences_replicated AFTER INSERT OR UPDATE OR DELETE ON recommendation_preferences
  FOR EACH ROW EXECUTE FUNCTION pets_retired();
--> statement-breakpoint
CREATE TRIGGER products_replicated AFTER INSERT OR UPDATE OR DELETE ON products
  FOR EACH ROW EXECUTE FUNCTION products_retired();
--> statement-breakpoint
CREATE TRIGGER offers_replicated AFTER INSERT OR UPDATE OR DELETE ON offers
  FOR EACH ROW EXECUTE FUNCTION products_retired();
--> statement-breakpoint
CREATE TRIGGER price_summaries_replicated AFTER INSERT OR UPDATE OR DELETE ON price_summaries
  FOR EACH ROW EXECUTE FUNCTION products_retired();
--> statement-breakpoint
ALTER TABLE pets ENABLE REPLICA TRIGGER pets_replicated;
--> statement-breakpoint
ALTER TABLE pet_health_concerns ENABLE REPLICA TRIGGER health_concerns_replicated;
--> statement-breakpoint
ALTER TABLE pet_food_allergies ENABLE REPLICA TRIGGER food_allergies_replicated;
--> statement-breakpoint
ALTER TABLE recommendation_preferences ENABLE REPLICA TRIGGER preferences_replicated;
--> statement-breakpoint
ALTER TABLE products ENABLE REPLICA TRIGGER products_replicated;
--> statement-breakpoint
ALTER TABLE offers ENABLE REPLICA TRIGGER offers_replicated;
--> statement-breakpoint
ALTER TABLE price_summaries ENABLE REPLICA TRIGGER price_summaries_replicated;
--> statement-breakpoint


-- The triggers as they must be: pg_restore --disable-triggers and ALTER TABLE ... DISABLE TRIGGER switch them off, and
-- what is written then is seen by nobody; ENABLE TRIGGER ALL switches them on, but not in the mode they had. A gateway
-- starts only where all are as it says here (src/db/check-database.ts). `mode` as in pg_trigger.tgenabled: O in all but
-- replica mode, R in replica mode, A in both.
CREATE FUNCTION gateway_triggers() RETURNS TABLE (on_table text, name text, mode text)
LANGUAGE sql IMMUTABLE BEGIN ATOMIC
  SELECT * FROM (VALUES
    ('cache_epoch', 'epoch_record_invalidation', 'A'),
    ('pets', 'pets_draw_version', 'O'),
    ('pets', 'pets_record_added', 'O'),
    ('pets', 'pets_record_changes', 'O'),
    ('pets', 'pets_record_removed', 'O'),
    ('pets', 'pets_record_renamed', 'O'),
    ('pet_health_concerns', 'health_concerns_added', 'O'),
    ('pet_health_concerns', 'health_concerns_removed', 'O'),
    ('pet_health_concerns', 'health_concerns_changed', 'O'),
    ('pet_food_allergies', 'food_allergies_added', 'O'),
    ('pet_food_allergies', 'food_allergies_removed', 'O'),
    ('pet_food_allergies', 'food_allergies_changed', 'O'),
    ('recommendation_preferences', 'preferences_added', 'O'),
    ('recommendation_preferences', 'preferences_changed', 'O'),
    ('recommendation_preferences', 'preferences_removed', 'O'),
    ('products', 'products_draw_revision', 'O'),
    ('offers', 'offers_moved', 'O'),
    ('price_summaries', 'price_summaries_moved', 'O'),
    ('products', 'products_added', 'O'),
    ('products', 'products_changed', 'O'),
    ('products', 'products_removed', 'O'),
    ('pets', 'pets_truncated', 'A'),
    ('pet_health_concerns', 'health_concerns_truncated', 'A'),
    ('pet_food_allergies', 'food_allergies_truncated', 'A'),
    ('recommendation_preferences', 'preferences_truncated', 'A'),
    ('products', 'products_truncated', 'A'),
    ('offers', 'offers_truncated', 'A'),
    ('price_summaries', 'price_summaries_truncated', 'A'),
    ('pets', 'pets_replicated', 'R'),
    ('pet_health_concerns', 'health_concerns_replicated', 'R'),
    ('pet_food_allergies', 'food_allergies_replicated', 'R'),
    ('recommendation_preferences', 'preferences_replicated', 'R'),
    ('products', 'products_replicated', 'R'),
    ('offers', 'offers_replicated', 'R'),
    ('price_summaries', 'price_summaries_replicated', 'R'),
    ('users', 'users_notify_deleted', 'A'),
    ('users', 'users_notify_changed', 'A'),
    ('users', 'users_notify_truncated', 'A'),
    ('users', 'users_record_deletion', 'O'),
    ('users', 'users_record_id_given_up', 'O'),
    ('users', 'users_record_truncation', 'O'),
    ('pets', 'pets_notify_gone', 'A'),
    ('pets', 'pets_notify_truncated', 'A'),
    ('cache_invalidations', 'invalidations_stamp', 'A'),
    ('cache_invalidations', 'invalidations_notify_changed', 'A'),
    ('cache_invalidations', 'invalidations_notify_delivered', 'O')
  ) AS triggers;
END;
--> statement-breakpoint
-- Switches all of them on as they must be, and retires everything, since nobody knows what was written meanwhile.
CREATE FUNCTION enable_gateway_triggers() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE one record;
BEGIN
  FOR one IN SELECT * FROM gateway_triggers() LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE %s TRIGGER %I', one.on_table,
      CASE one.mode WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, one.name);
  END LOOP;
  PERFORM move_catalogue();
  PERFORM retire_all();
END $$;
--> statement-breakpoint


-- Reading the outbox.

-- A page of what was delivered after `since`, the newest first, behind the place where the page before ended. With
-- `seen` only what was written by transactions that were not over when that was the oldest one running
-- (pg_snapshot_xmin).
--
-- Right after very many were delivered the planner believes that it were few: a bitmap and a sort would then read all
-- of them for each page. The index has them in order.
CREATE FUNCTION invalidations_delivered(since timestamptz, before_at timestamptz, before_id bigint, seen xid8,
  most integer)
RETURNS SETOF cache_invalidations LANGUAGE sql STABLE
SET enable_bitmapscan = off SET enable_sort = off
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT * FROM cache_invalidations
  WHERE delivered_at > since AND (delivered_at, id) < (before_at, before_id)
    AND (seen IS NULL OR age(xmin) <= age(seen::xid))
  ORDER BY delivered_at DESC, id DESC LIMIT most
$$;
