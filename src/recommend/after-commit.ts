import type { Invalidation } from '../cache/recommendation-cache.ts'
import type { Outbox } from '../db/outbox.ts'
import type { Logger } from '../lib/logger.ts'
import type { Deliver, Delivery } from './deliver.ts'

/**
 * The second half of every mutation: deliver what its transaction wrote to the outbox, and mark it delivered. If the
 * marking fails, the relay delivers once more, which changes nothing.
 */
export function createAfterCommit({ deliver, outbox, logger }: { deliver: Deliver; outbox: Outbox; logger: Logger }) {
  return async (entries: readonly Invalidation[]): Promise<Delivery> => {
    const delivery = await deliver(entries, 'mutation')
    if (delivery.invalidation === 'CLEARED') {
      await outbox.markDelivered(entries).catch((error: unknown) => logger.warn({ err: error }, 'delivered, but not marked so'))
    }
    return delivery
  }
}

export type AfterCommit = ReturnType<typeof createAfterCommit>
