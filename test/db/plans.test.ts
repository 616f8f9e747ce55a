import { createHash } from 'node:crypto'
import { drizzle } from 'drizzle-orm/postgres-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createComputeInputReader } from '../../src/db/compute-input.ts'
import { createHistoryStore } from '../../src/db/history.ts'
import { createOutbox, pendingOf } from '../../src/db/outbox.ts'
import { createPetStore } from '../../src/db/pets.ts'
import { createProductPages, type ProductQuery } from '../../src/db/product-pages.ts'
import { createRunStore } from '../../src/db/runs.ts'
import { RUN_FORMAT } from '../../src/domain/run-codec.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { KRW_RATES } from '../support/gateway.ts'

const RUNS = 100_000
const PETS = 20_000
const OWNER = '11111111-2222-4333-8444-555555555555'
const md5of = (i: number) => createHash('md5').update(String(i)).digest('hex').slice(0, 10)

let database: TestDatabase
let connection: DbConnection
beforeAll(async () => {
  database = await createTestDatabase()
  connection = connect(database.url, { max: 1, statementTimeoutMs: 120_000 })
  const { sql } = connection
  await sql`insert into users (id) select gen_random_uuid() from generate_series(1, 5000)`
  await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select id, 'pet ' || i, 'DOG', 30, current_date, 10 from users, generate_series(1, ${PETS / 5000}) i`
  await sql`
    insert into recommendation_runs (pet_id, version, epoch, strategy, strategy_version, format, superseded_at, created_at)
    select pets.id, pets.recommendation_version - i, 1, 'RULE_V1', 1, 1, case when i > 0 then now() end, now() - i * interval '7 days'
    from pets, generate_series(0, ${RUNS / PETS - 1}) i`
  await sql`
    insert into recommendation_items (run_id, rank, product_id)
    select id, rank, md5((random() * 3000)::int::text)::uuid from recommendation_runs, generate_series(1, 2) rank`
  await sql`update cache_invalidations set delivered_at = now()`
  // As autovacuum leaves them: it never counts a table of one row.
  await sql`vacuum analyze users, pets, recommendation_runs, recommendation_items, cache_invalidations`
})
afterAll(async () => {
  await connection.close()
  await database.drop()
})

/** Each query the gateway runs against tables that grow, with values of the size it runs with. */
const QUERIES: Record<string, string> = {
  'standings of fifty pets': `
    select * from pets inner join cache_epoch on true left join recommendation_runs runs on runs.pet_id = pets.id
      and runs.version = pets.recommendation_version and runs.epoch = cache_epoch.epoch and runs.strategy = 'RULE_V1' and runs.strategy_version = 1
      and runs.format = 1 and runs.superseded_at is null and runs.created_at + interval '7 days' > now() and array_position(array[''], runs.conditions_hash) is not null
    where pets.id = any(array(select id from pets limit 50))`,
  'items of a run of an older release': `select document from recommendation_items where run_id = (select id from recommendation_runs limit 1) order by rank`,
  'making room for a new run': `
    select id from recommendation_runs where pet_id = (select id from pets limit 1) and conditions_hash = '' and version = 1 and epoch = 1
      and strategy = 'RULE_V1' and strategy_version = 1 and format = 1 and superseded_at is null`,
  'runs of a pet': `select id from recommendation_runs where pet_id = (select id from pets limit 1)`,
  'runs of old epochs': `select id from recommendation_runs where epoch < 1 limit 1000`,
  'empty runs': `
    select runs.pet_id from recommendation_runs runs join pets on pets.id = runs.pet_id and pets.recommendation_version = runs.version
    where runs.empty_reason is not null and runs.superseded_at is null`,
  'pets holding a product': `
    select runs.pet_id from recommendation_items items join recommendation_runs runs on runs.id = items.run_id
    join pets on pets.id = runs.pet_id and pets.recommendation_version = runs.version
    where items.product_id = any(array['00000000-0000-0000-0000-000000000000'::uuid]) and runs.superseded_at is null`,
  'invalidations of one change': `select * from cache_invalidations where id > 5 and id between 1 and 100000 order by id limit 1000`,
  'undelivered invalidations of one transaction': `select count(distinct pet_id) from cache_invalidations where delivered_at is null and txid = pg_current_xact_id()`,
  'undelivered invalidations of a pet': `
    select * from cache_invalidations where delivered_at is null and pet_id = (select id from pets limit 1) and version <= 5`,
  'purging delivered invalidations': `select id from cache_invalidations where delivered_at < now() - interval '1 day'`,
  'invalidations delivered lately': `select id, pet_id from cache_invalidations where delivered_at > now() - interval '10 s' order by id desc limit 1000`,
  'pets of a user': `select * from pets where user_id = (select id from users limit 1) order by created_at, id`,
}

test.each(Object.entries(QUERIES))(`at ${RUNS.toLocaleString('en')} runs an index answers: %s`, async (_name, query) => {
  const [row] = await connection.sql.unsafe(`explain (format text, costs off) ${query}`).then((lines) => [lines.map((line) => line['QUERY PLAN']).join('\n')])
  // The look-ups that only find a value for the query stand in InitPlans and may scan: they stop at their first row.
  const plan = String(row).split('\n').filter((line) => /Seq Scan on (recommendation_runs|recommendation_items|cache_invalidations|pets)/.test(line))
  const inits = (query.match(/\(select \w+ from (pets|recommendation_runs) limit|select id from pets limit/g) ?? []).length
  expect(plan.length, String(row)).toBeLessThanOrEqual(inits)
})

/** While each pet has one run, one index is as good as the other. */
const OF_ONE_PET = /Index Scan using (runs_one_current|runs_pet_newest) on recommendation_runs .*\n *Index Cond: \(\(?pet_id = pets\.id\)/

type Prepared = { name: string; parameters: number }

/** The plan for all values, once it was chosen. */
async function commonPlan(sql: DbConnection['sql'], { name, parameters }: Prepared): Promise<string> {
  const lines = await sql.unsafe(`explain execute "${name}" (${Array.from({ length: parameters }, () => 'null').join()})`)
  return lines.map((line) => String(line['QUERY PLAN'])).join('\n')
}

test('what is read on every request is planned once for a connection, and by its index', async () => {
  const { sql, db } = connection
  const petIds = (await sql`select id from pets limit 12`).map(({ id }) => String(id))
  const [runs, petsOf, inputsOf, outbox] = [createRunStore(db), createPetStore(db), createComputeInputReader(db), createOutbox(connection)]
  for (const id of petIds) {
    await runs.readStandings([id], [''])
    await petsOf.readPets([id])
    await inputsOf([id])
    await outbox.current([id])
    await db.transaction((tx) => pendingOf(tx, [id]))
  }
  const statements = await sql<(Prepared & { statement: string; planned: number })[]>`
    select name, statement, custom_plans::int as planned, cardinality(parameter_types) as parameters
    from pg_prepared_statements where statement ~ 'from "(pets|cache_epoch|cache_invalidations)"' and statement ~ '(any|unnest)\\('`
  expect(statements).toHaveLength(5)
  for (const { name, statement, planned, parameters } of statements) {
    // Five times Postgres looks whether planning for the values at hand is worth it.
    expect(planned, statement).toBe(5)
    const plan = await commonPlan(sql, { name, parameters })
    expect(plan).not.toMatch(/Seq Scan on (recommendation_runs|cache_invalidations|pets)/)
    // Ten elements are expected of an array, and one row of a table of one.
    expect(Number(/rows=(\d+)/.exec(plan)?.[1]), plan).toBeLessThanOrEqual(10)
    if (statement.includes('recommendation_runs')) expect(plan).toMatch(/Index Scan using runs_one_current.*\n.*Index Cond: .*conditions_hash = \$\d/)
  }
  const standings = statements.filter(({ statement }) => statement.includes('recommendation_runs'))
  expect(standings).toHaveLength(1)
})

test('of few runs, and before anything was counted, a standing is read by its index too', async () => {
  const small = await createTestDatabase()
  const few = connect(small.url, { max: 1 })
  try {
    const { sql, db } = few
    await sql`alter table pets set (autovacuum_enabled = off)`
    await sql`alter table recommendation_runs set (autovacuum_enabled = off)`
    await sql`insert into users (id) values (${OWNER})`
    await sql`
      insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
      select ${OWNER}, 'pet ' || i, 'DOG', 30, current_date, 10 from generate_series(1, 1000) i`
    // As long as they are when they lie beside the table, compressed.
    await sql`
      insert into recommendation_runs (pet_id, version, epoch, strategy, strategy_version, format, items)
      select id, recommendation_version, 1, 'RULE_V1', 1, ${RUN_FORMAT}, (select string_agg(md5(random()::text || i), '') from generate_series(1, 200) i) from pets`
    const petIds = (await sql`select id from pets limit 12`).map(({ id }) => String(id))
    const runs = createRunStore(db)
    for (const id of petIds) await runs.readStandings([id], [''])
    const [standings] = await sql<Prepared[]>`
      select name, cardinality(parameter_types) as parameters from pg_prepared_statements where statement ~ 'recommendation_runs' and custom_plans = 5`
    if (standings === undefined) throw new Error('standings are no prepared statement')
    expect(await commonPlan(sql, standings)).toMatch(OF_ONE_PET)
    await sql`analyze`
    expect(await commonPlan(sql, standings)).toMatch(OF_ONE_PET)
  } finally {
    await few.close()
    await small.drop()
  }
})

test('a page of a long history is read from the index in its order, and no more of it than the page', async () => {
  const { sql } = connection
  const asked: { query: string; params: unknown[] }[] = []
  const history = createHistoryStore(drizzle(sql, { logger: { logQuery: (query, params) => void asked.push({ query, params }) } }))
  const [pet] = await sql`select id from pets limit 1`
  await history.page(String(pet?.['id']), 11, { createdAt: Date.now() - 60_000, id: String(pet?.['id']) })
  const [statement] = asked
  const undone = new Error('undone')
  const plan = sql.begin(async (tx) => {
    await tx`
      insert into recommendation_runs (pet_id, version, epoch, strategy, strategy_version, format, superseded_at, created_at)
      select ${pet?.['id']}, i, 0, 'RULE_V1', 1, ${RUN_FORMAT}, now(), now() - i * interval '1 second' from generate_series(1, ${RUNS}) i`
    await tx`analyze recommendation_runs`
    const lines = await tx.unsafe(`explain (analyze, costs off, timing off, buffers off) ${statement?.query}`, JSON.parse(JSON.stringify(statement?.params)))
    throw Object.assign(undone, { plan: lines.map((line) => line['QUERY PLAN']).join('\n') })
  })
  await expect(plan).rejects.toBe(undone)
  const shown = String(Reflect.get(undone, 'plan'))
  expect(shown).toMatch(/Index Scan using runs_pet_newest.*rows=11/)
  expect(shown).toMatch(/Index Cond: .*ROW\(/)
  expect(shown).not.toMatch(/Sort Key: .*created_at/)
})

test('a page of 100,000 products is cheap, whatever is looked for, and holds the first that there are', async () => {
  const { sql } = connection
  await sql`
    insert into products (source, source_id, brand_name, product_name, species, form, claims, allergens, features, content_hash)
    select 'plans', i::text, 'Brand ' || i % 700, (array['Chicken', 'Salmon', '연어와 오리', '닭고기'])[1 + i % 4] || ' ' || left(md5(i::text), 10), (array['DOG', 'CAT'])[1 + i % 2]::species, 'DRY', '{}', '{}', '{}', ''
    from generate_series(1, 100000) i`
  await sql`vacuum analyze products`
  const asked: { query: string; params: unknown[] }[] = []
  const pages = createProductPages(drizzle(sql, { logger: { logQuery: (query, params) => void asked.push({ query, params }) } }), KRW_RATES)
  const all = { species: undefined, words: [], inactiveToo: false, limit: 21, after: undefined }
  const queries: Record<string, ProductQuery> = {
    'the first page': all,
    'of a species': { ...all, species: 'DOG' },
    'a page far behind': { ...all, after: { sortKey: 'brand 500', id: '00000000-0000-0000-0000-000000000000' } },
    'a common word': { ...all, words: ['SALMON'] },
    'a common word, far behind': { ...all, words: ['salmon'], after: { sortKey: 'brand 500', id: '00000000-0000-0000-0000-000000000000' } },
    'a common word in Korean': { ...all, words: ['연어'] },
    'a common word of a species': { ...all, species: 'CAT', words: ['닭고기'] },
    'a rare word': { ...all, words: [md5of(77_777)] },
    'a common word and a rare one': { ...all, words: ['chicken', md5of(4)] },
    'nothing': { ...all, words: ['zzz'] },
  }
  for (const [what, query] of Object.entries(queries)) {
    asked.length = 0
    const found = await pages.read(query)
    let hits = 0
    for (const { query: text, params } of asked) {
      const lines = await sql.unsafe(`explain (analyze, buffers, costs off, timing off) ${text}`, JSON.parse(JSON.stringify(params)))
      const plan = lines.map((line) => String(line['QUERY PLAN'])).join('\n')
      expect(plan, what).not.toContain('Seq Scan on products')
      hits += Number(/Buffers: shared hit=(\d+)/.exec(plan)?.[1] ?? 0)
    }
    // Pages that were looked at: of 100,000 products there are thousands.
    expect(hits, what).toBeLessThan(1_500)
    const { species = null, words, after } = query
    const expected = await sql`
      select id from products
      where (species = ${species} or ${species}::species is null) and lower(brand_name || ' ' || product_name) like all (${words.map((word) => `%${word.toLowerCase()}%`)}::text[])
        and (lower(brand_name || ' ' || product_name) collate "C", id) > (${after?.sortKey ?? ''} collate "C", '00000000-0000-0000-0000-000000000000')
      order by lower(brand_name || ' ' || product_name) collate "C", id limit 21`
    expect(found.map(({ id }) => id), what).toEqual(expected.map(({ id }) => id))
  }
}, 180_000)
