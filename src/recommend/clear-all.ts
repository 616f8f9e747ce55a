import { setTimeout as delay } from 'node:timers/promises'
import { policies } from '../cache/policies.ts'
import type { RecommendationCache } from '../cache/recommendation-cache.ts'
import type { EpochStore } from '../db/epoch.ts'
import type { RunStore } from '../db/runs.ts'
import type { Logger } from '../lib/logger.ts'
import type { AfterCommit } from './after-commit.ts'
import type { Delivery } from './deliver.ts'

export type ClearAllOutcome = { deletedRuns: number; redisKeysDeleted: number; invalidation: Delivery['invalidation'] }

/**
 * Retire everything at once: the epoch is raised, and what was made under the one before is an answer no more, in
 * constant time. Deleting it is housekeeping. It goes on in batches behind the answer; the outcome counts what was gone
 * by then, the log tells the rest. A gateway that stops in between leaves rows that the next sweep takes.
 */
export function createClearAll({ epochs, afterCommit, cache, runs, logger, monotonicNow }: {
  epochs: EpochStore
  afterCommit: AfterCommit
  cache: RecommendationCache
  runs: Pick<RunStore, 'sweepOldEpochs'>
  logger: Logger
  monotonicNow: () => number
}) {
  let stopped = false
  const sweeps = new Set<Promise<void>>()

  const sweep = (count: { runs: number; keys: number }): Promise<void> => {
    const sweepRuns = async () => {
      for (let deleted = policies.sweepBatch; deleted === policies.sweepBatch && !stopped; ) {
        deleted = await runs.sweepOldEpochs(policies.sweepBatch)
        count.runs += deleted
      }
    }
    /** From the beginning after a failure: what was dropped is not found again, and Redis may only have been busy. */
    const sweepKeys = async (triesLeft: number): Promise<void> => {
      try {
        for await (const dropped of cache.sweep()) {
          count.keys += dropped
          if (stopped) return
        }
      } catch (error) {
        if (triesLeft === 0 || stopped) throw error
        logger.debug({ err: error }, 'sweep interrupted')
        await delay(policies.sweepPauseMs, undefined, { ref: false })
        await sweepKeys(triesLeft - 1)
      }
    }
    const sweeping = Promise.allSettled([sweepRuns(), sweepKeys(policies.sweepTries)]).then((outcomes) => {
      for (const outcome of outcomes) if (outcome.status === 'rejected') logger.warn({ err: outcome.reason }, 'sweep ended early')
      logger.info(count, 'caches swept')
      sweeps.delete(sweeping)
    })
    sweeps.add(sweeping)
    return sweeping
  }

  return {
    clearAll: async (): Promise<ClearAllOutcome> => {
      const began = monotonicNow()
      const entries = await epochs.raise()
      const { invalidation } = await afterCommit(entries)
      const count = { runs: 0, keys: 0 }
      const left = Math.max(0, policies.sweepBudgetMs - (monotonicNow() - began))
      await Promise.race([sweep(count), new Promise((resolve) => setTimeout(resolve, left).unref())])
      return { deletedRuns: count.runs, redisKeysDeleted: count.keys, invalidation }
    },
    close: async (): Promise<void> => {
      stopped = true
      await Promise.all(sweeps)
    },
  }
}
