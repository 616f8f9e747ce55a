import { builder } from '../builder.ts'
import type { PageInfoValue } from '../connection.ts'

export const PageInfo = builder.objectRef<PageInfoValue>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether anything comes after this page.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether this page comes after a cursor.' }),
    startCursor: t.exposeString('startCursor', { nullable: true, description: 'Of the first edge; null on an empty page.' }),
    endCursor: t.exposeString('endCursor', { nullable: true, description: 'Of the last edge, to be sent as `after` for the next page; null on an empty page.' }),
  }),
})
