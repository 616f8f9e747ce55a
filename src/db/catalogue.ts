import { and, eq, getTableColumns, gt, sql } from 'drizzle-orm'
import { pricePerKgKrw, type KrwRates } from '../domain/prices.ts'
import type { Product } from '../domain/product.ts'
import type { Db, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { theEpoch } from './one-row.ts'
import { cacheEpoch } from './tables/invalidations.ts'
import { catalogueState, offers, priceSummaries, products } from './tables/products.ts'
import { inTransaction } from './transaction.ts'

/** Every active product as of `version`. Never changed after it was made, so any number of computations may share it. */
export type Catalogue = { lineage: string; version: number; products: readonly Product[]; revisions: ReadonlyMap<string, number> }

/** Milliseconds. A load reads thousands of rows and may take longer than an ordinary transaction. */
const LOAD_DEADLINE_MS = 60_000
/** Products that are read at once: they take some seven milliseconds. */
const PAGE = 200
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

/**
 * The catalogue in this process' memory, read again when its version in Postgres is another one than ours. Callers bring
 * the version that their own snapshot saw. Computations that wait for the same load share it.
 */
export function createCatalogue({ db, krwRates }: { db: Db; krwRates: KrwRates }) {
  let held: Catalogue | undefined
  let loading: Promise<Catalogue> | undefined

  const load = async (): Promise<Catalogue> => {
    const loaded = inTransaction(db, (tx) => readCatalogue(tx, krwRates), { isolationLevel: 'repeatable read' }, LOAD_DEADLINE_MS)
    held = await bounded('load catalogue', loaded, LOAD_DEADLINE_MS)
    return held
  }

  return {
    /** The catalogue at `version` or later of this lineage of the database; in another one versions tell nothing. */
    at: async (version: number, lineage: string): Promise<Catalogue> => {
      const isGood = (one: Catalogue) => one.lineage === lineage && one.version >= version
      if (held !== undefined && isGood(held)) return held
      // A load that began before may have read an older version: wait for it, then look again.
      if (loading !== undefined) {
        const joined = await loading
        if (isGood(joined)) return joined
      }
      loading ??= load().finally(() => (loading = undefined))
      return loading
    },
  }
}

/**
 * Page by page within one snapshot. Between two pages the event loop is free: it stands still for as long as the driver and
 * we need for one page, not for a whole catalogue.
 */
async function readCatalogue(tx: Transaction, krwRates: KrwRates): Promise<Catalogue> {
  const [state] = await tx.select({ version: catalogueState.version, lineage: cacheEpoch.lineage }).from(catalogueState).innerJoin(theEpoch, sql`true`)
  const made: Product[] = []
  const revisions = new Map<string, number>()
  for (let page = await readPage(tx, BEFORE_ALL); page.length > 0; ) {
    // Sent together: where the processor is busy, it is the trips that a load is made of.
    const [offerRows, nextPage] = await Promise.all([readOffers(tx, page.map(({ id }) => id)), readPage(tx, page.at(-1)?.id ?? BEFORE_ALL)])
    const offersOf = Map.groupBy(offerRows, ({ offer }) => offer.productId)
    for (const row of page) {
      made.push(toProduct(row, offersOf.get(row.id) ?? [], krwRates))
      revisions.set(row.id, row.revision)
    }
    page = nextPage
  }
  return { lineage: state?.lineage ?? '', version: state?.version ?? 0, products: made, revisions }
}

/** By id, not by a cursor: the driver's reads of one are never prepared. */
const readPage = (tx: Transaction, after: string): Promise<ProductRow[]> =>
  tx.select(productColumns).from(products).where(and(eq(products.isActive, true), gt(products.id, after))).orderBy(products.id).limit(PAGE).prepare('catalogue_page').execute()

/** The primary one of each product first. */
const readOffers = (tx: Transaction, productIds: readonly string[]): Promise<OfferRow[]> =>
  tx
    .select({ offer: offers, summary: { averagePrice: priceSummaries.averagePrice, lowestPrice: priceSummaries.lowestPrice } })
    .from(offers)
    .leftJoin(priceSummaries, eq(priceSummaries.offerId, offers.id))
    .where(sql`${offers.productId} = any(${sql.param([...productIds])}::uuid[])`)
    .orderBy(offers.productId, sql`${offers.isPrimary} desc`, offers.id)
    .prepare('catalogue_offers')
    .execute()

/** What scoring and an answer need of a product. */
const {
  source: _source, sourceId: _sourceId, market: _market, breedSizeLabel: _label, allergens: _allergens, overrides: _overrides, contentHash: _hash,
  createdAt: _createdAt, updatedAt: _updatedAt, ...productColumns
} = getTableColumns(products)
type ProductRow = Pick<typeof products.$inferSelect, keyof typeof productColumns>
type OfferRow = { offer: typeof offers.$inferSelect; summary: { averagePrice: number; lowestPrice: number } | null }

/** A product with its offers, the primary one first. */
export function toProduct(row: ProductRow, offerRows: readonly OfferRow[], krwRates: KrwRates): Product {
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
