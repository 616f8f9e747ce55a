import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { decodeItems, encodeItems } from '../../src/domain/run-codec.ts'
import type { Bench } from './stage.ts'

/** `at`: the number that a stored pet carries in its name; its id is made of it. */
export const storedPetId = (at: number): string => `${at.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`

const CHUNK = 20_000

/**
 * Puts `pets` pets of the demo user into the database. The first `withRun` have a current run with ten items of true size
 * (copies of runs that the gateway has made for `templates`) and `historyEach` superseded runs with one item. Triggers
 * stay silent: nobody has cached anything of these pets.
 */
export async function storeRuns({ database: { sql } }: Bench, { templates, pets, withRun, historyEach, onProgress }: {
  templates: readonly string[]
  pets: number
  withRun: number
  historyEach: number
  onProgress: (done: number) => void
}): Promise<void> {
  await sql`create unlogged table bench_templates as
    select row_number() over (order by p.id) - 1 as n, r.id as run_id, p.species, p.weight_kg, p.approx_age_months, r.items, null::text as first_item, null::text as whole_items
    from pets p join recommendation_runs r on r.pet_id = p.id and r.superseded_at is null and r.version = p.recommendation_version
    where p.id = any(${[...templates]}::uuid[])`
  for (const { n, items } of await sql<{ n: number; items: string }[]>`select n, items from bench_templates`) {
    const decoded = decodeItems(items)
    if (decoded === undefined) throw new Error('a template cannot be read')
    await sql`update bench_templates set first_item = ${encodeItems(decoded.slice(0, 1))}, whole_items = ${JSON.stringify(decoded)} where n = ${n}`
  }
  // In replica mode each chunk would retire the runs of those before it.
  await sql`alter table pets disable trigger pets_replicated`
  for (let from = 1; from <= pets; from += CHUNK) {
    const to = Math.min(from + CHUNK - 1, pets)
    await sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`
        insert into pets (id, user_id, name, species, weight_kg, approx_age_months, approx_age_recorded_on, recommendation_version)
        select (lpad(to_hex(i), 8, '0') || '-0000-4000-8000-000000000000')::uuid, ${DEMO_USER_ID}, 'stored ' || i, t.species, t.weight_kg, t.approx_age_months, current_date, i
        from generate_series(${from}::int, ${to}::int) i join bench_templates t on t.n = i % (select count(*) from bench_templates)`
      const last = Math.min(to, withRun)
      if (last < from) return
      await tx`
        insert into recommendation_runs (id, pet_id, version, epoch, strategy, strategy_version, format, created_at, superseded_at, items)
        select (lpad(to_hex(i), 8, '0') || '-0000-4000-9000-' || lpad(h::text, 12, '0'))::uuid, (lpad(to_hex(i), 8, '0') || '-0000-4000-8000-000000000000')::uuid,
          i, e.epoch, r.strategy, r.strategy_version, r.format, now() - h * interval '7 days', case when h > 0 then now() - (h - 1) * interval '7 days' end,
          case when h > 0 then t.first_item else r.items end
        from generate_series(${from}::int, ${last}::int) i join bench_templates t on t.n = i % (select count(*) from bench_templates)
          join recommendation_runs r on r.id = t.run_id, generate_series(0, ${historyEach}::int) h, cache_epoch e`
      await tx`
        insert into recommendation_items (run_id, rank, product_id)
        select (lpad(to_hex(i), 8, '0') || '-0000-4000-9000-' || lpad(h::text, 12, '0'))::uuid, d.rank, d.product_id
        from generate_series(${from}::int, ${last}::int) i join bench_templates t on t.n = i % (select count(*) from bench_templates)
          cross join generate_series(0, ${historyEach}::int) h
          join recommendation_items d on d.run_id = t.run_id and (h = 0 or d.rank = 1)`
    })
    onProgress(to)
  }
  await sql`alter table pets enable replica trigger pets_replicated`
  await sql`select setval('recommendation_version_seq', greatest((select last_value from recommendation_version_seq), ${pets}))`
  // As a database is some time after: nothing left for autovacuum and the checkpointer to do beside the requests.
  await sql`vacuum analyze`
  await sql`checkpoint`
}
