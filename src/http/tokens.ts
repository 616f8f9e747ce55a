import { createRemoteJWKSet, errors, jwtVerify, SignJWT, type JWTPayload, type JWTVerifyOptions, type JWTVerifyResult } from 'jose'
import { z } from 'zod'
import type { AuthConfig } from '../config.ts'

/** Keys as they are used: a `generated` secret has been made or found by now. */
export type TokenConfig = Pick<AuthConfig, 'issuer' | 'audience'> & { keys: Exclude<AuthConfig['keys'], { kind: 'generated' }> }

export type TokenOutcome =
  | { kind: 'valid'; userId: string; isAdmin: boolean }
  | { kind: 'invalid'; why: string }
  /** The keys could not be fetched: nothing is known about the token. */
  | { kind: 'unavailable'; cause: unknown }

export type VerifyToken = (token: string) => Promise<TokenOutcome>

const CLOCK_TOLERANCE_S = 30
const TOKEN_LIFE = '30d'

const claims = z.object({ sub: z.guid(), roles: z.array(z.string()).optional() })

/** One algorithm is allowed and the token's header does not choose it: `none` and confused algorithms are refused. */
export function createVerifyToken({ keys, issuer, audience }: TokenConfig): VerifyToken {
  const options = (algorithm: string): JWTVerifyOptions => ({
    issuer, audience, algorithms: [algorithm], clockTolerance: CLOCK_TOLERANCE_S, requiredClaims: ['exp', 'sub'],
  })
  const verify: (token: string) => Promise<JWTVerifyResult> =
    keys.kind === 'secret'
      ? verifyWithSecret(keys.secret, options('HS256'))
      : verifyWithJwks(keys.url, options(keys.algorithm))

  return async (token) => {
    let payload: JWTPayload
    try {
      payload = (await verify(token)).payload
    } catch (cause) {
      if (cause instanceof errors.JWKSTimeout) return { kind: 'unavailable', cause }
      if (cause instanceof errors.JOSEError && cause.code !== 'ERR_JOSE_GENERIC') return { kind: 'invalid', why: cause.message }
      return { kind: 'unavailable', cause }
    }
    const parsed = claims.safeParse(payload)
    if (!parsed.success) return { kind: 'invalid', why: 'the claim sub must be a UUID, and roles a list of words' }
    return { kind: 'valid', userId: parsed.data.sub.toLowerCase(), isAdmin: parsed.data.roles?.includes('admin') === true }
  }
}

function verifyWithSecret(secret: string, options: JWTVerifyOptions) {
  const key = new TextEncoder().encode(secret)
  return (token: string) => jwtVerify(token, key, options)
}

function verifyWithJwks(url: string, options: JWTVerifyOptions) {
  const keySet = createRemoteJWKSet(new URL(url), { timeoutDuration: 2_000 })
  return (token: string) => jwtVerify(token, keySet, options)
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
