import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/** `expiresAt`: the last moment at which the token is good, in milliseconds since 1970. */
export type Verified<T> = { value: T; expiresAt: number }

const TOKENS_KEPT = 10_000
/** Milliseconds: for so long a token outlives the key it was signed with, on top of what the key itself outlives. */
export const VERIFIED_FOR_MS = 5 * 60_000

/**
 * Tokens that were found good, so that only the first request of each pays for its signature. Kept by their SHA-256: the
 * tokens themselves stand nowhere. Refusals are not kept: a token may be refused now and good in a moment (nbf, a new
 * key), and whoever sends garbage could push out what others sent.
 *
 * Two clocks: the token's own end is wall-clock time, as its issuer meant it; how long we may believe ourselves is counted
 * on the monotonic clock, which nobody can set back.
 */
export function createVerifiedTokens<T extends object>({ now, monotonicNow }: { now: () => number; monotonicNow: () => number }) {
  const kept = new LRUCache<string, Verified<T> & { verifiedAt: number }>({ max: TOKENS_KEPT })
  return {
    find: (token: string): T | undefined => {
      const key = hash('sha256', token, 'base64')
      const found = kept.get(key)
      if (found === undefined) return undefined
      if (now() < found.expiresAt && monotonicNow() - found.verifiedAt < VERIFIED_FOR_MS) return found.value
      kept.delete(key)
      return undefined
    },
    keep: (token: string, verified: Verified<T>): void => void kept.set(hash('sha256', token, 'base64'), { ...verified, verifiedAt: monotonicNow() }),
  }
}
