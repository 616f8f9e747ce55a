import { setTimeout as delay } from 'node:timers/promises'
import { policies } from '../cache/policies.ts'
import type { Outbox, OutboxEntry } from '../db/outbox.ts'
import type { OutboxRange } from '../db/undelivered.ts'
import type { Logger } from '../lib/logger.ts'
import type { Deliver, Delivery } from './deliver.ts'
import type { Floors } from './floors.ts'
import { noteFloors } from './note-floors.ts'

/** Outbox rows whose versions are noted at once: reading them must not hold up the event loop. */
const PAGE = 1_000

/**
 * What after-commit.ts is for a change of a few pets, for one of very many: their entries are never in memory together.
 * They are noted page by page, then delivered batch by batch as the relay does it. The relays of all processes were
 * notified and take their share; what another is delivering is waited for. Each batch is a turn of the event loop, and
 * its commands are as few as fit their deadline.
 */
export function createAfterBulkCommit({ deliver, floors, outbox, logger, monotonicNow }: {
  deliver: Deliver
  floors: Floors
  outbox: Pick<Outbox, 'deliverBatch' | 'entriesAfter' | 'restOf'>
  logger: Logger
  monotonicNow: () => number
}) {
  const noteAll = async (range: OutboxRange): Promise<void> => {
    for (let after = range.first - 1; ; ) {
      const page = await outbox.entriesAfter(after, range, PAGE)
      if (page === undefined) return
      noteFloors(floors, page.entries)
      after = page.lastId
    }
  }

  const deliverAll = async (range: OutboxRange): Promise<Delivery['invalidation']> => {
    const until = monotonicNow() + policies.bulkDeliveryMs
    let limit = policies.relayBatch
    let rest: OutboxRange = range
    const tell = async (entries: OutboxEntry[]) => (await deliver(entries, 'mutation')).invalidation === 'CLEARED'
    for (let refusals = 0; monotonicNow() < until && refusals < policies.bulkRefusals; ) {
      const outcome = await outbox.deliverBatch(limit, tell, rest)
      if (outcome === 'refused') {
        // Slow or away: fewer at once may be told in time.
        limit = Math.ceil(limit / 2)
        refusals++
        continue
      }
      refusals = 0
      // Not from its beginning again: what was delivered of it may still lie there, dead.
      const left = await outbox.restOf(rest)
      if (left === undefined) return 'CLEARED'
      rest = left
      if (outcome === 0) await delay(policies.bulkPollMs)
    }
    return 'QUEUED'
  }

  /** Never rejects: the change is committed, and whatever goes wrong here the relay delivers it. */
  return async (range: OutboxRange): Promise<Delivery['invalidation']> => {
    try {
      await noteAll(range)
      return await deliverAll(range)
    } catch (error) {
      logger.warn({ err: error }, 'committed, but not delivered yet')
      return 'QUEUED'
    }
  }
}

export type AfterBulkCommit = ReturnType<typeof createAfterBulkCommit>
