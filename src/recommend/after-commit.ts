import type { Invalidation } from '../cache/recommendation-cache.ts'
import type { Outbox } from '../db/outbox.ts'
import type { Logger } from '../lib/logger.ts'
import type { Deliver, Delivery } from './deliver.ts'
import type { Floors } from './floors.ts'
import { noteFloors } from './note-floors.ts'

/**
 * The second half of every mutation: remember what changed, so that whatever becomes of Redis this process never answers
 * what predates it; deliver what the transaction wrote to the outbox; mark it delivered. If the marking fails, the relay
 * delivers once more, which changes nothing.
 */
export function createAfterCommit({ deliver, floors, outbox, logger }: { deliver: Deliver; floors: Floors; outbox: Outbox; logger: Logger }) {
  return async (entries: readonly Invalidation[]): Promise<Delivery> => {
    noteFloors(floors, entries)
    const delivery = await deliver(entries, 'mutation')
    if (delivery.invalidation === 'CLEARED') {
      await outbox.markDelivered(entries).catch((error: unknown) => logger.warn({ err: error }, 'delivered, but not marked so'))
    }
    return delivery
  }
}

export type AfterCommit = ReturnType<typeof createAfterCommit>
