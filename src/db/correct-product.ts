import { eq, sql } from 'drizzle-orm'
import { isDeepStrictEqual } from 'node:util'
import { correct, type Described, type ProductPatch } from '../domain/overrides.ts'
import type { KrwRates } from '../domain/prices.ts'
import type { Product } from '../domain/product.ts'
import type { Db, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { outboxRangeOf } from './outbox.ts'
import { readProductsIn } from './products.ts'
import { products } from './tables/products.ts'
import { inTransaction } from './transaction.ts'
import type { OutboxRange } from './undelivered.ts'

/** `entries`: where the outbox holds what the change wrote, which may be a hundred thousand rows. */
export type ProductChange =
  | { kind: 'changed'; product: Product; affectedPets: number; entries: OutboxRange }
  | { kind: 'unchanged'; product: Product }
  | { kind: 'not-found' }

export type CorrectProduct = (productId: string, patch: ProductPatch) => Promise<ProductChange>

/**
 * Milliseconds. The triggers draw a version for each pet that holds the product before this can commit. The server gives
 * up first, as everywhere.
 */
const STATEMENT_MS = 25_000
const DEADLINE_MS = 28_000

/**
 * How admins write products: field by field, on top of what a source said (see domain/overrides.ts). The row's lock comes
 * first, so two corrections take turns and each is laid over the other's; an import that comes meanwhile waits and then
 * reads what was corrected.
 */
export function createCorrectProduct({ db, krwRates }: { db: Db; krwRates: KrwRates }): CorrectProduct {
  return (productId, patch) =>
    bounded('update product', inTransaction(db, (tx) => correctIn(tx, productId, patch, krwRates), undefined, DEADLINE_MS), DEADLINE_MS)
}

async function correctIn(tx: Transaction, productId: string, patch: ProductPatch, krwRates: KrwRates): Promise<ProductChange> {
  await tx.execute(sql`select set_config('statement_timeout', ${String(STATEMENT_MS)}, true)`)
  const [row] = await tx.select().from(products).where(eq(products.id, productId)).for('no key update')
  if (row === undefined) return { kind: 'not-found' }
  const before = toDescribed(row)
  const { described, features, overrides } = correct(before, row.overrides ?? {}, patch)
  const isSame = isDeepStrictEqual([described, features], [before, row.features])
  if (!isSame) {
    const { nutrition, isActive, productName, lifeStage, ingredientsText, claims } = described
    const allergens = features.allergens.map(({ allergen }) => allergen)
    await tx
      .update(products)
      .set({ ...nutrition, isActive, productName, lifeStage, ingredientsText, claims: [...claims], allergens, features, overrides })
      .where(eq(products.id, productId))
  }
  const product = (await readProductsIn(tx, [productId], krwRates)).get(productId)
  if (product === undefined) return { kind: 'not-found' }
  if (isSame) return { kind: 'unchanged', product }
  const { pets, range } = await outboxRangeOf(tx)
  return { kind: 'changed', product, affectedPets: pets, entries: range }
}

function toDescribed(row: typeof products.$inferSelect): Described {
  const { species, brandName, productName, form, lifeStage, ingredientsText, claims, breedSizeLabel, isActive } = row
  const { proteinPct, fatPct, fiberPct, moisturePct, ashPct, calciumPct, phosphorusPct, kcalPer100g } = row
  const nutrition = { proteinPct, fatPct, fiberPct, moisturePct, ashPct, calciumPct, phosphorusPct, kcalPer100g }
  return { species, brandName, productName, form, lifeStage, ingredientsText, nutrition, claims, breedSizeLabel, isActive }
}
