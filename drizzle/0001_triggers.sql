-- Versions, outbox and notification: what DESIGN calls "versions come from Postgres".
--
-- Whoever writes (a gateway, an importer, a person in psql) sets these off, so nobody can forget to. What must hold:
--   * A version is drawn after the row is locked and inside the transaction of the change. So for one pet the order of
--     versions is the order of commits, and the version a reader sees belongs to the data it sees.
--   * The sequence is global and never goes back: a pet deleted and made again under its old id is newer than its past.
--   * The outbox row commits with the change or not at all. The notification is only a wake-up (0003_relay_wake_ups.sql).
-- Locks are taken in one order everywhere: products, catalogue_state, cache_epoch, users, pets.

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
-- A change of a popular product draws a version for each pet that holds it. Where its page has room for the new row, and
-- none of the indexed columns changed, no index is written: half of the time such a change takes. So each page of pets has
-- room for a new version of all its rows.
ALTER TABLE pets SET (fillfactor = 50);
--> statement-breakpoint


-- Pets.

-- BEFORE ROW triggers run with the row already locked, so nextval here comes after any writer that went first.
CREATE FUNCTION pets_draw_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN
    NEW.recommendation_version := nextval('recommendation_version_seq');
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER pets_draw_version BEFORE INSERT OR UPDATE ON pets
  FOR EACH ROW EXECUTE FUNCTION pets_draw_version();
--> statement-breakpoint

CREATE FUNCTION pets_record_invalidation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO cache_invalidations (pet_id, version) VALUES (OLD.id, nextval('recommendation_version_seq'));
  ELSE
    INSERT INTO cache_invalidations (pet_id, version, owner_id) VALUES (NEW.id, NEW.recommendation_version, NEW.user_id);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER pets_record_invalidation AFTER INSERT OR DELETE ON pets
  FOR EACH ROW EXECUTE FUNCTION pets_record_invalidation();
--> statement-breakpoint

-- One product may be held by a hundred thousand pets: the outbox rows of a statement are written by one statement behind it.
CREATE FUNCTION pets_record_changes() RETURNS trigger LANGUAGE plpgsql
-- The plan is kept from the first call, which has one row: a nested loop would compare a hundred thousand with each other.
SET enable_nestloop = off AS $$
BEGIN
  INSERT INTO cache_invalidations (pet_id, version, owner_id)
  SELECT id, recommendation_version, user_id FROM new_rows
  WHERE NOT EXISTS (
    SELECT FROM old_rows
    WHERE old_rows.id = new_rows.id AND old_rows.recommendation_version = new_rows.recommendation_version);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER pets_record_changes AFTER UPDATE ON pets
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION pets_record_changes();
--> statement-breakpoint

