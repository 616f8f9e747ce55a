import { eq, sql, type SQL } from 'drizzle-orm'
import type { Species } from '../domain/codes.ts'
import type { KrwRates } from '../domain/prices.ts'
import type { Product } from '../domain/product.ts'
import type { Db } from './client.ts'
import { bounded } from './errors.ts'
import { offerOrder, productColumns, toProducts } from './products.ts'
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
export type ProductPages = { read(query: ProductQuery): Promise<PagedProduct[]> }

// Written as the indexes of drizzle/0002_product_search.sql have it, or they are not used.
const searched = sql`fold_text(${products.brandName} || ' ' || ${products.productName})`
const sortKey = sql<string>`left(${searched}, 200) collate "C"`

/** Products in order in which a word is looked for one by one, before the index of letters is asked. */
const NEARBY = 500

/** Pages of products by brand and name. A product for both species is one of either. */
export function createProductPages(db: Db, krwRates: KrwRates): ProductPages {
  const read = async (page: ReturnType<typeof pageOf>): Promise<PagedProduct[]> => {
    const rows = await bounded(
      'page of products',
      db
        .select({ ...productColumns, sortKey: page.sortKey })
        .from(page)
        .innerJoin(products, eq(products.id, page.id))
        .leftJoin(offers, eq(offers.productId, products.id))
        .leftJoin(priceSummaries, eq(priceSummaries.offerId, offers.id))
        .orderBy(sql`${page.sortKey} collate "C"`, page.id, ...offerOrder),
    )
    const keyOf = new Map(rows.map((row) => [row.product.id, row.sortKey]))
    return toProducts(rows, krwRates).map((product) => ({ product, id: product.id, sortKey: keyOf.get(product.id) ?? '' }))
  }

  const pageOf = ({ limit, ...query }: ProductQuery, words: readonly SQL[]) =>
    db
      .select({ id: products.id, sortKey: sortKey.as('sort_key') })
      .from(products)
      .where(sql.join([...conditions(query), ...words], sql` and `))
      .orderBy(sortKey, products.id)
      .limit(limit)
      .as('page')

  /** Of the next NEARBY products those that hold the words; all of the page, if it is full. */
  const nearPageOf = ({ words, limit, ...query }: ProductQuery) => {
    const near = db
      .select({ id: products.id, sortKey: sortKey.as('sort_key'), text: searched.as('text') })
      .from(products)
      .where(sql.join(conditions(query), sql` and `))
      .orderBy(sortKey, products.id)
      .limit(NEARBY)
      .as('near')
    return db
      .select({ id: near.id, sortKey: near.sortKey })
      .from(near)
      .where(sql.join(words.map((word) => stands(word, sql`${near.text}`)), sql` and `))
      .orderBy(sql`${near.sortKey} collate "C"`, near.id)
      .limit(limit)
      .as('page')
  }

  return {
    /**
     * A word that many names hold fills the page from the next few products. One that few hold is found by its letters and
     * pairs of letters, and then there are few to look at. Which of the two it is Postgres cannot tell: it takes the pairs of a
     * word for independent of each other, and so every word for a rare one.
     */
    read: async (query) => {
      if (query.words.length === 0) return read(pageOf(query, []))
      const near = await read(nearPageOf(query))
      if (near.length === query.limit) return near
      return read(pageOf(query, query.words.flatMap((word) => [holdsLettersOf(word), stands(word, searched)])))
    },
  }
}

const holdsLettersOf = (word: string): SQL => sql`text_grams(${searched}) @> text_grams(fold_text(${word}))`

/** Never a pattern, so nothing in it has to be escaped. */
const stands = (word: string, text: SQL): SQL => sql`strpos(${text}, fold_text(${word})) > 0`

function conditions({ species, inactiveToo, after }: Pick<ProductQuery, 'species' | 'inactiveToo' | 'after'>): SQL[] {
  return [
    inactiveToo ? sql`true` : eq(products.isActive, true),
    ...(species === undefined ? [] : [sql`(${products.species} = ${species} or ${products.species} is null)`]),
    ...(after === undefined ? [] : [sql`(${sortKey}, ${products.id}) > (${after.sortKey} collate "C", ${after.id}::uuid)`]),
  ]
}
