import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import type { OfferRecord, ProductRecord } from '../../src/db/product-record.ts'
import { writeProducts } from '../../src/db/write-products.ts'
import { parseRow } from '../../src/import/row.ts'
import { toProduct } from '../../src/import/to-product.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildRow, rates } from './build-row.ts'

let database: TestDatabase
let connection: DbConnection

beforeAll(async () => {
  database = await createTestDatabase()
  connection = connect(database.url)
})
afterEach(() => connection.sql`delete from products`)
afterAll(async () => {
  await connection.close()
  await database.drop()
})

const buildRecord = (overrides: Partial<ProductRecord> = {}): ProductRecord => {
  const parsed = parseRow(JSON.stringify(buildRow()))
  const converted = parsed.kind === 'row' ? toProduct(parsed.row, rates) : parsed
  if (converted.kind === 'refused') throw new Error(JSON.stringify(converted.refusals))
  return { ...converted.product, offers: [], ...overrides }
}
const buildOffer = (overrides: Partial<OfferRecord> = {}): OfferRecord => ({
  merchant: 'COUPANG', url: 'https://a.example/1', affiliateUrl: null, sellerName: null, currentPrice: 10_000, currency: 'KRW', pricePerKg: 5000, isPrimary: true, observations: [], ...overrides,
})
const write = (...batch: ProductRecord[]) => writeProducts(connection.db, batch)
const seenOn = (observedOn: string, price: number) => ({ observedOn, price })
const stateOf = async () => {
  const [row] = await connection.sql`select p.revision::int, p.xmin::text, (select version::int from catalogue_state) as catalogue from products p`
  return { revision: row?.['revision'], writtenBy: row?.['xmin'], catalogue: Number(row?.['catalogue']) }
}

test('a price that moved is a change of the catalogue and not of the product', async () => {
  await write(buildRecord({ offers: [buildOffer()] }))
  const before = await stateOf()
  expect(await write(buildRecord({ offers: [buildOffer({ currentPrice: 9_000 })] }))).toEqual(['changed'])
  const after = await stateOf()
  expect(after.revision).toBe(before.revision)
  expect(after.catalogue).toBeGreaterThan(before.catalogue)
  expect(await connection.sql`select current_price from offers`).toEqual([{ current_price: 9_000 }])
})

test('an observed price alone is a change, and its summary follows', async () => {
  const offer = (...observations: OfferRecord['observations']) => buildRecord({ offers: [buildOffer({ observations })] })
  await write(offer(seenOn('2026-11-01', 100)))
  expect(await connection.sql`select * from price_summaries`).toHaveLength(0)
  expect(await write(offer(seenOn('2026-11-10', 80)))).toEqual(['changed'])
  const [summary] = await connection.sql`select average_price, lowest_price, snapshot_count, newest_on::text from price_summaries`
  expect(summary).toEqual({ average_price: 100, lowest_price: 100, snapshot_count: 1, newest_on: '2026-11-10' })
  expect(await write(offer(seenOn('2026-11-10', 80)))).toEqual(['unchanged'])
})

test('a summary of days long past goes when a newer price leaves them behind', async () => {
  const offer = (...observations: OfferRecord['observations']) => buildRecord({ offers: [buildOffer({ observations })] })
  await write(offer(seenOn('2026-01-01', 100), seenOn('2026-01-02', 90)))
  await write(offer(seenOn('2026-11-10', 80)))
  expect(await connection.sql`select * from price_summaries`).toHaveLength(0)
  expect(await connection.sql`select * from price_snapshots`).toHaveLength(3)
})

test('an offer that is no longer listed keeps its history and loses its price', async () => {
  const first = buildOffer({ observations: [seenOn('2026-11-01', 10_000)] })
  await write(buildRecord({ offers: [first] }))
  expect(await write(buildRecord({ offers: [buildOffer({ url: 'https://b.example/1' })] }))).toEqual(['changed'])
  expect(await connection.sql`select url, current_price, is_primary from offers order by url`).toEqual([
    { url: 'https://a.example/1', current_price: null, is_primary: false },
    { url: 'https://b.example/1', current_price: 10_000, is_primary: true },
  ])
  expect(await connection.sql`select price from price_snapshots`).toHaveLength(1)
})

test('two offers can change places as the primary one', async () => {
  const offers = (primary: string) => ['https://a.example/1', 'https://b.example/1'].map((url) => buildOffer({ url, isPrimary: url === primary }))
  for (const primary of ['https://a.example/1', 'https://b.example/1', 'https://a.example/1']) {
    await write(buildRecord({ offers: offers(primary) }))
    expect(await connection.sql`select url from offers where is_primary`).toEqual([{ url: primary }])
  }
})

test('an unchanged product beside a changed one is not written', async () => {
  const other = buildRecord({ sourceId: 'other' })
  await write(buildRecord(), other)
  const [before] = await connection.sql`select xmin::text, revision from products where source_id = 'other'`
  expect(await write(buildRecord({ productName: 'Renamed' }), other)).toEqual(['changed', 'unchanged'])
  expect(await connection.sql`select xmin::text, revision from products where source_id = 'other'`).toEqual([before])
})

test('another conclusion of the analysis is a change even where the label is the same', async () => {
  const record = buildRecord()
  await write(record)
  expect(await write({ ...record, features: { ...record.features, qualityScore: record.features.qualityScore + 1 } })).toEqual(['changed'])
})

test('a batch that fails is not written at all', async () => {
  const broken = buildRecord({ sourceId: 'broken', offers: [buildOffer({ currentPrice: 2 ** 40 })] })
  await expect(write(buildRecord(), broken)).rejects.toThrow()
  expect(await connection.sql`select 1 from products`).toHaveLength(0)
})
