const SECOND = 1_000
const DAY = 24 * 60 * 60 * SECOND

/** Every lifetime and limit of the cache, in milliseconds or bytes. */
export const policies = {
  /** A fence outlives any result that it could be asked about. */
  fenceLifeMs: 8 * DAY,
  /** For how long it is known what an invalidation dropped. Whoever made a change tells of it within seconds, and asks then. */
  droppedLifeMs: 60 * SECOND,
  /** Up to this share is taken off a result's life, so that runs stored together do not all expire together. */
  jitterShare: 0.05,
  /** Below this there is no point in storing. */
  leastLifeMs: SECOND,
  /** Of one command, and of one operation's MGET. */
  commandDeadlineMs: 100,
  /** A larger value is not stored, and is deleted where it is found. */
  largestResultBytes: 1_000_000,
  /** Values at least this large are compressed. */
  compressAboveBytes: 1_024,
  /** Of the memory that stands in where there is no Redis. */
  memoryBytes: 64_000_000,
  /** Trust is looked after this often. */
  trustCheckMs: 250,
  /** An invalidation may be undelivered for this long before trust is refused. */
  overdueMs: 250,
  /** What one good check grants, from when it began. With `overdueMs` it stays under the one second that is promised. */
  trustMs: 700,
  /** Deliveries this much older than the last heartbeat are looked for too: a relay's transaction may have been open so long. */
  heartbeatMarginMs: 10 * SECOND,
  /** Longer than deliveries are remembered: a heartbeat that old says nothing anyway. */
  heartbeatLifeMs: 2 * DAY,
  /** Nothing but these lifetimes ends the epoch and the revisions of a lineage that nobody uses any more. */
  epochLifeMs: 30 * DAY,
  productFenceLifeMs: 8 * DAY,
  /** The keys of a former lineage are dropped if nobody has written its heartbeat for so long. */
  formerLineageMs: 15 * SECOND,
  /** How often it is asked which database this is where no check of trust does so. */
  lineageCheckMs: 1 * SECOND,
  /** What a process knows by itself, it remembers at least this long: far longer than trust can be wrong. */
  floorMs: 10 * SECOND,
  /** After so many failures without a good check between them, reads leave Redis alone. */
  failuresToOpen: 5,
  /** An open circuit is probed after this long, then twice as long, up to `probeMaxMs`. */
  probeMs: 1 * SECOND,
  probeMaxMs: 60 * SECOND,
  /** The right to compute frees itself after this long; its holder renews it three times as often. */
  leaseMs: 3 * SECOND,
  leasePollMs: 25,
  /** Whoever has waited so long for another's computation computes. Longer than a lease, so that one waiter takes over. */
  leaseWaitMs: 5 * SECOND,
  /** Whoever has waited so long for a place to compute in is told to come again. */
  placeWaitMs: 5 * SECOND,
  /** That is when it is worth it. */
  retryAfterMs: 2 * SECOND,
  /** A computation scores so long before it lets go of the event loop. */
  scoringSliceMs: 5,
  /** Below this is left of a run, a read starts its refresh. */
  refreshAheadMs: 1 * DAY,
  /** One process tries at most this often to refresh one pet ahead. */
  refreshAheadPauseMs: 60 * SECOND,
  /** Of pet summaries and match scores. */
  profileLifeMs: 60 * 60 * SECOND,
  /** Invalidations the relay delivers at once. */
  relayBatch: 500,
  /** Pets that are invalidated at once: by one script, in a cluster by one each. */
  invalidationsAtOnce: 100,
  /** A change of very many pets is delivered in batches of `relayBatch`; what others are delivering of it is looked after this often. */
  bulkPollMs: 25,
  /** After so many batches in a row that Redis did not take, or after this long, it is left to the relay and answered as queued. */
  bulkRefusals: 3,
  bulkDeliveryMs: 20 * SECOND,
  /** A relay that was only notified looks at the outbox after this long, unless the change is delivered first. */
  relayWaitLeastMs: 25,
  /** Far below `overdueMs`. */
  relayWaitMostMs: 125,
  /** The relay looks at the outbox this often even if nobody wakes it. */
  relayIntervalMs: 1 * SECOND,
  /** Delivered invalidations stay this long, to be replayed after Redis lost them. */
  deliveredRetentionMs: 1 * DAY,
  /** A clear-all answers after this long; what it has not swept by then is swept behind the answer. */
  sweepBudgetMs: 60,
  sweepBatch: 1_000,
  /** A sweep that fails goes on after this pause, so many times. */
  sweepPauseMs: 1 * SECOND,
  sweepTries: 30,
  /** What was granted ahead of the shared count is told this late; see spend-ahead.ts. */
  spendAheadFlushMs: 200,
  /** Of a limit, that a process grants ahead. */
  spendAheadShare: 0.1,
  /** Users or addresses of which a process remembers what they spent. */
  rateKeysKept: 50_000,
}
