import type { Logger } from '../lib/logger.ts'
import { policies } from './policies.ts'
import type { Invalidation } from './recommendation-cache.ts'

/** What the relay needs of the outbox; `db/outbox.ts` keeps it. */
export type RelayOutbox = {
  deliverBatch(limit: number, deliver: (entries: Invalidation[]) => Promise<boolean>): Promise<number>
  replay(youngerThanMs: number): Promise<void>
  purgeDelivered(olderThanMs: number): Promise<void>
  listen(wake: () => void): Promise<{ close(): Promise<void> }>
}

export type Relay = {
  start(): void
  /** The cache was reached anew, and may have lost what it acknowledged. */
  cacheReturned(): void
  close(): Promise<void>
}

const PURGE_INTERVAL_MS = 60 * 60 * 1_000

/**
 * Delivers what mutations could not: their process died between commit and invalidation, or Redis was away, or the
 * change was made by somebody who knows no cache. One in every process; they share the work by skipping locked rows.
 *
 * A notification is a wake-up, not a delivery: it may be lost, doubled or early. So the outbox is read on every
 * notification, on start, whenever either side was connected anew, and on a timer.
 *
 * A Redis that is reached anew may have restarted from an old snapshot, in which a fence says less than it once
 * acknowledged. So what was delivered in the last day is then delivered again; that raises every such fence.
 */
export function createRelay({ outbox, deliver, logger }: {
  outbox: RelayOutbox
  deliver: (entries: Invalidation[]) => Promise<boolean>
  logger: Logger
}): Relay {
  let running: Promise<void> | undefined
  let again = false
  let closed = false
  let replayIsDue = false
  let listening: Promise<{ close(): Promise<void> } | undefined> = Promise.resolve(undefined)
  const timers: NodeJS.Timeout[] = []

  const drain = async (): Promise<void> => {
    do {
      again = false
      // Due until it succeeded: a Postgres that is away at this very moment must not lose it.
      if (replayIsDue) {
        await outbox.replay(policies.deliveredRetentionMs)
        replayIsDue = false
      }
      // A full batch means that there is more. Nothing delivered means an empty outbox, or a cache that is away.
      while (!closed && (await outbox.deliverBatch(policies.relayBatch, deliver)) === policies.relayBatch);
    } while (again && !closed)
  }

  const wake = (): void => {
    if (closed) return
    // Whoever wakes us while we read may have committed behind our back: read once more.
    again = true
    running ??= drain()
      .catch((error: unknown) => logger.warn({ err: error }, 'relay: outbox not readable, trying again on the timer'))
      .finally(() => (running = undefined))
  }

  const cacheReturned = (): void => {
    replayIsDue = true
    wake()
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
      cacheReturned()
      timers.push(setInterval(() => void tick(), policies.relayIntervalMs), setInterval(purge, PURGE_INTERVAL_MS))
    },
    cacheReturned,
    close: async () => {
      closed = true
      for (const timer of timers) clearInterval(timer)
      await running
      await (await listening)?.close().catch(() => {})
    },
  }
}
