import type { Logger } from '../lib/logger.ts'
import { policies } from './policies.ts'
import type { Invalidation } from './recommendation-cache.ts'

/** What the relay needs of the outbox; `db/outbox.ts` keeps it. */
export type RelayOutbox = {
  deliverBatch(limit: number, deliver: (entries: Invalidation[]) => Promise<boolean>): Promise<number>
  purgeDelivered(olderThanMs: number): Promise<void>
  listen(wake: () => void): Promise<{ close(): Promise<void> }>
}

export type Relay = {
  start(): void
  wake(): void
  /** Wakes it, and resolves when it has read the outbox once after this call. Never rejects. */
  drain(): Promise<void>
  close(): Promise<void>
}

const PURGE_INTERVAL_MS = 60 * 60 * 1_000

/**
 * Delivers what mutations could not: their process died between commit and invalidation, or Redis was away, or the
 * change was made by somebody who knows no cache. One in every process; they share the work by skipping locked rows.
 *
 * A notification is a wake-up, not a delivery: it may be lost, doubled or early. So the outbox is read on every
 * notification, on start, whenever either side was connected anew, and on a timer.
 * What Redis lost after it was delivered is not the relay's to find out: see trust.ts.
 */
export function createRelay({ outbox, deliver, logger }: {
  outbox: RelayOutbox
  deliver: (entries: Invalidation[]) => Promise<boolean>
  logger: Logger
}): Relay {
  let running: Promise<void> | undefined
  let again = false
  let closed = false
  let listening: Promise<{ close(): Promise<void> } | undefined> = Promise.resolve(undefined)
  const timers: NodeJS.Timeout[] = []

  const deliverAll = async (): Promise<void> => {
    do {
      again = false
      // A full batch means that there is more. Nothing delivered means an empty outbox, or a cache that is away.
      while (!closed && (await outbox.deliverBatch(policies.relayBatch, deliver)) === policies.relayBatch);
    } while (again && !closed)
  }

  const wake = (): void => {
    if (closed) return
    // Whoever wakes us while we read may have committed behind our back: read once more.
    again = true
    running ??= deliverAll()
      .catch((error: unknown) => logger.warn({ err: error }, 'relay: outbox not readable, trying again on the timer'))
      .finally(() => (running = undefined))
  }

  const purge = () =>
    void outbox.purgeDelivered(policies.deliveredRetentionMs).catch((error: unknown) => logger.warn({ err: error }, 'relay: outbox not purged'))

  const listen = (): Promise<{ close(): Promise<void> } | undefined> =>
    outbox.listen(wake).catch((error: unknown) => {
      logger.warn({ err: error }, 'relay: not listening, the timer stands in')
      return undefined
    })

  const tick = async (): Promise<void> => {
    wake()
    if ((await listening) === undefined && !closed) listening = listen()
  }

  return {
    start: () => {
      listening = listen()
      wake()
      timers.push(setInterval(() => void tick(), policies.relayIntervalMs), setInterval(purge, PURGE_INTERVAL_MS))
    },
    wake,
    drain: async () => {
      wake()
      await running
    },
    close: async () => {
      closed = true
      for (const timer of timers) clearInterval(timer)
      await running
      await (await listening)?.close().catch(() => {})
    },
  }
}
