import { z } from 'zod'
import type { PastRun } from '../../db/history.ts'
import { builder } from '../builder.ts'
import { connectionOf, encodeCursor, LARGEST_PAGE, parseCursor, parseFirst, type Connection, type Edge } from '../connection.ts'
import { parseId } from '../input.ts'
import { visiblePet } from '../visible-pet.ts'
import { EmptyReason, RecommendationStrategy } from './enums.ts'
import { PageInfo } from './page-info.ts'
import { RecommendationItem } from './recommendation-item.ts'

const DEFAULT_PAGE = 10
/** Of the year 9999: Postgres reads no later one. */
const LAST_INSTANT = 253_402_300_799_999

/** When a run was made, in milliseconds since 1970, and its id. */
const sortKey = z.tuple([z.int().min(0).max(LAST_INSTANT), z.guid()])

export const RecommendationRun = builder.objectRef<PastRun>('RecommendationRun').implement({
  description: 'One stored computation: what was recommended to a pet, with products and prices as they were then.',
  fields: (t) => ({
    id: t.id({ description: 'The `runId` of the recommendations that it was answered as.', resolve: ({ run }) => run.id }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ run }) => run.createdAt }),
    strategy: t.field({ type: RecommendationStrategy, description: 'What made it.', resolve: ({ run }) => run.strategy }),
    isCurrent: t.exposeBoolean('isCurrent', { description: 'Whether it is what `recommendations` answers now, asked under the same conditions.' }),
    hasConditions: t.boolean({ description: 'Whether it was made under conditions that were asked for that once.', resolve: ({ run }) => run.conditionsHash !== '' }),
    emptyReason: t.field({ type: EmptyReason, nullable: true, description: 'Why items is empty.', resolve: ({ run }) => run.emptyReason }),
    items: t.field({ type: [RecommendationItem], description: 'The best first, ten at most.', resolve: ({ run }) => run.items }),
  }),
})

const RecommendationRunEdge = builder.objectRef<Edge<PastRun>>('RecommendationRunEdge').implement({
  description: 'A run and its place in the history.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'To be sent as `after` for what comes after this run.' }),
    node: t.field({ type: RecommendationRun, description: 'The run.', resolve: ({ node }) => node }),
  }),
})

const RecommendationRunConnection = builder.objectRef<Connection<PastRun>>('RecommendationRunConnection').implement({
  description: 'A page of the history of a pet.',
  fields: (t) => ({
    edges: t.field({ type: [RecommendationRunEdge], description: 'Newest first.', resolve: ({ edges }) => edges }),
    pageInfo: t.field({ type: PageInfo, description: 'Where this page stands.', resolve: ({ pageInfo }) => pageInfo }),
  }),
})

builder.queryField('recommendationHistory', (t) =>
  t.field({
    type: RecommendationRunConnection,
    description:
      'Past runs of a pet, newest first: those made under conditions as well, and the current ones. Stable while it is paged through: a run that is made meanwhile moves no page. A clear deletes runs from it, and runs that an older release stored in a form that this one no longer reads are left out.',
    args: {
      petId: t.arg.id({ required: true, description: "A pet of the viewer's; admins may ask for any. Another's pet is NOT_FOUND." }),
      first: t.arg.int({ required: false, defaultValue: DEFAULT_PAGE, description: `Runs on the page, 1 to ${LARGEST_PAGE}; with all of their items, fewer are within the cost of one operation.` }),
      after: t.arg.string({ required: false, description: 'The cursor of the last run seen. Left out: from the newest.' }),
    },
    resolve: async (_root, args, context) => {
      const petId = parseId(args.petId, 'petId')
      const first = parseFirst(args.first, DEFAULT_PAGE)
      const after = parseCursor(sortKey, args.after)
      await visiblePet(petId, context)
      const place = after === undefined ? undefined : { createdAt: after[0], id: after[1] }
      const found = await context.services.history.page(petId, first + 1, place)
      return connectionOf(found, first, place !== undefined, ({ run }) => encodeCursor([run.createdAt, run.id]))
    },
  }),
)
