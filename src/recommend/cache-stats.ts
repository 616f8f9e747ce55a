import type { RedisStatus } from '../cache/redis-status.ts'
import type { Outbox } from '../db/outbox.ts'
import type { DistributionFigures } from '../lib/distribution.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Source } from './source.ts'

export type CacheStats = ReturnType<typeof createCacheStats>

/** `hits`: questions that this tier answered. */
export type TierStats = { source: Source; hits: number; errors: number; latencyMs: DistributionFigures }

/** In the order in which they are asked. */
const TIERS = ['MEMORY', 'REDIS', 'POSTGRES', 'COMPUTED'] as const satisfies readonly Source[]

/** What this process knows of its tiers since it started, and how the two servers are now. */
export function createCacheStats({ metrics, redisStatus, outbox, now }: {
  metrics: Metrics
  redisStatus: () => Promise<RedisStatus>
  outbox: Pick<Outbox, 'pendingCount'>
  now: () => number
}) {
  const since = now()
  const tiers = (): TierStats[] =>
    TIERS.map((source) => {
      const { latencyMs, errors } = metrics.tiers[source]
      const figures = latencyMs.figures()
      return { source, hits: figures.count, errors, latencyMs: figures }
    })

  return {
    since,
    tiers,
    /** Of all answers, the share that came from memory or Redis; 0 while there are none. */
    hitRate: (): number => {
      const counts = tiers()
      const total = counts.reduce((sum, { hits }) => sum + hits, 0)
      const cached = counts.reduce((sum, { source, hits }) => (source === 'MEMORY' || source === 'REDIS' ? sum + hits : sum), 0)
      return total === 0 ? 0 : cached / total
    },
    payloadBytes: () => metrics.payloadBytes.figures(),
    redisStatus,
    pendingInvalidations: () => outbox.pendingCount(),
  }
}
