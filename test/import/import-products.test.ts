import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { importProducts, ImportStoppedError, type ImportOptions } from '../../src/import/import-products.ts'
import { describeRefused, describeSummary } from '../../src/import/report.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startTestPostgres } from '../support/servers.ts'
import { buildRow, fileOf, rates } from './build-row.ts'

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

async function run(rows: readonly (string | Record<string, unknown>)[], options: Partial<ImportOptions> = {}) {
  const refused: string[] = []
  const onRefused: ImportOptions['onRefused'] = (row) => void refused.push(describeRefused(row))
  const counts = await importProducts({ db: connection.db, chunks: fileOf(...rows), rates, onRefused, ...options })
  return { counts, refused }
}
const numbered = (count: number) => Array.from({ length: count }, (_, at) => buildRow({ sourceId: `test:${at}`, productName: `Food ${at}` }))
/** xmin is the transaction that wrote a row last: it stays only where nothing was written. */
const everything = async () => ({
  products: await connection.sql`select *, xmin::text from products order by id`,
  offers: await connection.sql`select *, xmin::text from offers order by id`,
  snapshots: await connection.sql`select *, xmin::text from price_snapshots order by offer_id, observed_on`,
  state: await connection.sql`select *, xmin::text from catalogue_state`,
})

test('a second import changes nothing and says so', async () => {
  const rows = numbered(450)
  expect((await run(rows)).counts).toEqual({ inserted: 450, changed: 0, unchanged: 0, refused: 0 })
  const before = await everything()
  const { counts } = await run(rows)
  expect(counts).toEqual({ inserted: 0, changed: 0, unchanged: 450, refused: 0 })
  expect(describeSummary(counts, 1)).toBe('Nothing changed (1.0 s): 0 inserted, 0 changed, 450 unchanged, 0 refused')
  expect(await everything()).toEqual(before)
})

test('a changed product keeps its id and moves its revision', async () => {
  await run(numbered(3))
  const [before] = await connection.sql`select id, revision from products where source_id = 'test:1'`
  const changed = numbered(3).map((row) => (row['sourceId'] === 'test:1' ? { ...row, ingredientsText: 'Duck, rice' } : row))
  expect((await run(changed)).counts).toMatchObject({ changed: 1, unchanged: 2 })
  const [after] = await connection.sql`select id, revision, allergens::text from products where source_id = 'test:1'`
  expect(after).toMatchObject({ id: before?.['id'], allergens: '{DUCK,RICE}' })
  expect(Number(after?.['revision'])).toBeGreaterThan(Number(before?.['revision']))
})

test('a product that was lost and is imported again has its old id', async () => {
  await run(numbered(1))
  const [before] = await connection.sql`select id from products`
  await connection.sql`delete from products`
  await run(numbered(1))
  expect(await connection.sql`select id from products`).toEqual([before])
})

test('a broken row never stops the rest', async () => {
  const { counts, refused } = await run([
    buildRow({ sourceId: 'a' }),
    '{"source": "test", ',
    buildRow({ sourceId: 'b', species: 'COW', fatPct: -1 }),
    '',
    buildRow({ sourceId: 'c', price: { amount: 5, currency: 'NZD', perKg: 1 } }),
    buildRow({ sourceId: 'd' }),
  ])
  expect(counts).toEqual({ inserted: 2, changed: 0, unchanged: 0, refused: 3 })
  expect(refused).toEqual([
    expect.stringMatching(/^line 2: is not JSON: /),
    'line 3: species: expected one of DOG, CAT, found "COW"; fatPct: must not be under 0, found -1',
    'line 5: price.currency: no rate for NZD in KRW_RATES (known: KRW, USD, GBP)',
  ])
  expect(await connection.sql`select source_id from products order by source_id`).toEqual([{ source_id: 'a' }, { source_id: 'd' }])
})

test('of two rows for one product the first counts, and the second is told where that is', async () => {
  const { counts, refused } = await run([buildRow(), buildRow({ productName: 'Another' })])
  expect(counts).toMatchObject({ inserted: 1, refused: 1 })
  expect(refused).toEqual(['line 2: sourceId: is the same as in line 1, which counts'])
  expect(await connection.sql`select product_name from products`).toEqual([{ product_name: 'Lamb & Rice' }])
})

test('a row that only the database refuses is left out whole, and the rest of its batch goes in', async () => {
  await connection.sql`alter table offers add constraint not_this_one check (url not like '%forbidden%')`
  try {
    const rows = numbered(5)
    const { counts, refused } = await run([...rows, buildRow({ sourceId: 'bad', sourceUrl: 'https://shop.example/forbidden' })])
    expect(counts).toEqual({ inserted: 5, changed: 0, unchanged: 0, refused: 1 })
    expect(refused).toEqual([expect.stringMatching(/^line 6: refused by the database: .*not_this_one/)])
    expect(await connection.sql`select 1 from products where source_id = 'bad'`).toHaveLength(0)
  } finally {
    await connection.sql`alter table offers drop constraint not_this_one`
  }
})

test('two imports of one file at once end as one', async () => {
  const rows = numbered(300)
  const other = connect(database.url)
  try {
    const runs = await Promise.all([
      run(rows, { batchSize: 40 }),
      run(rows.toReversed(), { batchSize: 70, db: other.db }),
      run(rows, { batchSize: 55, db: other.db }),
    ])
    expect(runs.map(({ counts }) => counts.inserted).reduce((a, b) => a + b)).toBe(300)
    expect(runs.every(({ counts }) => counts.changed + counts.refused === 0)).toBe(true)
  } finally {
    await other.close()
  }
})

test('progress is told after each batch', async () => {
  const told: number[] = []
  await run(numbered(7), { batchSize: 3, onProgress: (line) => void told.push(line) })
  expect(told).toEqual([3, 6, 7])
})

test('a lost database stops the import and says how far it came', async () => {
  const server = await startTestPostgres()
  const lost = connect(server.url)
  try {
    const rows = numbered(20)
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (const row of rows.slice(0, 10)) yield Buffer.from(`${JSON.stringify(row)}\n`)
      await server.kill()
      for (const row of rows.slice(10)) yield Buffer.from(`${JSON.stringify(row)}\n`)
    }
    const stopped = await run([], { db: lost.db, chunks: chunks(), batchSize: 5 }).catch((error: unknown) => error)
    expect(stopped).toBeInstanceOf(ImportStoppedError)
    expect(stopped).toMatchObject({ writtenUpTo: 10, counts: { inserted: 10 } })
    await server.restart()
    const { counts } = await run(rows, { db: lost.db })
    expect(counts).toMatchObject({ inserted: 10, unchanged: 10 })
  } finally {
    await lost.close()
    await server.stop()
  }
})
