import { randomUUID } from 'node:crypto'
import { policies } from '../cache/policies.ts'
import type { Invalidation, RecommendationCache } from '../cache/recommendation-cache.ts'
import type { Outbox } from '../db/outbox.ts'
import type { StoredRun } from '../domain/run.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Deliver } from './deliver.ts'

/** `endsAt`: of the run's seven days, on the monotonic clock: see life.ts. */
export type ToFill = { run: StoredRun; ownerId: string; endsAt: number }
/** `attempt` tells this filler's two fills of a run from everybody else's. */
type Attempt = ToFill & { attempt: string }
/** `cachedEpoch` is what the cache said in the read that missed; undefined where it said nothing. */
export type Fill = (runs: readonly ToFill[], cachedEpoch: number | undefined) => Promise<void>

/**
 * Keep runs in the cache. Never fails a read: whatever goes wrong is counted and the next reader finds a miss.
 *
 * Where a pet has no fence the cache first only takes the run's fence (see scripts/fill.lua). Then the versions are read
 * once more in Postgres, one statement for all of them, and only what still stands is stored.
 */
export function createFill({ cache, deliver, outbox, metrics, logger, monotonicNow, random }: {
  cache: RecommendationCache
  deliver: Deliver
  outbox: Pick<Outbox, 'current'>
  metrics: Metrics
  logger: Logger
  /** Milliseconds that never jump, whatever happens to the clock on the wall. */
  monotonicNow: () => number
  random: () => number
}): Fill {
  /** Returns true where a fence was missing. */
  const fillOne = async ({ run, ownerId, endsAt, attempt }: Attempt): Promise<boolean> => {
    // Whatever came between reading the run and this (a slow sibling, a process that was paused) is not given back to it.
    const lifeMs = Math.floor((endsAt - monotonicNow()) * (1 - policies.jitterShare * random()))
    if (lifeMs < policies.leastLifeMs) return false
    const outcome = await cache.fill(run, ownerId, lifeMs, attempt)
    metrics.fills.inc({ outcome: outcome.kind })
    if (outcome.kind === 'stored') {
      metrics.payloadBytes.record(outcome.bytes)
      logger.info({ petId: run.petId, lifeMs, bytes: outcome.bytes }, 'cache saved')
    }
    if (outcome.kind === 'unavailable') logger.warn({ err: outcome.cause, petId: run.petId }, 'cache error, not saved')
    return outcome.kind === 'unfenced'
  }

  const verifyAndFill = async (unfenced: readonly Attempt[]): Promise<void> => {
    const { lineage, epoch, pets } = await outbox.current(unfenced.map(({ run }) => run.petId))
    const standing: Attempt[] = []
    const moved: Invalidation[] = []
    for (const one of unfenced) {
      const pet = pets.get(one.run.petId)
      // Another lineage's versions say nothing of these runs, nor may they be told to the keys of this one.
      if (pet === undefined || one.run.lineage !== lineage) continue
      if (pet.version === one.run.version && one.run.epoch === epoch) standing.push(one)
      else moved.push({ kind: 'pet', petId: one.run.petId, ...pet, lineage })
    }
    await deliver(moved, 'verification')
    await Promise.all(standing.map(fillOne))
  }

  return async (runs, cachedEpoch) => {
    const [first] = runs
    if (first === undefined || cache.isAway()) return
    // A cache that lost its epoch, or never had one, answers nothing until it is told.
    const { epoch, lineage } = first.run
    if (cachedEpoch === undefined || cachedEpoch < epoch) await deliver([{ kind: 'epoch', epoch, lineage }], 'verification')
    const attempts = runs.map((one): Attempt => ({ ...one, attempt: randomUUID() }))
    const isUnfenced = await Promise.all(attempts.map(fillOne))
    const unfenced = attempts.filter((_, i) => isUnfenced[i])
    if (unfenced.length === 0) return
    await verifyAndFill(unfenced).catch((error: unknown) => logger.warn({ err: error }, 'not saved: versions could not be verified'))
  }
}
