import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCatalogue } from '../../src/db/catalogue.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { KRW_RATES } from '../support/gateway.ts'
import { lineageOf } from '../support/lineage.ts'
import { waitUntil } from '../support/wait-until.ts'

/** More than two pages, the last one not full. */
const PRODUCTS = 450

let database: TestDatabase
let connection: DbConnection
beforeAll(async () => {
  database = await createTestDatabase()
  connection = connect(database.url, { max: 3 })
  const { sql } = connection
  await sql`
    insert into products (source, source_id, brand_name, product_name, form, is_active, claims, allergens, features, content_hash)
    select 'pages', i::text, 'Brand', 'as it was', 'DRY', i > 0, '{}', '{}', '{}', '' from generate_series(-9, ${PRODUCTS}) i`
  await sql`
    insert into offers (product_id, merchant, url, currency, is_primary)
    select id, 'BRAND', 'https://shop.example/' || n, 'KRW', n = 2 from products, generate_series(1, 3) n`
})
afterAll(async () => {
  await connection.close()
  await database.drop()
})

const version = async () => Number((await connection.sql`select version from catalogue_state`)[0]?.['version'])
const load = async () => createCatalogue({ db: connection.db, krwRates: KRW_RATES }).at(await version(), await lineageOf(connection.sql))

test('every active product is in the catalogue once, with all of its offers, the primary one first', async () => {
  const { products, revisions } = await load()
  const active = (await connection.sql`select id from products where is_active order by id`).map(({ id }) => String(id))
  expect(products.map(({ id }) => id)).toEqual(active)
  expect([...revisions.keys()]).toEqual(active)
  for (const { offers } of products) expect(offers.map(({ isPrimary }) => isPrimary)).toEqual([true, false, false])
})

test('what is committed between two pages is in none of them: the next version has all of it', async () => {
  const before = await version()
  const lineage = await lineageOf(connection.sql)
  const writer = await connection.sql.reserve()
  await writer`begin`
  // The first page of products is read, and its offers are waited for.
  await writer`lock table offers in access exclusive mode`
  const catalogue = createCatalogue({ db: connection.db, krwRates: KRW_RATES })
  const loading = catalogue.at(before, lineage)
  await waitUntil('the load waits', async () => (await connection.sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length === 1)
  await writer`update products set product_name = 'changed'`
  await writer`commit`
  writer.release()
  const loaded = await loading
  expect(loaded.version).toBe(before)
  expect(new Set(loaded.products.map(({ productName }) => productName))).toEqual(new Set(['as it was']))

  const next = await catalogue.at(await version(), lineage)
  expect(new Set(next.products.map(({ productName }) => productName))).toEqual(new Set(['changed']))
  // Whoever computes with the one that was, goes on with it.
  expect(new Set(loaded.products.map(({ productName }) => productName))).toEqual(new Set(['as it was']))
})

test('the catalogue of another lineage is read again, however low its version is', async () => {
  const catalogue = createCatalogue({ db: connection.db, krwRates: KRW_RATES })
  const before = await catalogue.at(await version(), await lineageOf(connection.sql))
  // As a restore has it: an earlier state, under an earlier version.
  await connection.sql.begin(async (tx) => {
    await tx`update products set product_name = 'as it was before'`
    await tx`update catalogue_state set version = 1`
    await tx`update cache_epoch set lineage = gen_random_uuid()`
  })
  const after = await catalogue.at(1, await lineageOf(connection.sql))
  expect(before.version).toBeGreaterThan(1)
  expect(new Set(after.products.map(({ productName }) => productName))).toEqual(new Set(['as it was before']))
})
