const SECOND = 1_000
const DAY = 24 * 60 * 60 * SECOND

/** Every lifetime and limit of the cache, in milliseconds or bytes. */
export const policies = {
  /** A fence outlives any result that it could be asked about. */
  fenceLifeMs: 8 * DAY,
  /** Up to this share is taken off a result's life, so that runs stored together do not all expire together. */
  jitterShare: 0.05,
  /** Below this there is no point in storing. */
  leastLifeMs: SECOND,
  /** Of one command, and of one operation's MGET. */
  commandDeadlineMs: 100,
  /** A larger value is not stored, and is deleted where it is found. */
  largestResultBytes: 1_000_000,
  /** Of the memory that stands in where there is no Redis. */
  memoryBytes: 64_000_000,
  /** Invalidations the relay delivers at once. */
  relayBatch: 500,
  /** The relay looks at the outbox this often even if nobody wakes it. */
  relayIntervalMs: 1 * SECOND,
  /** Delivered invalidations stay this long, to be replayed after Redis lost them. */
  deliveredRetentionMs: 1 * DAY,
  /** A clear-all answers after this long; what it has not swept by then is swept behind the answer. */
  sweepBudgetMs: 80,
  sweepBatch: 1_000,
}
