import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createCorrectProduct } from '../../src/db/correct-product.ts'
import { createEpochStore } from '../../src/db/epoch.ts'
import { createRunStore, type RunStore } from '../../src/db/runs.ts'
import type { MadeFrom } from '../../src/db/store-run.ts'
import { NO_CONDITIONS } from '../../src/domain/conditions.ts'
import { RUN_LIFE_MS, STRATEGY, type Run } from '../../src/domain/run.ts'
import { recommend } from '../../src/domain/scoring/recommend.ts'
import { buildPet, buildPreferences } from '../support/build-pet.ts'
import { buildProduct } from '../support/build-product.ts'
import { createTestDatabase } from '../support/database.ts'
import { KRW_RATES } from '../support/gateway.ts'
import { waitUntil } from '../support/wait-until.ts'

const CLIENTS = 48

let created: Awaited<ReturnType<typeof createTestDatabase>>
let psql: DbConnection
let ours: DbConnection
let runs: RunStore
let petId: string
let conditions = 0
/** In the order in which a store locks them. */
let productIds: string[]
beforeAll(async () => {
  created = await createTestDatabase()
  psql = connect(created.url, { max: 5, statementTimeoutMs: 60_000 })
  ours = connect(created.url, { max: CLIENTS })
  runs = createRunStore(ours.db)
})
afterAll(async () => {
  await ours.close()
  await psql.close()
  await created.drop()
})
beforeEach(async () => {
  const { sql } = psql
  await sql`delete from pets`
  await sql`delete from products`
  const [user] = await sql`insert into users default values returning id`
  const [pet] = await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${user?.['id']}, 'stored', 'DOG', 30, current_date, 9) returning id`
  petId = String(pet?.['id'])
  await sql`
    insert into products (source, source_id, brand_name, product_name, form, claims, allergens, features, content_hash)
    select 'fair', gen_random_uuid(), 'Brand', 'Food ' || i, 'DRY', '{}', '{}', '{}', '' from generate_series(1, 8) i`
  const rows = await sql`select distinct on (uuid_hash(id) & 255) id from products order by uuid_hash(id) & 255`
  productIds = rows.map(({ id }) => String(id))
})

/** A run of these products as all stands now, under conditions of its own. */
async function runOf(ids: readonly string[]): Promise<{ run: Run; from: MadeFrom }> {
  const { sql } = psql
  const [now] = await sql`
    select pets.recommendation_version as version, epoch, lineage::text as lineage, catalogue_state.version as catalogue
    from pets, cache_epoch, catalogue_state where id = ${petId}`
  const rows = await sql`select id, revision from products where id = any(${[...ids]}::uuid[])`
  const revisions = new Map(rows.map(({ id, revision }) => [String(id), Number(revision)]))
  const catalogue = ids.map((id) => buildProduct({ id, revision: revisions.get(id) ?? 0 }))
  const { items, emptyReason } = recommend({ pet: buildPet(), preferences: buildPreferences(), conditions: NO_CONDITIONS, catalogue })
  const run: Run = {
    id: null, petId, version: Number(now?.['version']), epoch: Number(now?.['epoch']), lineage: String(now?.['lineage']), strategy: STRATEGY.name,
    strategyVersion: STRATEGY.version, conditionsHash: `fair ${conditions++}`, createdAt: Date.now(),
    expiresAt: Date.now() + RUN_LIFE_MS, items, emptyReason,
  }
  return { run, from: { catalogueVersion: Number(now?.['catalogue']), revisions } }
}

const waiting = async () => (await psql.sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`).length
const untilWaiting = (count: number) => waitUntil(`${count} wait for a lock`, async () => (await waiting()) === count)

/** Holds what a store holds until it is released. */
async function store(ids: readonly string[]): Promise<() => Promise<void>> {
  const held = await psql.sql.reserve()
  await held`begin`
  await held`select hold_for_store(${[...ids]}::uuid[])`
  return async () => {
    await held`commit`
    held.release()
  }
}

test('a change of a product waits for the stores that came before it, and no store that comes after overtakes it', async () => {
  const [productId = ''] = productIds
  const { run, from } = await runOf([productId])
  const release = await store([productId])
  const changing = psql.sql`update products set market = 'KR' where id = ${productId}`.execute()
  await untilWaiting(1)
  const storing = runs.store(run, from)
  await untilWaiting(2)
  await release()
  await changing
  expect(await storing).toEqual({ kind: 'superseded' })
  expect((await runs.store(run, (await runOf([productId])).from)).kind).toBe('stored')
})

