import type { Inspection } from '../../cache/recommendation-cache.ts'
import type { PastRun } from '../../db/history.ts'
import { builder } from '../builder.ts'
import { notFound, unavailable } from '../errors.ts'
import { parseId } from '../input.ts'
import { RecommendationRun } from './recommendation-run.ts'

const RedisCacheEntry = builder.objectRef<Inspection>('RedisCacheEntry').implement({
  description: 'A run as Redis keeps it.',
  fields: (t) => ({
    runId: t.id({ description: 'The stored computation.', resolve: ({ run }) => run.id }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ run }) => run.createdAt }),
    expiresInSeconds: t.int({ description: 'Until Redis drops it.', resolve: ({ expiresInMs }) => Math.floor(expiresInMs / 1_000) }),
    sizeBytes: t.exposeInt('bytes', { description: 'Of the value, as it lies there.' }),
    encoding: t.exposeString('encoding', { description: '`zstd` where it is compressed, else `plain`.' }),
    tags: t.exposeStringList('tags', { description: "What the pet's runs in Redis hold, such as `product:<id>`." }),
  }),
})

const CacheEntry = builder.objectRef<{ petId: string; postgres: PastRun | undefined }>('CacheEntry').implement({
  description: 'What each tier holds for one pet, of its recommendations without conditions.',
  fields: (t) => ({
    petId: t.exposeID('petId', { description: 'The pet.' }),
    redis: t.field({
      type: RedisCacheEntry,
      nullable: true,
      description:
        'What Redis keeps, or this process where there is no Redis, also if a change has made it outdated and it would not be answered. Null where there is nothing that can be read; SERVICE_UNAVAILABLE where Redis does not answer.',
      resolve: async ({ petId }, _args, { services }) => {
        const outcome = await services.cache.inspect(petId)
        if (outcome.kind === 'unavailable') throw unavailable()
        return outcome.held
      },
    }),
    postgres: t.field({ type: RecommendationRun, nullable: true, description: 'The current run; null where there is none.', resolve: ({ postgres }) => postgres }),
  }),
})

builder.queryField('cacheEntry', (t) =>
  t.field({
    type: CacheEntry,
    description: 'Admin only: what each tier holds for one pet now. A pet that does not exist is NOT_FOUND.',
    authScopes: { admin: true },
    args: { petId: t.arg.id({ required: true, description: 'A UUID.' }) },
    resolve: async (_root, args, { services }) => {
      const petId = parseId(args.petId, 'petId')
      const [standing] = await services.runs.readStandings([petId], [''])
      if (standing === undefined) throw notFound('pet')
      const run = standing.run?.run
      return { petId, postgres: run === undefined ? undefined : { run, isCurrent: true } }
    },
  }),
)
