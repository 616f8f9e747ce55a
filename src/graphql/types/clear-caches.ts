import type { ClearAllOutcome } from '../../recommend/clear-all.ts'
import { builder } from '../builder.ts'
import { notFound } from '../errors.ts'
import { parseId } from '../input.ts'
import { viewerOf } from '../viewer-of.ts'
import { RedisInvalidation } from './enums.ts'

const runs = 'Stored runs deleted.'
const keys = 'Keys deleted from Redis.'
const told = 'Whether the caches were told before this answer.'

const ClearRecommendationCachePayload = builder.objectRef<ClearAllOutcome & { petId: string }>('ClearRecommendationCachePayload').implement({
  description: 'What was cleared of one pet.',
  fields: (t) => ({
    petId: t.exposeID('petId', { description: 'The pet.' }),
    deletedRuns: t.exposeInt('deletedRuns', { description: runs }),
    redisKeysDeleted: t.exposeInt('redisKeysDeleted', { description: keys }),
    invalidation: t.expose('invalidation', { type: RedisInvalidation, description: told }),
  }),
})

const ClearAllRecommendationCachesPayload = builder.objectRef<ClearAllOutcome>('ClearAllRecommendationCachesPayload').implement({
  description: 'What was cleared. Nothing made before is answered any more; deleting goes on behind the answer, and these count what was gone by then.',
  fields: (t) => ({
    deletedRuns: t.exposeInt('deletedRuns', { description: runs }),
    redisKeysDeleted: t.exposeInt('redisKeysDeleted', { description: keys }),
    invalidation: t.expose('invalidation', { type: RedisInvalidation, description: told }),
  }),
})

builder.mutationFields((t) => ({
  clearRecommendationCache: t.field({
    type: ClearRecommendationCachePayload,
    description: 'Clears both tiers for one pet. The owner or an admin.',
    args: { petId: t.arg.id({ required: true, description: 'A UUID.' }) },
    resolve: async (_root, args, context) => {
      const petId = parseId(args.petId, 'petId')
      const outcome = await context.services.runKeeper.clear(petId, viewerOf(context))
      if (outcome.kind === 'not-found') throw notFound('pet')
      context.loaders.forget()
      return { ...outcome, petId }
    },
  }),
  clearAllRecommendationCaches: t.field({
    type: ClearAllRecommendationCachesPayload,
    description: 'Admin only: clears both tiers for every pet.',
    authScopes: { admin: true },
    resolve: async (_root, _args, context) => {
      const outcome = await context.services.clearAll()
      context.loaders.forget()
      return outcome
    },
  }),
}))
