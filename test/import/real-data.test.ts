import { createReadStream, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { importProducts, type RefusedRow } from '../../src/import/import-products.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const folder = process.env['PETFOOD_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
const file = `${folder}/products.ndjson`
const isThere = existsSync(file)
if (!isThere) process.stderr.write(`Skipped: the import of real products needs ${file} (set PETFOOD_DATA to its folder)\n`)

const rates = { asOf: '2026-11-01', perUnit: { USD: 1390, GBP: 1830, CAD: 1000 } }
let database: TestDatabase
let connection: DbConnection

beforeAll(async () => {
  if (!isThere) return
  database = await createTestDatabase()
  connection = connect(database.url)
})
afterAll(async () => {
  if (!isThere) return
  await connection.close()
  await database.drop()
})

test.skipIf(!isThere)('all real products are taken, and a second import changes nothing', async () => {
  const refused: RefusedRow[] = []
  const run = () => importProducts({ db: connection.db, chunks: createReadStream(file), rates, onRefused: (row) => void refused.push(row) })
  const first = await run()
  expect(refused).toEqual([])
  expect(first.inserted).toBeGreaterThan(3000)
  const [state] = await connection.sql`select version from catalogue_state`
  expect(await run()).toEqual({ inserted: 0, changed: 0, unchanged: first.inserted, refused: 0 })
  expect(await connection.sql`select version from catalogue_state`).toEqual([state])

  const [sums] = await connection.sql`
    select count(*)::int as products, count(*) filter (where species is null)::int as for_both,
      (select count(*)::int from offers) as offers, (select count(*)::int from price_snapshots) as snapshots
    from products`
  expect(sums).toMatchObject({ products: first.inserted, for_both: 13, offers: 2532, snapshots: 2532 })
})
