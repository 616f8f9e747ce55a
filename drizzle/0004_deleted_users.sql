-- Which processes know which user by which device is not known here, so all of them are notified: a user is gone, has another id
-- or has another device. The payload is the id of the user as it was; an empty one stands for all users. A notification is a wake-up
-- and may be lost: what a process does then is told in src/http/known-devices.ts.
CREATE FUNCTION users_notify() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    PERFORM pg_notify('users_changed', '');
  ELSE
    PERFORM pg_notify('users_changed', OLD.id::text);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER users_notify_deleted AFTER DELETE ON users
  FOR EACH ROW EXECUTE FUNCTION users_notify();
--> statement-breakpoint
CREATE TRIGGER users_notify_changed AFTER UPDATE ON users
  FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.device_uid IS DISTINCT FROM OLD.device_uid) EXECUTE FUNCTION users_notify();
--> statement-breakpoint
CREATE TRIGGER users_notify_truncated AFTER TRUNCATE ON users
  FOR EACH STATEMENT EXECUTE FUNCTION users_notify();
--> statement-breakpoint
-- Replication and whoever sets session_replication_role to replica must be heard as well.
ALTER TABLE users ENABLE ALWAYS TRIGGER users_notify_deleted;
--> statement-breakpoint
ALTER TABLE users ENABLE ALWAYS TRIGGER users_notify_changed;
--> statement-breakpoint
ALTER TABLE users ENABLE ALWAYS TRIGGER users_notify_truncated;
--> statement-breakpoint

-- An id that was given up counts as deleted too. These stay off for replication: deleted_users is replicated itself, and a
-- row that the trigger had put there before would stop that.
CREATE FUNCTION users_record_deletion() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO deleted_users (id) SELECT id FROM users ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO deleted_users (id) VALUES (OLD.id) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER users_record_deletion AFTER DELETE ON users
  FOR EACH ROW EXECUTE FUNCTION users_record_deletion();
--> statement-breakpoint
CREATE TRIGGER users_record_id_given_up AFTER UPDATE ON users
  FOR EACH ROW WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION users_record_deletion();
--> statement-breakpoint
CREATE TRIGGER users_record_truncation BEFORE TRUNCATE ON users
  FOR EACH STATEMENT EXECUTE FUNCTION users_record_deletion();
--> statement-breakpoint

-- What processes remember of a deleted pet they are to forget: see src/recommend/gone-pets.ts. The outbox cannot say it: one process
-- delivers an entry, and all must hear.
CREATE FUNCTION pets_notify_gone() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    PERFORM pg_notify('pets_gone', '');
  ELSE
    PERFORM pg_notify('pets_gone', OLD.id::text);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER pets_notify_gone AFTER DELETE ON pets
  FOR EACH ROW EXECUTE FUNCTION pets_notify_gone();
--> statement-breakpoint
CREATE TRIGGER pets_notify_truncated AFTER TRUNCATE ON pets
  FOR EACH STATEMENT EXECUTE FUNCTION pets_notify_gone();
--> statement-breakpoint
ALTER TABLE pets ENABLE ALWAYS TRIGGER pets_notify_gone;
--> statement-breakpoint
ALTER TABLE pets ENABLE ALWAYS TRIGGER pets_notify_truncated;
