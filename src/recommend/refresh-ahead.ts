import { LRUCache } from 'lru-cache'
import type { Leases } from '../cache/leases.ts'
import { policies } from '../cache/policies.ts'
import type { RunStore } from '../db/runs.ts'
import type { Conditions } from '../domain/pet.ts'
import { RUN_LIFE_MS, type Run } from '../domain/run.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Computation } from './computation.ts'
import type { Fill } from './fill.ts'

/** Runs that were made together grow old together; readers come before them. */
const AT_ONCE = 4

export type RefreshAhead = {
  /** Called with every run that is answered. Returns at once. */
  consider(run: Run, conditions: Conditions): void
  close(): Promise<void>
}

/**
 * A run that is asked for on its last day is made anew before it ends, in the background, so that nobody has to wait for
 * it afterwards. One at a time for each pet across all processes: by a lease that nobody waits for.
 *
 * The clock of this machine only decides whether to look; whether a run is old enough to be replaced, Postgres's decides.
 * The new run is stored under the version of the old one, so an invalidation that comes first or last wins over both.
 */
export function createRefreshAhead({ compute, leases, runs, fill, metrics, logger, now, monotonicNow }: {
  compute: Computation
  leases: Leases
  runs: Pick<RunStore, 'readStandings'>
  fill: Fill
  metrics: Metrics
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
  monotonicNow: () => number
}): RefreshAhead {
  const tried = new LRUCache<string, number>({ max: 10_000 })
  const running = new Set<Promise<void>>()

  const refresh = async ({ petId, conditionsHash, version, epoch, lineage }: Run, conditions: Conditions): Promise<string> => {
    const outcome = await leases.take({ petId, conditionsHash }, epoch, version)
    if (outcome.kind !== 'taken') return outcome.kind
    try {
      const standings = await runs.readStandings([petId], [conditionsHash])
      const held = standings.find((one) => one.conditionsHash === conditionsHash)
      if (held?.run === undefined || held.version !== version || held.epoch !== epoch || held.lineage !== lineage) return 'moved'
      if (held.run.lifeLeftMs >= policies.refreshAheadMs) return 'fresh'
      const computed = await compute({ petId, conditionsHash, conditions, version, epoch, lineage }, RUN_LIFE_MS - policies.refreshAheadMs)
      if (computed.kind === 'stored') await fill([computed], epoch)
      return computed.kind
    } finally {
      await outcome.lease.release()
    }
  }

  return {
    consider: (run, conditions) => {
      if (run.id === null || run.expiresAt - now() >= policies.refreshAheadMs || running.size >= AT_ONCE) return
      const key = `${run.petId}|${run.conditionsHash}`
      const last = tried.get(key)
      if (last !== undefined && monotonicNow() - last < policies.refreshAheadPauseMs) return
      tried.set(key, monotonicNow())
      const work = refresh(run, conditions)
        .catch((error: unknown) => {
          logger.warn({ err: error, petId: run.petId }, 'not refreshed ahead')
          return 'failed'
        })
        .then((outcome) => {
          metrics.refreshesAhead.inc({ outcome })
          running.delete(work)
        })
      running.add(work)
    },
    close: async () => void (await Promise.all(running)),
  }
}
