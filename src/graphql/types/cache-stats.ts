import type { RedisStatus as RedisStatusValue } from '../../cache/redis-status.ts'
import type { DistributionFigures } from '../../lib/distribution.ts'
import type { CacheStats as CacheStatsValue, TierStats } from '../../recommend/cache-stats.ts'
import { builder } from '../builder.ts'
import { CircuitState, RecommendationSource } from './enums.ts'

const LARGEST_INT = 2_147_483_647

/** GraphQL's Int has 32 bits, which a busy process fills within two days. */
const counted = (count: number) => Math.min(count, LARGEST_INT)
const stops = 'Stops at 2,147,483,647.'

const Distribution = builder.objectRef<DistributionFigures>('Distribution').implement({
  description: 'How a measure is distributed, right to a thousandth. The figures are null while nothing was measured.',
  fields: (t) => ({
    count: t.int({ description: `How many were measured. ${stops}`, resolve: ({ count }) => counted(count) }),
    p50: t.exposeFloat('p50', { nullable: true, description: 'Half of all are not above this.' }),
    p95: t.exposeFloat('p95', { nullable: true, description: '95 of 100 are not above this.' }),
    p99: t.exposeFloat('p99', { nullable: true, description: '99 of 100 are not above this.' }),
    max: t.exposeFloat('max', { nullable: true, description: 'The largest.' }),
  }),
})

const CacheTierStats = builder.objectRef<TierStats>('CacheTierStats').implement({
  description: 'One tier of the read ladder, in this process since it started.',
  fields: (t) => ({
    source: t.expose('source', { type: RecommendationSource, description: 'Which tier.' }),
    hits: t.int({ description: `Recommendations that it answered. ${stops}`, resolve: ({ hits }) => counted(hits) }),
    errors: t.int({
      description: 'How often it was asked and failed or ran out of time. While the circuit is open Redis is not asked.',
      resolve: ({ errors }) => counted(errors),
    }),
    latencyMs: t.expose('latencyMs', {
      type: Distribution,
      description: 'Milliseconds from when a recommendation was asked for until this tier had the answer, the tiers above that had none included. What GraphQL and HTTP take comes on top.',
    }),
  }),
})

const RedisStatus = builder.objectRef<RedisStatusValue>('RedisStatus').implement({
  description: 'How Redis is at this moment, as this process sees it.',
  fields: (t) => ({
    connected: t.exposeBoolean('connected', { description: 'Whether Redis, in a cluster every master, has just answered in time. False where there is none.' }),
    mode: t.exposeString('mode', { description: '`standalone`, `sentinel` or `cluster`; `memory` where there is no Redis and this process keeps the answers itself.' }),
    circuit: t.expose('circuit', { type: CircuitState, description: 'Whether recommendations are read from Redis. CLOSED where there is none.' }),
    usedMemoryBytes: t.exposeFloat('usedMemoryBytes', { nullable: true, description: 'What Redis has allocated, all masters together; null where it does not say.' }),
    keyCount: t.int({
      nullable: true,
      description: `All keys of the database, also those of others, all masters together; null where Redis does not say. ${stops}`,
      resolve: ({ keyCount }) => (keyCount === null ? null : counted(keyCount)),
    }),
  }),
})

const CacheStats = builder.objectRef<CacheStatsValue>('CacheStats').implement({
  description: 'How the caches do. Figures are of this one process since it started; other processes have their own.',
  fields: (t) => ({
    since: t.expose('since', { type: 'DateTime', description: 'When this process started.' }),
    hitRate: t.float({
      description: 'Of all recommendations answered, forced refreshes among them, the share that came from MEMORY or REDIS: 0 to 1, and 0 while there are none.',
      resolve: (stats) => stats.hitRate(),
    }),
    tiers: t.field({ type: [CacheTierStats], description: 'All four, in the order in which they are asked.', resolve: (stats) => stats.tiers() }),
    redis: t.field({ type: RedisStatus, description: 'Asked now, within a tenth of a second; also answered while Redis is away.', resolve: (stats) => stats.redisStatus() }),
    pendingInvalidations: t.int({
      description: 'Invalidations recorded in Postgres and not yet delivered to Redis, by whichever process. SERVICE_UNAVAILABLE while Postgres is away.',
      resolve: (stats) => stats.pendingInvalidations(),
    }),
    payloadBytes: t.field({
      type: Distribution,
      description: 'Bytes of each run that this process has kept in the cache, as it lies there: compressed, where it is.',
      resolve: (stats) => stats.payloadBytes(),
    }),
  }),
})

builder.queryField('cacheStats', (t) =>
  t.field({
    type: CacheStats,
    description: 'Admin only: how the caches of the process that answers do.',
    authScopes: { admin: true },
    resolve: (_root, _args, { services }) => services.cacheStats,
  }),
)
