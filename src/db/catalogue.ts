import { eq, sql } from 'drizzle-orm'
import { pricePerKgKrw, type KrwRates } from '../domain/prices.ts'
import type { Product } from '../domain/product.ts'
import type { Db, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { catalogueState, offers, priceSummaries, products } from './tables/products.ts'
import { inTransaction } from './transaction.ts'

/** Every active product as of `version`. Never changed after it was made, so any number of computations may share it. */
export type Catalogue = { version: number; products: readonly Product[]; revisions: ReadonlyMap<string, number> }

/** A load reads thousands of rows and may take longer than an ordinary statement. */
const LOAD_DEADLINE = 'load catalogue'

/**
 * The catalogue in this process' memory, read again when its version in Postgres is another one than ours. Callers bring
 * the version that their own snapshot saw. Computations that wait for the same load share it.
 */
export function createCatalogue({ db, krwRates }: { db: Db; krwRates: KrwRates }) {
  let held: Catalogue | undefined
  let loading: Promise<Catalogue> | undefined

  const load = async (): Promise<Catalogue> => {
    held = await bounded(LOAD_DEADLINE, inTransaction(db, (tx) => readCatalogue(tx, krwRates), { isolationLevel: 'repeatable read' }))
    return held
  }

  return {
    /** The catalogue at `version` or later. */
    at: async (version: number): Promise<Catalogue> => {
      if (held !== undefined && held.version >= version) return held
      // A load that began before may have read an older version: wait for it, then look again.
      if (loading !== undefined) {
        const joined = await loading
        if (joined.version >= version) return joined
      }
      loading ??= load().finally(() => (loading = undefined))
      return loading
    },
  }
}

async function readCatalogue(tx: Transaction, krwRates: KrwRates): Promise<Catalogue> {
  const [state] = await tx.select().from(catalogueState)
  const productRows = await tx.select().from(products).where(eq(products.isActive, true)).orderBy(products.id)
  const offerRows = await tx
    .select({ offer: offers, summary: { averagePrice: priceSummaries.averagePrice, lowestPrice: priceSummaries.lowestPrice } })
    .from(offers)
    .leftJoin(priceSummaries, eq(priceSummaries.offerId, offers.id))
    .orderBy(offers.productId, sql`${offers.isPrimary} desc`, offers.id)
  const offersOf = Map.groupBy(offerRows, ({ offer }) => offer.productId)
  const made = productRows.map((row) => toProduct(row, offersOf.get(row.id) ?? [], krwRates))
  return { version: state?.version ?? 0, products: made, revisions: new Map(made.map(({ id, revision }) => [id, revision])) }
}

type OfferRow = { offer: typeof offers.$inferSelect; summary: { averagePrice: number; lowestPrice: number } | null }

/** A product with its offers, the primary one first. */
export function toProduct(row: typeof products.$inferSelect, offerRows: readonly OfferRow[], krwRates: KrwRates): Product {
  const { proteinPct, fatPct, fiberPct, moisturePct, ashPct, calciumPct, phosphorusPct, kcalPer100g } = row
  const first = offerRows[0]?.offer
  return {
    id: row.id,
    brandName: row.brandName,
    productName: row.productName,
    sizeLabel: row.sizeLabel,
    species: row.species,
    form: row.form,
    lifeStage: row.lifeStage,
    isActive: row.isActive,
    ingredientsText: row.ingredientsText,
    nutrition: { proteinPct, fatPct, fiberPct, moisturePct, ashPct, calciumPct, phosphorusPct, kcalPer100g },
    claims: row.claims,
    features: row.features,
    offers: offerRows.map(({ offer: { productId: _productId, pricePerKg: _pricePerKg, ...offer } }) => offer),
    pricePerKg: first === undefined ? null : pricePerKgKrw(first, krwRates),
    priceSummaries: Object.fromEntries(offerRows.flatMap(({ offer, summary }) => (summary === null ? [] : [[offer.id, summary]]))),
    revision: row.revision,
  }
}
