import { z } from 'zod'
import type { PagedProduct } from '../../db/product-pages.ts'
import { snapshotOf } from '../../domain/run.ts'
import { builder } from '../builder.ts'
import { connectionOf, encodeCursor, parseCursor, parseFirst, type Connection, type Edge } from '../connection.ts'
import { parseId } from '../input.ts'
import { parseSearch } from '../product-input.ts'
import { viewerOf } from '../viewer-of.ts'
import { Species } from './enums.ts'
import { PageInfo } from './page-info.ts'
import { Product } from './product.ts'

const PRODUCTS_A_PAGE = 20
const sortKeySchema = z.tuple([z.string().max(400).refine((text) => text.isWellFormed() && !text.includes('\0')), z.uuid()])

const ProductEdge = builder.objectRef<Edge<PagedProduct>>('ProductEdge').implement({
  description: 'A product in its place in the list.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'To be sent as `after` for what follows.' }),
    node: t.field({ type: Product, description: 'The product, as it is now.', resolve: ({ node }) => snapshotOf(node.product) }),
  }),
})

const ProductConnection = builder.objectRef<Connection<PagedProduct>>('ProductConnection').implement({
  description: 'One page of products.',
  fields: (t) => ({
    edges: t.field({ type: [ProductEdge], description: 'By brand and name.', resolve: ({ edges }) => edges }),
    pageInfo: t.field({ type: PageInfo, description: 'Where the page stands.', resolve: ({ pageInfo }) => pageInfo }),
  }),
})

builder.queryFields((t) => ({
  product: t.field({
    type: Product,
    nullable: true,
    description: 'A product as it is now, whether it may be recommended or not. Null where there is none of this id.',
    args: { id: t.arg.id({ required: true, description: 'A UUID.' }) },
    resolve: async (_root, args, { loaders }) => {
      const product = await loaders.product.load(parseId(args.id, 'id'))
      return product === undefined ? null : snapshotOf(product)
    },
  }),
  products: t.field({
    type: ProductConnection,
    description: 'All products that may be recommended, by brand and name; admins also see those that may not (isActive false).',
    args: {
      species: t.arg({ type: Species, required: false, description: 'Foods for this species, those for dogs and cats alike included. Left out: all.' }),
      search: t.arg.string({
        required: false,
        description: 'Words that all stand in brand or product name, or in a word of them, in any case. 100 characters and 10 words at most. Left out or blank: all.',
      }),
      first: t.arg.int({ required: false, defaultValue: PRODUCTS_A_PAGE, description: 'How many, 1 to 100.' }),
      after: t.arg.string({ required: false, description: 'The cursor of the last edge that was seen.' }),
    },
    resolve: async (_root, args, context) => {
      const first = parseFirst(args.first, PRODUCTS_A_PAGE)
      const after = parseCursor(sortKeySchema, args.after)
      const page = await context.services.productPages.read({
        species: args.species ?? undefined,
        words: parseSearch(args.search),
        inactiveToo: viewerOf(context).isAdmin,
        limit: first + 1,
        after: after === undefined ? undefined : { sortKey: after[0], id: after[1] },
      })
      return connectionOf(page, first, after !== undefined, ({ sortKey, id }) => encodeCursor([sortKey, id]))
    },
  }),
}))
