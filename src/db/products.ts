import { eq, sql } from 'drizzle-orm'
import type { KrwRates } from '../domain/prices.ts'
import type { Product } from '../domain/product.ts'
import { toProduct } from './catalogue.ts'
import type { Db } from './client.ts'
import { bounded } from './errors.ts'
import { offers, priceSummaries, products } from './tables/products.ts'

export type ProductStore = ReturnType<typeof createProductStore>

export function createProductStore(db: Db, krwRates: KrwRates) {
  return {
    /** Active or not, with its offers. `revision` belongs to the row that was read. */
    readProduct: async (id: string): Promise<Product | undefined> => {
      const [row] = await bounded('product', db.select().from(products).where(eq(products.id, id)))
      if (row === undefined) return undefined
      const offerRows = await bounded(
        'offers',
        db
          .select({ offer: offers, summary: { averagePrice: priceSummaries.averagePrice, lowestPrice: priceSummaries.lowestPrice } })
          .from(offers)
          .leftJoin(priceSummaries, eq(priceSummaries.offerId, offers.id))
          .where(eq(offers.productId, id))
          .orderBy(sql`${offers.isPrimary} desc`, offers.id),
      )
      return toProduct(row, offerRows, krwRates)
    },
  }
}
