import { withDeadline } from '../lib/deadline.ts'

/** Milliseconds. */
const READY_DEADLINE_MS = 1_000

/**
 * Whether `check` succeeds, within a deadline. All who ask meanwhile share one check, and a check that hangs is not
 * repeated until it has ended: however often a probe asks, it takes one connection of the pool.
 */
export function createReadiness(check: () => Promise<unknown>): () => Promise<boolean> {
  let running: Promise<boolean> | undefined
  return () => {
    running ??= check().then(() => true, () => false).finally(() => (running = undefined))
    return withDeadline('readiness', READY_DEADLINE_MS, running).catch(() => false)
  }
}
