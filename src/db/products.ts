import { eq, sql } from 'drizzle-orm'
import type { KrwRates } from '../domain/prices.ts'
import type { Product } from '../domain/product.ts'
import { toProduct } from './catalogue.ts'
import type { Db, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { offers, priceSummaries, products } from './tables/products.ts'

export type ProductStore = ReturnType<typeof createProductStore>

export function createProductStore(db: Db, krwRates: KrwRates) {
  const readProducts = (ids: readonly string[]): Promise<Map<string, Product>> => bounded('products', readProductsIn(db, ids, krwRates))

  return {
    /** Active or not, with their offers, all in one statement. `revision` belongs to the row that was read. */
    readProducts,
    readProduct: async (id: string): Promise<Product | undefined> => (await readProducts([id])).get(id),
  }
}

export const productColumns = {
  product: products,
  offer: offers,
  summary: { averagePrice: priceSummaries.averagePrice, lowestPrice: priceSummaries.lowestPrice },
}
export const offerOrder = [sql`${offers.isPrimary} desc`, offers.id]

export async function readProductsIn(executor: Db | Transaction, ids: readonly string[], krwRates: KrwRates): Promise<Map<string, Product>> {
  const rows = await executor
    .select(productColumns)
    .from(products)
    .leftJoin(offers, eq(offers.productId, products.id))
    .leftJoin(priceSummaries, eq(priceSummaries.offerId, offers.id))
    .where(sql`${products.id} = any(${sql.param([...ids])}::uuid[])`)
    .orderBy(products.id, ...offerOrder)
  return new Map(toProducts(rows, krwRates).map((product) => [product.id, product]))
}

type Row = {
  product: typeof products.$inferSelect
  offer: typeof offers.$inferSelect | null
  summary: { averagePrice: number | null; lowestPrice: number | null } | null
}

/** One row for each offer, or one without; in the order of the rows. */
export function toProducts(rows: readonly Row[], krwRates: KrwRates): Product[] {
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
