DROP INDEX "invalidations_delivered_at";--> statement-breakpoint
CREATE INDEX "invalidations_delivered_at" ON "cache_invalidations" USING btree ("delivered_at","id") WHERE "cache_invalidations"."delivered_at" is not null;--> statement-breakpoint
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
