import type { Invalidation, RecommendationCache } from '../cache/recommendation-cache.ts'
import type { LineageWatch } from '../cache/lineage-watch.ts'
import type { Outbox } from '../db/outbox.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'

/** CLEARED: no process answers from the cache with what predates the change. QUEUED: the outbox holds it, the relay delivers it. */
export type Delivery = { invalidation: 'CLEARED' | 'QUEUED'; keysDropped: number }

export type Deliver = (entries: readonly Invalidation[], by: 'mutation' | 'relay' | 'verification') => Promise<Delivery>

/**
 * Tell the cache what a committed change wrote to the outbox. Called after the commit and before the answer: earlier,
 * a reader between us and the commit would fill the cache with the old state under the new fence.
 */
export function createDeliver({ cache, watch, outbox, metrics, logger }: {
  cache: RecommendationCache
  watch: Pick<LineageWatch, 'note'>
  outbox: Pick<Outbox, 'current'>
  metrics: Metrics
  logger: Logger
}): Deliver {
  const deliver: Deliver = async (entries, by) => {
    if (entries.length === 0) return { invalidation: 'CLEARED', keysDropped: 0 }
    for (const entry of entries) watch.note(entry.lineage, entry.kind === 'pet' ? entry.version : 0)
    const outcome = await cache.invalidate(entries)
    if (outcome.kind === 'unavailable') {
      logger.warn({ err: outcome.cause, count: entries.length, by }, 'cache error, invalidation queued')
      return { invalidation: 'QUEUED', keysDropped: 0 }
    }
    metrics.invalidations.inc({ by }, entries.length)
    logger.info({ count: entries.length, keysDropped: outcome.keysDropped, by }, 'cache invalidated')
    if (outcome.epochCreated) await confirmEpoch()
    return { invalidation: 'CLEARED', keysDropped: outcome.keysDropped }
  }

  /**
   * No epoch was in the cache when ours was written, so a newer one may have been lost with it. Whoever raised it in
   * Postgres did so before this reading, and then we write it again, or delivers it after us.
   */
  const confirmEpoch = async (): Promise<void> => {
    try {
      const { epoch, lineage } = await outbox.current([])
      await cache.invalidate([{ kind: 'epoch', epoch, lineage }])
    } catch (error) {
      logger.warn({ err: error }, 'epoch not confirmed')
    }
  }

  return deliver
}
