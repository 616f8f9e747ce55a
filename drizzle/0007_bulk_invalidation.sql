-- One product may be held by a hundred thousand pets. What 0001_triggers.sql promises stays: a version is drawn row by row,
-- after the lock; the outbox rows of a statement are now written by one statement behind it, and it notifies once.
CREATE FUNCTION pets_record_changes() RETURNS trigger LANGUAGE plpgsql
-- The plan is kept from the first call, which has one row: a nested loop would compare a hundred thousand with each other.
SET enable_nestloop = off AS $$
BEGIN
  INSERT INTO cache_invalidations (pet_id, version, owner_id)
  SELECT id, recommendation_version, user_id FROM new_rows
  WHERE NOT EXISTS (SELECT FROM old_rows WHERE old_rows.id = new_rows.id AND old_rows.recommendation_version = new_rows.recommendation_version);
  IF FOUND THEN
    PERFORM pg_notify('cache_invalidations', '');
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
DROP TRIGGER pets_record_invalidation ON pets;
--> statement-breakpoint
CREATE TRIGGER pets_record_invalidation AFTER INSERT OR DELETE ON pets
  FOR EACH ROW EXECUTE FUNCTION pets_record_invalidation();
--> statement-breakpoint
CREATE TRIGGER pets_record_changes AFTER UPDATE ON pets
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION pets_record_changes();
--> statement-breakpoint
CREATE OR REPLACE FUNCTION pets_record_invalidation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO cache_invalidations (pet_id, version) VALUES (OLD.id, nextval('recommendation_version_seq'));
  ELSE
    INSERT INTO cache_invalidations (pet_id, version, owner_id) VALUES (NEW.id, NEW.recommendation_version, NEW.user_id);
  END IF;
  PERFORM pg_notify('cache_invalidations', '');
  RETURN NULL;
END $$;
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
CREATE OR REPLACE FUNCTION products_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalogue_state SET version = version + 1;
  PERFORM touch_pets(array(SELECT DISTINCT pets_with_empty_runs()));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION products_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed uuid[] := array(
  SELECT new_rows.id FROM new_rows JOIN old_rows USING (id) WHERE new_rows.revision <> old_rows.revision);
BEGIN
  IF cardinality(changed) > 0 THEN
    UPDATE catalogue_state SET version = version + 1;
    INSERT INTO cache_invalidations (product_id, version) SELECT id, revision FROM new_rows WHERE id = ANY (changed);
    PERFORM pg_notify('cache_invalidations', '');
    PERFORM touch_pets(array(SELECT pets_holding(changed) UNION SELECT pets_with_empty_runs()));
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION products_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalogue_state SET version = version + 1;
  INSERT INTO cache_invalidations (product_id, version) SELECT id, nextval('product_revision_seq') FROM old_rows;
  PERFORM pg_notify('cache_invalidations', '');
  PERFORM touch_pets(array(SELECT pets_holding(array(SELECT id FROM old_rows))));
  RETURN NULL;
END $$;
--> statement-breakpoint
DROP FUNCTION touch_pets_holding(uuid[]);
--> statement-breakpoint
DROP FUNCTION touch_pets_with_empty_runs();
