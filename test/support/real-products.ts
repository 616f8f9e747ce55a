import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProductRecord } from '../../src/db/product-record.ts'
import type { Product } from '../../src/domain/product.ts'
import { parseRow } from '../../src/import/row.ts'
import { toProduct } from '../../src/import/to-product.ts'
import { KRW_RATES } from './gateway.ts'

/** Where real products and published tables lie, if they do. */
export const realDataFolder = process.env['PETFOOD_DATA'] ?? join(import.meta.dirname, '../../../shared/data')
const file = join(realDataFolder, 'products.ndjson')

export const realProductsAreAway = !existsSync(file)
if (realProductsAreAway) console.warn(`Skipped: no real products at ${file}; PETFOOD_DATA may name their folder.`)

export const asProduct = ({ offers: _offers, ...record }: ProductRecord): Product => ({
  ...record,
  id: `${record.source}/${record.sourceId}`,
  claims: [...record.claims],
  offers: [],
  pricePerKg: null,
  priceSummaries: {},
  revision: 1,
})

export const realProducts = (): Product[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const parsed = parseRow(line)
      if (parsed.kind !== 'row') throw new Error(JSON.stringify(parsed.refusals))
      const made = toProduct(parsed.row, KRW_RATES)
      if (made.kind !== 'product') throw new Error(JSON.stringify(made.refusals))
      return asProduct(made.product)
    })
