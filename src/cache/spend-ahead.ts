import { LRUCache } from 'lru-cache'
import type { PointCounter } from './point-counter.ts'
import { policies } from './policies.ts'

/** `remaining`: points left in the window, as far as is known. */
export type Verdict = { isGranted: boolean; remaining: number; resetMs: number }

export type SpendAhead = {
  /** At once, without a promise, wherever what is known suffices. */
  spend(key: string, points: number): Verdict | Promise<Verdict>
  /** Tell the counter of everything that was granted ahead. */
  flush(): Promise<void>
  /** Nothing may be spent afterwards. */
  close(): Promise<void>
}

type Window = {
  key: string
  /** As the counter last said. */
  consumed: number
  endsAt: number
  /** Granted, and the counter has not been told; granted, and it is just being told. */
  ahead: number
  telling: number
  waiting: { points: number; decide: (verdict: Verdict) => void }[]
  asking: Promise<void> | undefined
}

/**
 * A limit shared by all processes that costs a request no round trip.
 *
 * The counter says how much of a key's window is spent, and until when the window lasts. While that leaves enough, a
 * request is granted at once, and its points are added up and told the counter behind the answer: one command for each
 * key and `flushMs`. At most `mostAhead` points, a tenth of the limit, are granted that the counter has not confirmed.
 * Where nothing is known of the window, or less than `mostAhead` is left of it, the request waits for the counter.
 * Those that wait for one key travel together, one command at a time. Once the counter said that a window is spent,
 * requests are refused without asking, until the window ends.
 *
 * So the limit is exceeded by at most processes x `mostAhead`: whatever a process granted beyond, it granted ahead,
 * and the answer to the command that tells of it stops the process. Under ten points nothing is granted ahead and the
 * limit is exact. What is told late counts for the next window.
 */
export function createSpendAhead({ counter, limit, monotonicNow, flushMs = policies.spendAheadFlushMs, keysKept = policies.rateKeysKept }: {
  counter: PointCounter
  /** Points in a window. */
  limit: number
  monotonicNow: () => number
  flushMs?: number
  keysKept?: number
}): SpendAhead {
  const mostAhead = mostAheadOf(limit)
  const windows = new LRUCache<string, Window>({ max: keysKept })
  // Held here, a window that is no longer kept still tells what it granted.
  const untold = new Set<Window>()
  let timer: NodeJS.Timeout | undefined

  // Behind a proxy without X-Forwarded-For, and under a flood, it is the same again and again.
  let last: Window | undefined
  const windowOf = (key: string): Window => {
    if (last?.key === key) return last
    const known = windows.get(key)
    last = known ?? { key, consumed: 0, endsAt: -Infinity, ahead: 0, telling: 0, waiting: [], asking: undefined }
    if (known === undefined) windows.set(key, last)
    return last
  }

  const tellLater = (window: Window): void => {
    untold.add(window)
    timer ??= setTimeout(() => void flush(), flushMs).unref()
  }

  const ask = (window: Window): Promise<void> => {
    if (window.asking === undefined && (window.ahead > 0 || window.waiting.length > 0)) window.asking = askNow(window)
    return window.asking ?? Promise.resolve()
  }

  const askNow = async (window: Window): Promise<void> => {
    do {
      const { ahead, waiting } = window
      window.telling = ahead
      window.ahead = 0
      window.waiting = []
      untold.delete(window)
      const asked = waiting.reduce((sum, { points }) => sum + points, 0)
      const { consumed, msLeft } = await counter.add(window.key, ahead + asked)
      window.telling = 0
      window.consumed = consumed
      window.endsAt = monotonicNow() + msLeft
      let spent = consumed - asked
      for (const { points, decide } of waiting) {
        spent += points
        decide({ isGranted: spent <= limit, remaining: Math.max(0, limit - spent), resetMs: msLeft })
      }
      // Whoever came meanwhile and waits is not kept waiting; what was granted meanwhile is told in its own time.
    } while (window.waiting.length > 0)
    window.asking = undefined
    if (window.ahead > 0) tellLater(window)
  }

  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    await Promise.all([...untold].map(ask))
  }

  return {
    spend: (key, points) => {
      const window = windowOf(key)
      const resetMs = window.endsAt - monotonicNow()
      if (resetMs > 0) {
        if (window.consumed >= limit) return { isGranted: false, remaining: 0, resetMs }
        const unconfirmed = window.ahead + window.telling + points
        const remaining = limit - window.consumed - unconfirmed
        if (unconfirmed <= mostAhead && remaining >= mostAhead && window.waiting.length === 0) {
          window.ahead += points
          tellLater(window)
          return { isGranted: true, remaining, resetMs }
        }
      }
      return new Promise((decide) => {
        window.waiting.push({ points, decide })
        void ask(window)
      })
    },
    flush,
    close: async () => {
      while (untold.size > 0) await flush()
    },
  }
}

/** How many points of `limit` a process may grant before the counter has confirmed them. */
export const mostAheadOf = (limit: number): number => Math.floor(limit * policies.spendAheadShare)