-- Any value will do: the trigger above draws the real one. Locked in the order of ids, so two touches cannot deadlock.
CREATE FUNCTION touch_pets(ids uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE touched bigint;
BEGIN
  WITH locked AS (SELECT id FROM pets WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE)
  UPDATE pets SET recommendation_version = 0 FROM locked WHERE pets.id = locked.id;
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;
--> statement-breakpoint


-- Concerns, allergies and preferences: each touches its pets.

CREATE FUNCTION touch_pets_of_new_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM touch_pets(array(SELECT DISTINCT pet_id FROM new_rows));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION touch_pets_of_old_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM touch_pets(array(SELECT DISTINCT pet_id FROM old_rows));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION touch_pets_of_changed_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM touch_pets(array(SELECT pet_id FROM new_rows UNION SELECT pet_id FROM old_rows));
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
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pets_of_changed_rows();
--> statement-breakpoint
CREATE TRIGGER food_allergies_added AFTER INSERT ON pet_food_allergies
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pets_of_new_rows();
--> statement-breakpoint
CREATE TRIGGER food_allergies_removed AFTER DELETE ON pet_food_allergies
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pets_of_old_rows();
--> statement-breakpoint
CREATE TRIGGER food_allergies_changed AFTER UPDATE ON pet_food_allergies
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_pets_of_changed_rows();
--> statement-breakpoint

-- The user's row is locked before their pets are looked up. A pet being inserted right now holds a key share of that row
-- (its foreign key): without the lock it would be invisible here, be read under the old preferences, and stay untouched.
CREATE FUNCTION preferences_touch_pets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE owner uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
BEGIN
  PERFORM 1 FROM users WHERE id = owner FOR UPDATE;
  PERFORM touch_pets(array(SELECT id FROM pets WHERE user_id = owner));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER preferences_changed AFTER INSERT OR UPDATE OR DELETE ON recommendation_preferences
  FOR EACH ROW EXECUTE FUNCTION preferences_touch_pets();
--> statement-breakpoint



-- Products.

CREATE FUNCTION products_draw_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN
    NEW.revision := nextval('product_revision_seq');
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER products_draw_revision BEFORE INSERT OR UPDATE ON products
  FOR EACH ROW EXECUTE FUNCTION products_draw_revision();
--> statement-breakpoint

CREATE FUNCTION catalogue_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalogue_state SET version = version + 1;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER offers_moved AFTER INSERT OR UPDATE OR DELETE ON offers
  FOR EACH STATEMENT EXECUTE FUNCTION catalogue_moved();
--> statement-breakpoint
CREATE TRIGGER price_summaries_moved AFTER INSERT OR UPDATE OR DELETE ON price_summaries
  FOR EACH STATEMENT EXECUTE FUNCTION catalogue_moved();
--> statement-breakpoint

-- Exactly the pets whose answer holds a product: the runs of a pet's earlier versions are history and retire nothing. All
-- pets of one change are touched at once, in the order of their ids: in two passes two changes could wait for each other.
CREATE FUNCTION pets_holding(product_ids uuid[]) RETURNS SETOF uuid LANGUAGE sql VOLATILE AS $$
  SELECT runs.pet_id FROM recommendation_items items
  JOIN recommendation_runs runs ON runs.id = items.run_id
  JOIN pets ON pets.id = runs.pet_id AND pets.recommendation_version = runs.version
  WHERE items.product_id = ANY (product_ids) AND runs.superseded_at IS NULL
$$;
--> statement-breakpoint
CREATE FUNCTION pets_with_empty_runs() RETURNS SETOF uuid LANGUAGE sql VOLATILE AS $$
  SELECT runs.pet_id FROM recommendation_runs runs
  JOIN pets ON pets.id = runs.pet_id AND pets.recommendation_version = runs.version
  WHERE runs.empty_reason IS NOT NULL AND runs.superseded_at IS NULL
$$;
--> statement-breakpoint

-- A new or changed product can end an empty answer; a changed or removed one ends every answer that holds it.
-- Storing a run takes a share lock on its products (or, when it is empty, on catalogue_state) before it is inserted.
-- So either it is committed and seen by the look-up here, or it waits for us and then finds the revision moved.
--
-- A changed or removed product is also told to the outbox by its revision: cached match scores stand under it, and their
-- pets need not hold the product in any run.
CREATE FUNCTION products_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalogue_state SET version = version + 1;
  PERFORM touch_pets(array(SELECT DISTINCT pets_with_empty_runs()));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER products_added AFTER INSERT ON products
  FOR EACH STATEMENT EXECUTE FUNCTION products_added();
--> statement-breakpoint
CREATE FUNCTION products_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed uuid[] := array(
  SELECT new_rows.id FROM new_rows JOIN old_rows USING (id) WHERE new_rows.revision <> old_rows.revision);
BEGIN
  IF cardinality(changed) > 0 THEN
    UPDATE catalogue_state SET version = version + 1;
    INSERT INTO cache_invalidations (product_id, version) SELECT id, revision FROM new_rows WHERE id = ANY (changed);
    PERFORM touch_pets(array(SELECT pets_holding(changed) UNION SELECT pets_with_empty_runs()));
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER products_changed AFTER UPDATE ON products
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION products_changed();
--> statement-breakpoint
CREATE FUNCTION products_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalogue_state SET version = version + 1;
  INSERT INTO cache_invalidations (product_id, version) SELECT id, nextval('product_revision_seq') FROM old_rows;
  PERFORM touch_pets(array(SELECT pets_holding(array(SELECT id FROM old_rows))));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER products_removed AFTER DELETE ON products
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION products_removed();
--> statement-breakpoint


-- The epoch.

CREATE FUNCTION epoch_record_invalidation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO cache_invalidations (epoch) VALUES (NEW.epoch);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER epoch_record_invalidation AFTER UPDATE ON cache_epoch
  FOR EACH ROW EXECUTE FUNCTION epoch_record_invalidation();
--> statement-breakpoint

-- TRUNCATE fires no row triggers: it retires everything at once.
CREATE FUNCTION truncation_raises_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE cache_epoch SET epoch = epoch + 1;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER pets_truncated AFTER TRUNCATE ON pets
  FOR EACH STATEMENT EXECUTE FUNCTION truncation_raises_epoch();
--> statement-breakpoint
CREATE TRIGGER health_concerns_truncated AFTER TRUNCATE ON pet_health_concerns
  FOR EACH STATEMENT EXECUTE FUNCTION truncation_raises_epoch();
--> statement-breakpoint
CREATE TRIGGER food_allergies_truncated AFTER TRUNCATE ON pet_food_allergies
  FOR EACH STATEMENT EXECUTE FUNCTION truncation_raises_epoch();
--> statement-breakpoint
CREATE TRIGGER preferences_truncated AFTER TRUNCATE ON recommendation_preferences
  FOR EACH STATEMENT EXECUTE FUNCTION truncation_raises_epoch();
--> statement-breakpoint
CREATE TRIGGER products_truncated AFTER TRUNCATE ON products
  FOR EACH STATEMENT EXECUTE FUNCTION truncation_raises_epoch();
--> statement-breakpoint


-- Reading the outbox.

-- A page of what was delivered after `since`, the newest first, behind the place where the page before ended. With `seen`
-- only what was written by transactions that were not over when that was the oldest one running (pg_snapshot_xmin).
--
-- Right after very many were delivered the planner believes that it were few: a bitmap and a sort would then read all of
-- them for each page. The index has them in order.
CREATE FUNCTION invalidations_delivered(since timestamptz, before_at timestamptz, before_id bigint, seen xid8, most integer)
RETURNS SETOF cache_invalidations LANGUAGE sql STABLE
SET enable_bitmapscan = off SET enable_sort = off AS $$
  SELECT * FROM cache_invalidations
  WHERE delivered_at > since AND (delivered_at, id) < (before_at, before_id) AND (seen IS NULL OR age(xmin) <= age(seen::xid))
  ORDER BY delivered_at DESC, id DESC LIMIT most
$$;
