import { bounded, isForAnotherConnection } from './errors.ts'

/** All connections of the largest pool may have been left, and each is found out once. */
const TRIES = 20

/**
 * Connections of the pool may be such as a restarted Postgres has already taken leave of, and nobody has read that yet.
 * What was lost with one of them is tried on another, for as long as `mayTryAgain` says that nothing is done twice by it.
 */
export async function onAnotherConnection<T>(attempt: () => Promise<T>, mayTryAgain: () => boolean): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await attempt()
    } catch (error) {
      if (left === 1 || !mayTryAgain() || !isForAnotherConnection(error)) throw error
    }
  }
}

/** A statement that only reads, and so may be asked again. Bounded like every other. */
export function boundedRead<T>(what: string, read: () => Promise<T>, deadlineMs?: number): Promise<T> {
  let isOver = false
  return bounded(what, onAnotherConnection(read, () => !isOver), deadlineMs).finally(() => (isOver = true))
}