test('so does a new product wait for empty runs', async () => {
  const { run, from } = await runOf([])
  const release = await store([])
  const adding = psql.sql`
    insert into products (source, source_id, brand_name, product_name, form, claims, allergens, features, content_hash)
    values ('fair', 'another', 'Brand', 'Food', 'DRY', '{}', '{}', '{}', '')`.execute()
  await untilWaiting(1)
  const storing = runs.store(run, from)
  await untilWaiting(2)
  await release()
  await adding
  expect(await storing).toEqual({ kind: 'superseded' })
})

test('a run that was stored first is found by a change of its product, and an empty one by a product that is added', async () => {
  const versionOf = async () => Number((await psql.sql`select recommendation_version v from pets where id = ${petId}`)[0]?.['v'])
  for (const [ids, change] of [
    [productIds.slice(0, 1), () => psql.sql`update products set market = 'FR' where id = ${productIds[0] ?? ''}`],
    [[], () => psql.sql`insert into products (source, source_id, brand_name, product_name, form, claims, allergens, features, content_hash)
      values ('fair', 'one more', 'Brand', 'Food', 'DRY', '{}', '{}', '{}', '')`],
  ] as const) {
    const { run, from } = await runOf(ids)
    const held = await psql.sql.reserve()
    await held`begin`
    // The store has all its locks, and cannot write yet.
    await held`lock table recommendation_runs in exclusive mode`
    const storing = runs.store(run, from)
    await untilWaiting(1)
    const changing = change().execute()
    await untilWaiting(2)
    await held`commit`
    held.release()
    expect((await storing).kind).toBe('stored')
    await changing
    expect(await versionOf()).toBeGreaterThan(run.version)
  }
})

test('a store gives way to a transaction that changes several products, and neither is rolled back for a deadlock', async () => {
  const [first = '', second = ''] = productIds
  const { run, from } = await runOf([first, second])
  const writer = await psql.sql.reserve()
  try {
    await writer`begin`
    await writer`update products set market = 'KR' where id = ${second}`
    const storing = runs.store(run, from)
    await untilWaiting(1)
    await writer`update products set market = 'KR' where id = ${first}`
    expect(await storing).toEqual({ kind: 'superseded' })
    await writer`commit`
  } finally {
    await writer`rollback`
    writer.release()
  }
})

test('a store does not wait for a pet that is being changed', async () => {
  const { run, from } = await runOf(productIds.slice(0, 1))
  const writer = await psql.sql.reserve()
  try {
    await writer`begin`
    await writer`update pets set weight_kg = 10 where id = ${petId}`
    expect(await runs.store(run, from)).toEqual({ kind: 'superseded' })
  } finally {
    await writer`rollback`
    writer.release()
  }
  expect((await runs.store(run, from)).kind).toBe('stored')
})

test('clearing all waits for no store, and what is stored behind it counts for nobody', async () => {
  const { run, from } = await runOf(productIds.slice(0, 1))
  const held = await psql.sql.reserve()
  await held`begin`
  await held`lock table recommendation_runs in exclusive mode`
  const storing = runs.store(run, from)
  await untilWaiting(1)
  await createEpochStore(ours.db).raise()
  expect(await waiting()).toBe(1)
  await held`commit`
  held.release()
  expect((await storing).kind).toBe('stored')
  expect(await runs.readStandings([petId], [run.conditionsHash])).toMatchObject([{ epoch: run.epoch + 1, run: undefined }])
})

test(`beside ${CLIENTS} storing clients, clearing all and changing a product end`, async () => {
  const [productId = ''] = productIds
  const admin = connect(created.url, { max: 1 })
  let current = await runOf(productIds)
  let isRunning = true
  let stored = 0
  const storeOn = async () => {
    while (isRunning) {
      const { run, from } = current
      const outcome = await runs.store({ ...run, conditionsHash: `fair ${conditions++}` }, from)
      if (outcome.kind === 'stored') stored++
    }
  }
  // One that fails on a busy machine is not what is asked for here.
  const clients = Array.from({ length: CLIENTS }, () => storeOn().catch(() => {}))
  try {
    const correct = createCorrectProduct({ db: admin.db, krwRates: KRW_RATES })
    for (const round of [1, 2, 3]) {
      const before = stored
      await waitUntil('they store', async () => stored > before + CLIENTS, { withinMs: 30_000 })
      await createEpochStore(admin.db).raise()
      expect(await correct(productId, { productName: `Renamed ${round}` })).toMatchObject({ kind: 'changed' })
      current = await runOf(productIds)
    }
  } finally {
    isRunning = false
    await Promise.all(clients)
    await admin.close()
  }
}, 120_000)
