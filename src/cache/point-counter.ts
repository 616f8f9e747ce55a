import type { Cluster, Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { Circuit } from '../lib/circuit.ts'
import { withDeadline } from '../lib/deadline.ts'
import type { Keys } from './keys.ts'
import type { Keyspace } from './keyspace.ts'
import { policies } from './policies.ts'

/** Points spent under a key since its window began, those of this call among them, and what is left of the window. */
export type PointCount = { consumed: number; msLeft: number }

/** `add` never rejects. */
export type PointCounter = { add(key: string, points: number): Promise<PointCount> }

/** Larger than any limit: what is too much is for the caller to say. */
const NEVER_REFUSES = Number.MAX_SAFE_INTEGER

/**
 * Points by key, in windows that begin with the first point. Counted in Redis for all processes together, one command a
 * call; while Redis is away, or where there is none, each process counts for itself, from nothing.
 */
export function createPointCounter({ shared, keyspace, keyPrefix, windowSeconds, monotonicNow }: {
  shared: { client: Redis | Cluster; circuit: Circuit } | undefined
  keyspace: Pick<Keyspace, 'current' | 'isKnown'>
  /** Two installations beside one Redis do not spend each other's points. */
  keyPrefix: (keys: Keys) => string
  windowSeconds: number
  monotonicNow: () => number
}): PointCounter {
  const own = new LRUCache<string, { consumed: number; endsAt: number }>({ max: policies.rateKeysKept })
  const common =
    shared &&
    new RateLimiterRedis({ storeClient: shared.client, keyPrefix: '', points: NEVER_REFUSES, duration: windowSeconds, rejectIfRedisNotReady: true })

  const addHere = (key: string, points: number): PointCount => {
    const now = monotonicNow()
    const known = own.get(key)
    const window = known !== undefined && now < known.endsAt ? known : { consumed: 0, endsAt: now + windowSeconds * 1_000 }
    window.consumed += points
    own.set(key, window)
    return { consumed: window.consumed, msLeft: window.endsAt - now }
  }

  return {
    add: async (key, points) => {
      if (common === undefined || shared?.circuit.isClosed() !== true || !keyspace.isKnown()) return addHere(key, points)
      try {
        const prefixed = `${keyPrefix(keyspace.current().keys)}:${key}`
        const { consumedPoints, msBeforeNext } = await withDeadline('redis points', policies.commandDeadlineMs, common.consume(prefixed, points))
        return { consumed: consumedPoints, msLeft: msBeforeNext }
      } catch (cause) {
        shared.circuit.failed(cause)
        return addHere(key, points)
      }
    },
  }
}
