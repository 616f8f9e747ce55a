import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import { withDeadline } from '../lib/deadline.ts'
import type { Logger } from '../lib/logger.ts'

/** Milliseconds. */
export const KEY_POLICY = {
  /** Keys older than this are fetched again before they are used: for so long a key that was taken away is still good. */
  freshMs: 5 * 60_000,
  /** While the provider cannot be asked, the keys it gave last go on being used for this long. */
  outliveMs: 24 * 60 * 60_000,
  /** An unknown key id is asked for at most this often, whoever sends how many of them. */
  cooldownMs: 10_000,
  /** After a fetch that failed the next one waits so long. */
  retryMs: 5_000,
  fetchDeadlineMs: 2_000,
}

/** The provider could not be asked, so nothing is known about a key: neither good nor bad. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError'
}

type Held = { find: JWTVerifyGetKey; fetchedAt: number }

/**
 * The public keys of an identity provider, by the JWKS at `url`.
 *
 * jose has such a set of its own. This one differs in two things: a fetch that failed counts for the cool-down too, so a
 * provider that is down is not hammered by whoever sends unknown key ids; and a provider that is down takes nobody's known
 * key away, nor the time of those who come with one. Nobody waits longer than one fetch.
 */
export function createKeySet({ url, logger, monotonicNow, policy = KEY_POLICY }: {
  url: string
  logger: Logger
  monotonicNow: () => number
  policy?: typeof KEY_POLICY
}): JWTVerifyGetKey {
  let held: Held | undefined
  let lastTry: { at: number; failed: boolean } | undefined
  let fetching: Promise<void> | undefined

  const fetchKeys = async (): Promise<void> => {
    const began = monotonicNow()
    try {
      const find = await withDeadline('jwks', policy.fetchDeadlineMs, download(url, policy.fetchDeadlineMs))
      held = { find, fetchedAt: began }
      lastTry = { at: monotonicNow(), failed: false }
    } catch (cause) {
      lastTry = { at: monotonicNow(), failed: true }
      logger.warn({ err: cause }, 'the keys of the identity provider cannot be fetched')
      throw new KeysUnavailableError('the keys of the identity provider cannot be fetched', { cause })
    }
  }
  const refresh = (): Promise<void> => (fetching ??= fetchKeys().finally(() => (fetching = undefined)))
  const mayTry = () => lastTry === undefined || monotonicNow() - lastTry.at >= (lastTry.failed ? policy.retryMs : policy.cooldownMs)

  /** Keys that may be used now. Whoever has some does not wait for a provider that failed to answer last time. */
  const usable = async (): Promise<Held> => {
    const age = held === undefined ? Infinity : monotonicNow() - held.fetchedAt
    if (held !== undefined && age < policy.freshMs) return held
    const canOutlive = age < policy.outliveMs
    const attempt = fetching !== undefined || mayTry() ? refresh() : Promise.reject(new KeysUnavailableError('asked a moment ago, in vain'))
    if (held !== undefined && canOutlive && lastTry?.failed === true) {
      attempt.catch(() => {}) // the fetch itself has told it
      return held
    }
    await attempt.catch((error: unknown) => {
      if (!canOutlive) throw error
    })
    if (held === undefined) throw new KeysUnavailableError('no keys')
    return held
  }

  return async (header, token) => {
    const { find } = await usable()
    try {
      return await find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      if (fetching !== undefined || mayTry()) await refresh()
      // Whether this key exists is not known while the provider cannot be asked.
      else if (lastTry?.failed === true) throw new KeysUnavailableError('asked a moment ago, in vain')
      return held === undefined ? find(header, token) : held.find(header, token)
    }
  }
}

/** Redirects are not followed: the keys come from the address that was configured, or not at all. */
async function download(url: string, deadlineMs: number): Promise<JWTVerifyGetKey> {
  const response = await fetch(url, { headers: { accept: 'application/json, application/jwk-set+json' }, redirect: 'error', signal: AbortSignal.timeout(deadlineMs) })
  if (response.status !== 200) throw new Error(`jwks: expected 200, found ${response.status}`)
  return createLocalJWKSet(await response.json())
}
