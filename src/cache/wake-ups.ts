import type { Later } from '../lib/later.ts'
import { policies } from './policies.ts'

/** `transaction`: which one changed something, or had some of its changes delivered. */
export type WakeUps = {
  changed(transaction: string): void
  delivered(transaction: string): void
  /** The outbox is read after this call: whatever was notified before it will be seen. */
  forget(): void
}

/**
 * When a relay that was only notified reads the outbox.
 *
 * A notification of a change reaches every process at once, and nearly always the process that made the change is
 * delivering it at that moment: if each relay read the outbox at once, a change would cost a transaction for each
 * process, all for nothing. So a relay waits a random moment. Whoever marks rows as delivered notifies all of that in the
 * same transaction (drizzle/0006_relay_wake_ups.sql), and who still waits for them waits no longer. A change made in psql
 * is delivered by the relay whose moment is over first.
 *
 * Nothing is lost by waiting. Each change has a moment of its own, and only a delivery of that very change ends it early.
 * Where its maker dies before it has delivered, the moments of all others end soon, far below `overdueMs`: trust
 * does not depend on how soon. A transaction of which only a part was delivered is in the hands of the process that
 * began with it; if that dies too, trust finds the rest overdue, and the relay's timer finds it in any case.
 */
export function createWakeUps({ wake, random, later }: { wake: () => void; random: () => number; later: Later }): WakeUps {
  const waiting = new Map<string, () => void>()

  const forget = (): void => {
    for (const cancel of waiting.values()) cancel()
    waiting.clear()
  }
  return {
    changed: (transaction) => {
      if (waiting.has(transaction)) return
      const { relayWaitLeastMs: least, relayWaitMostMs: most } = policies
      waiting.set(transaction, later(least + random() * (most - least), wake))
    },
    delivered: (transaction) => {
      waiting.get(transaction)?.()
      waiting.delete(transaction)
    },
    forget,
  }
}
