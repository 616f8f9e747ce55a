-- Which history of which database this is: versions, revisions and epochs tell before from after only within one.
-- A gateway that finds database_home() changed, or the database behind where it has been, draws a new lineage.

-- The server, the database on it, the timeline it writes, and the table as it was made: after a promotion or a restore,
-- in a copy, or after a dump was put back, at least one of them is another.
CREATE FUNCTION database_home() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT concat_ws('/',
    (SELECT system_identifier FROM pg_control_system()),
    (SELECT oid FROM pg_database WHERE datname = current_database()),
    CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END,
    'public.cache_epoch'::regclass::oid)
$$;
