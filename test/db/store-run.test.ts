import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPetStore } from '../../src/db/pets.ts'
import { createRunStore, type RunStore } from '../../src/db/runs.ts'
import type { MadeFrom } from '../../src/db/store-run.ts'
import { RUN_LIFE_MS, STRATEGY, type Run } from '../../src/domain/run.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { NO_CONDITIONS } from '../../src/domain/conditions.ts'
import { recommend } from '../../src/domain/scoring/recommend.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildPet, buildPreferences } from '../support/build-pet.ts'
import { lineageOf } from '../support/lineage.ts'
import { buildProduct } from '../support/build-product.ts'
import { waitUntil } from '../support/wait-until.ts'

let database: TestDatabase
let sql: postgres.Sql
/** What was sent of one connection's statements, in the order of the wire. */
let sent: string[] = []
let runs: RunStore
let petStore: ReturnType<typeof createPetStore>
let pool: postgres.Sql
let petId: string
let version: number
let lineage: string
beforeAll(async () => {
  database = await createTestDatabase()
  sql = postgres(database.url, { max: 2, onnotice: () => {} })
  pool = postgres(database.url, { max: 1, onnotice: () => {}, debug: (_connection, text) => void (text.includes('pg_catalog') || sent.push(text)) })
  const db = drizzle(pool)
  runs = createRunStore(db)
  petStore = createPetStore(db)
  await sql`insert into users (id) values (${DEMO_USER_ID})`
  lineage = await lineageOf(sql)
})
afterAll(async () => {
  await sql.end()
  await pool.end()
  await database.drop()
})
beforeEach(async () => {
  await sql`delete from pets`
  const [row] = await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${DEMO_USER_ID}, 'stored', 'DOG', 30, current_date, 9) returning id, recommendation_version as version`
  petId = String(row?.['id'])
  version = Number(row?.['version'])
  sent = []
})

const emptyRun = (): Run => ({
  id: null, petId, version, epoch: 1, lineage, strategy: STRATEGY.name, strategyVersion: STRATEGY.version, conditionsHash: '',
  createdAt: Date.now(), expiresAt: Date.now() + RUN_LIFE_MS, items: [], emptyReason: 'NO_MATCH',
})
const madeFrom = async (): Promise<MadeFrom> => ({ catalogueVersion: Number((await sql`select version from catalogue_state`)[0]?.['version']), revisions: new Map() })
/** What is read along with much, or stands for a list, is not what a statement is about. */
const tableOf = (text: string) => /(?:from|update|into) "?(\w+)"?/.exec(text.replace('(select lineage::text from cache_epoch)', '').replace('from unnest', ''))?.[1] ?? text
const verbOf = (text: string) => `${text.split(' ')[0]} ${tableOf(text)}`

/** Twice: what is sent of a connection for the first time is described first, and goes alone. */
const twice = async <T>(work: () => Promise<T>): Promise<T> => {
  await work()
  sent = []
  return work()
}

/** A run with one item, and what it was made from. */
async function fullRun() {
  const [row] = await sql`
    insert into products (source, source_id, brand_name, product_name, form, claims, allergens, features, content_hash)
    values ('store', gen_random_uuid(), 'Brand', 'Food', 'DRY', '{}', '{}', '{}', '') returning id, revision`
  const product = buildProduct({ id: String(row?.['id']), revision: Number(row?.['revision']) })
  const { items, emptyReason } = recommend({ pet: buildPet(), preferences: buildPreferences(), conditions: NO_CONDITIONS, catalogue: [product] })
  const from = { ...(await madeFrom()), revisions: new Map([[product.id, product.revision]]) }
  return { run: { ...emptyRun(), items, emptyReason }, product, from }
}

test('locks are taken and written under in the order that is stated, whether the connection knows the statements or not', async () => {
  const stored = (first: string) => [
    'begin begin ', 'select hold_for_store', `select ${first}`, 'select cache_epoch', 'select pets',
    'update recommendation_runs', 'insert recommendation_runs', 'insert recommendation_items', 'commit commit',
  ]
  const { run, from } = await fullRun()
  for (const conditionsHash of ['', 'others']) {
    sent = []
    expect((await runs.store({ ...run, conditionsHash }, from)).kind).toBe('stored')
    expect(sent.map(verbOf)).toEqual(stored('products'))
    sent = []
    expect((await runs.store({ ...emptyRun(), conditionsHash: `empty ${conditionsHash}` }, from)).kind).toBe('stored')
    expect(sent.map(verbOf)).toEqual(stored('catalogue_state'))
  }
})

test('a run is stored whole, and one that gives way leaves nothing of itself', async () => {
  const { run, product, from } = await fullRun()
  const first = await runs.store(run, from)
  expect(first).toMatchObject({ kind: 'stored', run: { items: run.items } })
  const second = await runs.store(run, from)
  expect(second).toMatchObject({ kind: 'gave-way', run: { id: first.kind === 'stored' ? first.run.id : '', items: run.items } })
  expect(await sql`select run_id, rank, product_id, document from recommendation_items`).toEqual([
    { run_id: first.kind === 'stored' ? first.run.id : '', rank: 1, product_id: product.id, document: null },
  ])
})

test('all locks are asked for at once: one that has to be waited for costs no further trip', async () => {
  const from = await madeFrom()
  await runs.store(emptyRun(), from)
  sent = []
  const holder = await sql.reserve()
  await holder`begin`
  await holder`select wait_for_stores('{}')`
  const storing = runs.store({ ...emptyRun(), conditionsHash: 'others' }, from)
  await waitUntil('it waits', async () => (await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length === 1)
  expect(sent.map(tableOf)).toEqual(['begin ', 'hold_for_store', 'catalogue_state', 'cache_epoch', 'pets'])
  await holder`commit`
  holder.release()
  expect((await storing).kind).toBe('stored')
})

test('where anything has changed nothing is written', async () => {
  const { run, product, from } = await fullRun()
  const changed: [string, Run, MadeFrom][] = [
    ['the version', { ...emptyRun(), version: version - 1 }, from],
    ['the epoch', { ...emptyRun(), epoch: 0 }, from],
    ['the lineage', { ...emptyRun(), lineage: DEMO_USER_ID }, from],
    ['the catalogue', emptyRun(), { ...from, catalogueVersion: from.catalogueVersion - 1 }],
    ['a product', run, { ...from, revisions: new Map([[product.id, product.revision + 1]]) }],
    ['a product is gone', { ...run, items: run.items.map((item) => ({ ...item, product: { ...item.product, id: DEMO_USER_ID } })) }, from],
    ['the pet is gone', { ...emptyRun(), petId: DEMO_USER_ID }, from],
  ]
  for (const [what, stale, made] of changed) expect(await runs.store(stale, made), what).toEqual({ kind: 'superseded' })
  expect(await sql`select 1 from recommendation_runs`).toEqual([])
  expect(sent.filter((text) => text.startsWith('insert'))).toEqual([])
})

test('a pet is touched, and its outbox read after that, in one trip; of another owner nothing is touched', async () => {
  const touched = await twice(() => petStore.touchPet({ userId: DEMO_USER_ID, isAdmin: false }, petId))
  expect(sent.map(tableOf)).toEqual(['begin ', 'pets', 'cache_invalidations', 'commit'])
  const [row] = await sql`select recommendation_version as version from pets where id = ${petId}`
  expect(touched).toEqual({ kind: 'touched', count: 0, entries: [{ kind: 'pet', petId, version: Number(row?.['version']), ownerId: DEMO_USER_ID, lineage }] })
  expect(await petStore.touchPet({ userId: petId, isAdmin: false }, petId)).toEqual({ kind: 'not-found' })
  expect((await sql`select recommendation_version as version from pets where id = ${petId}`)[0]).toEqual(row)
})
