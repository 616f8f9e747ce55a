import { errors, jwtVerify, SignJWT, type JWTHeaderParameters, type JWTVerifyOptions, type JWTVerifyResult } from 'jose'
import { z } from 'zod'
import type { AuthConfig } from '../config.ts'
import type { Logger } from '../lib/logger.ts'
import { createKeySet } from './key-set.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

/** Keys as they are used: a `generated` secret has been made or found by now. */
export type TokenConfig = Pick<AuthConfig, 'issuer' | 'audience'> & { keys: Exclude<AuthConfig['keys'], { kind: 'generated' }> }

type Valid = { kind: 'valid'; userId: string; isAdmin: boolean }
export type TokenOutcome =
  | Valid
  | { kind: 'invalid'; why: string }
  /** The keys could not be fetched: nothing is known about the token. */
  | { kind: 'unavailable'; cause: unknown }

export type Tokens = {
  verify(token: string): Promise<TokenOutcome>
  /** Undefined: not verified yet, or no longer believed without its signature. */
  known(token: string): Valid | undefined
}

const CLOCK_TOLERANCE_S = 30
const TOKEN_LIFE = '30d'

const claims = z.object({ sub: z.guid(), exp: z.number(), roles: z.array(z.string()).optional() })

/** Where a token brings or points to its own key, or asks for what we do not know. None of them is ever followed; such a token is refused. */
const REFUSED_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64'] as const satisfies readonly (keyof JWTHeaderParameters)[]

/**
 * One algorithm is allowed and the token's header does not choose it: `none` and confused algorithms are refused. A token
 * found good is believed without its signature until it expires, five minutes at most.
 */
export function createTokens({ config, logger, now, monotonicNow }: {
  config: TokenConfig
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
  monotonicNow: () => number
}): Tokens {
  const { keys, issuer, audience } = config
  const options = (): JWTVerifyOptions => ({
    issuer,
    audience,
    algorithms: [keys.kind === 'secret' ? 'HS256' : keys.algorithm],
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp', 'sub'],
    currentDate: new Date(now()),
  })
  const verify = keys.kind === 'secret' ? withSecret(keys.secret) : withJwks(createKeySet({ url: keys.url, logger, monotonicNow }))
  const verified = createVerifiedTokens<Valid>({ now, monotonicNow })

  const verifyNow = async (token: string): Promise<TokenOutcome> => {
    const known = verified.find(token)
    if (known !== undefined) return known
    let result: JWTVerifyResult
    try {
      result = await verify(token, options())
    } catch (cause) {
      return cause instanceof errors.JOSEError ? { kind: 'invalid', why: reason(cause) } : { kind: 'unavailable', cause }
    }
    if (REFUSED_HEADERS.some((name) => name in result.protectedHeader)) return { kind: 'invalid', why: 'its header may not hold keys, links or extensions' }
    const parsed = claims.safeParse(result.payload)
    if (!parsed.success) return { kind: 'invalid', why: 'the claim sub must be a UUID, and roles a list of words' }
    const { sub, roles, exp } = parsed.data
    const value: Valid = { kind: 'valid', userId: sub.toLowerCase(), isAdmin: roles?.includes('admin') === true }
    verified.keep(token, { value, expiresAt: (exp + CLOCK_TOLERANCE_S) * 1000 })
    return value
  }

  return { verify: verifyNow, known: verified.find }
}

/** In words of our own: the library's name what it was doing and with which keys. */
function reason(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired'
  if (error instanceof errors.JWTClaimValidationFailed) return `the claim ${error.claim} is missing or wrong`
  return 'it is malformed, or not signed with a key and algorithm that are accepted here'
}

type Verify = (token: string, options: JWTVerifyOptions) => Promise<JWTVerifyResult>

function withSecret(secret: string): Verify {
  // Made once: given the bytes, the library would make the key anew for each token.
  const key = crypto.subtle.importKey('raw', new TextEncoder().encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  return async (token, options) => jwtVerify(token, await key, options)
}

function withJwks(keySet: ReturnType<typeof createKeySet>): Verify {
  return (token, options) => jwtVerify(token, keySet, options)
}

/** A bearer token for `userId`, valid for 30 days. Only a secret can sign: with a JWKS the private key is elsewhere. */
export function signToken(secret: string, { issuer, audience }: Pick<AuthConfig, 'issuer' | 'audience'>, userId: string, isAdmin: boolean): Promise<string> {
  return new SignJWT(isAdmin ? { roles: ['admin'] } : {})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(TOKEN_LIFE)
    .sign(new TextEncoder().encode(secret))
}
