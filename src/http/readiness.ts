import { setTimeout as delay } from 'node:timers/promises'
import { withDeadline } from '../lib/deadline.ts'

/** Milliseconds. */
const READY_DEADLINE_MS = 1_000
/** Milliseconds; a pool that gives no connection by then is busy, not broken. */
const BUSY_AFTER_MS = 200

/**
 * Whether Postgres answers `postgres`, within a deadline, and the pool that requests use has not failed: after a restart
 * of Postgres it may still hold what is left of the one before. That the pool is busy says nothing about Postgres. Both
 * checks fail where Postgres is read-only: such a gateway is of no use, and what a standby says may be old.
 *
 * All who ask meanwhile share one check of each, and a check that hangs is not repeated until it has ended: however often
 * a probe asks, it takes one connection of each pool.
 */
export function createReadiness({ postgres, requestsPool }: { postgres: () => Promise<unknown>; requestsPool: () => Promise<unknown> }): () => Promise<boolean> {
  const answers = shared(postgres)
  const isWell = shared(requestsPool)
  return async () => {
    const ready = Promise.all([answers(), Promise.race([isWell(), delay(BUSY_AFTER_MS, true, { ref: false })])])
    return withDeadline('readiness', READY_DEADLINE_MS, ready).then((all) => all.every(Boolean), () => false)
  }
}

function shared(check: () => Promise<unknown>): () => Promise<boolean> {
  let running: Promise<boolean> | undefined
  return () => (running ??= check().then(() => true, () => false).finally(() => (running = undefined)))
}
