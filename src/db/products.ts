import { eq, sql, type SQL } from 'drizzle-orm'
import type { Species } from '../domain/codes.ts'
import type { KrwRates } from '../domain/prices.ts'
import type { Product } from '../domain/product.ts'
import { toProduct } from './catalogue.ts'
import type { Db, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { offers, priceSummaries, products } from './tables/products.ts'

/** `words`: each must stand somewhere in brand or name. `after`: the sort key and id that the page before ended with. */
export type ProductQuery = {
  species: Species | undefined
  words: readonly string[]
  inactiveToo: boolean
  limit: number
  after: ProductPosition | undefined
}
export type ProductPosition = { sortKey: string; id: string }
export type PagedProduct = ProductPosition & { product: Product }

export type ProductStore = ReturnType<typeof createProductStore>

// Written as the indexes of drizzle/0008_product_search.sql have it, or they are not used.
const searched = sql`fold_text(${products.brandName} || ' ' || ${products.productName})`
const sortKey = sql<string>`left(${searched}, 200) collate "C"`

export function createProductStore(db: Db, krwRates: KrwRates) {
  const readProducts = (ids: readonly string[]): Promise<Map<string, Product>> => bounded('products', readProductsIn(db, ids, krwRates))

  return {
    /** Active or not, with their offers, all in one statement. `revision` belongs to the row that was read. */
    readProducts,
    readProduct: async (id: string): Promise<Product | undefined> => (await readProducts([id])).get(id),

    /** By brand and name, in one statement. A product for both species is one of either. */
    readPage: async (query: ProductQuery): Promise<PagedProduct[]> => {
      const page = db
        .select({ id: products.id, sortKey: sortKey.as('sort_key') })
        .from(products)
        .where(sql.join([sql`true`, ...conditions(query)], sql` and `))
        .orderBy(sortKey, products.id)
        .limit(query.limit)
        .as('page')
      const rows = await bounded(
        'page of products',
        db
          .select({ ...selection, sortKey: page.sortKey })
          .from(page)
          .innerJoin(products, eq(products.id, page.id))
          .leftJoin(offers, eq(offers.productId, products.id))
          .leftJoin(priceSummaries, eq(priceSummaries.offerId, offers.id))
          .orderBy(sql`${page.sortKey} collate "C"`, page.id, ...offerOrder),
      )
      const keyOf = new Map(rows.map((row) => [row.product.id, row.sortKey]))
      return toProducts(rows, krwRates).map((product) => ({ product, id: product.id, sortKey: keyOf.get(product.id) ?? '' }))
    },
  }
}

const selection = {
  product: products,
  offer: offers,
  summary: { averagePrice: priceSummaries.averagePrice, lowestPrice: priceSummaries.lowestPrice },
}
const offerOrder = [sql`${offers.isPrimary} desc`, offers.id]

export async function readProductsIn(executor: Db | Transaction, ids: readonly string[], krwRates: KrwRates): Promise<Map<string, Product>> {
  const rows = await executor
    .select(selection)
    .from(products)
    .leftJoin(offers, eq(offers.productId, products.id))
    .leftJoin(priceSummaries, eq(priceSummaries.offerId, offers.id))
    .where(sql`${products.id} = any(${sql.param([...ids])}::uuid[])`)
    .orderBy(products.id, ...offerOrder)
  return new Map(toProducts(rows, krwRates).map((product) => [product.id, product]))
}

function conditions({ species, words, inactiveToo, after }: ProductQuery): SQL[] {
  return [
    ...(inactiveToo ? [] : [eq(products.isActive, true)]),
    ...(species === undefined ? [] : [sql`(${products.species} = ${species} or ${products.species} is null)`]),
    // The index finds what holds all letters and pairs of letters of a word; then the word itself is looked for. It is
    // never a pattern, so nothing in it has to be escaped.
    ...words.flatMap((word) => [sql`text_grams(${searched}) @> text_grams(fold_text(${word}))`, sql`strpos(${searched}, fold_text(${word})) > 0`]),
    ...(after === undefined ? [] : [sql`(${sortKey}, ${products.id}) > (${after.sortKey} collate "C", ${after.id}::uuid)`]),
  ]
}

type Row = {
  product: typeof products.$inferSelect
  offer: typeof offers.$inferSelect | null
  summary: { averagePrice: number | null; lowestPrice: number | null } | null
}

/** One row for each offer, or one without; in the order of the rows. */
function toProducts(rows: readonly Row[], krwRates: KrwRates): Product[] {
  return [...Map.groupBy(rows, ({ product }) => product.id).values()].flatMap((ofProduct) => {
    const [first] = ofProduct
    const offerRows = ofProduct.flatMap(({ offer, summary }) => {
      if (offer === null) return []
      const { averagePrice = null, lowestPrice = null } = summary ?? {}
      return [{ offer, summary: averagePrice === null || lowestPrice === null ? null : { averagePrice, lowestPrice } }]
    })
    return first === undefined ? [] : [toProduct(first.product, offerRows, krwRates)]
  })
}
