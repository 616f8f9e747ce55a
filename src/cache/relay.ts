import { withDeadline } from '../lib/deadline.ts'
import type { Later } from '../lib/later.ts'
import type { Logger } from '../lib/logger.ts'
import { policies } from './policies.ts'
import type { Invalidation } from './recommendation-cache.ts'
import { createWakeUps, type WakeUps } from './wake-ups.ts'

/** What the relay needs of the outbox; `db/outbox.ts` keeps it. */
export type RelayOutbox = {
  deliverBatch(limit: number, deliver: (entries: Invalidation[]) => Promise<boolean>): Promise<number | 'refused'>
  purgeDelivered(olderThanMs: number): Promise<void>
  listen(listener: Pick<WakeUps, 'changed' | 'delivered'> & { connected(): void }): Promise<{ close(): Promise<void> }>
}

export type Relay = {
  start(): void
  wake(): void
  /** Wakes it, and resolves when nothing is left that it could deliver, or after a second. Never rejects. */
  drain(): Promise<void>
  close(): Promise<void>
}

const DRAIN_MS = 1_000
const PURGE_INTERVAL_MS = 60 * 60 * 1_000

/**
 * Delivers what mutations could not: their process died between commit and invalidation, or Redis was away, or the
 * change was made by somebody who knows no cache. One in every process; they share the work by skipping locked rows.
 *
 * A notification is a wake-up, not a delivery: it may be lost, doubled or early. So the outbox is read soon after every
 * notification of a change that nobody delivers meanwhile (wake-ups.ts), and at once on start, whenever either side was
 * connected again, and on a timer.
 * What Redis lost after it was delivered is not the relay's to find out: see trust.ts.
 */
export function createRelay({ outbox, deliver, random, later, logger }: {
  outbox: RelayOutbox
  deliver: (entries: Invalidation[]) => Promise<boolean>
  /** From 0 to 1. */
  random: () => number
  later: Later
  logger: Logger
}): Relay {
  let running: Promise<void> | undefined
  let again = false
  let limit = policies.relayBatch
  let closed = false
  let listening: Promise<{ close(): Promise<void> } | undefined> = Promise.resolve(undefined)
  const timers: NodeJS.Timeout[] = []

  const deliverAll = async (): Promise<void> => {
    do {
      again = false
      // A full batch means that there is more. A refused one means a cache that is away, or slow: the next try is made with
      // half, so that a batch that can never be told in time does not stay for ever.
      for (let outcome: number | 'refused' = limit; !closed && outcome === limit; ) {
        outcome = await outbox.deliverBatch(limit, deliver)
        if (outcome === 'refused') limit = Math.max(1, Math.floor(limit / 2))
        else if (outcome < limit) limit = policies.relayBatch
      }
    } while (again && !closed)
  }

  const wake = (): void => {
    if (closed) return
    wakeUps.forget()
    // Whoever wakes us while we read may have committed behind our back: read once more.
    again = true
    running ??= deliverAll()
      .catch((error: unknown) => logger.warn({ err: error }, 'relay: outbox not readable, trying again on the timer'))
      .finally(() => {
        running = undefined
        if (again) wake()
      })
  }

  const wakeUps = createWakeUps({ wake, random, later })

  const purge = () =>
    void outbox.purgeDelivered(policies.deliveredRetentionMs).catch((error: unknown) => logger.warn({ err: error }, 'relay: outbox not purged'))

  const listen = (): Promise<{ close(): Promise<void> } | undefined> =>
    outbox.listen({ ...wakeUps, connected: wake }).catch((error: unknown) => {
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
      if (running !== undefined) await withDeadline('relay: drain', DRAIN_MS, running).catch(() => {})
    },
    close: async () => {
      closed = true
      for (const timer of timers) clearInterval(timer)
      await running
      await (await listening)?.close().catch(() => {})
      wakeUps.forget()
    },
  }
}
