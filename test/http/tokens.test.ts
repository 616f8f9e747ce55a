import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTokens, type Tokens } from '../../src/http/tokens.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { TEST_CLAIMS, TEST_SECRET } from '../support/gateway.ts'
import { makeKey, signWith, startJwksServer, type JwksServer, type SigningKey } from '../support/jwks-server.ts'

const USER = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a01'
const secretKey = new TextEncoder().encode(TEST_SECRET)

let now: number
let monotonic = 0
const clocks = { logger: createLogger('silent'), now: () => now, monotonicNow: () => monotonic }

let server: JwksServer
let key: SigningKey
let stranger: SigningKey
let verifiers: Record<'HS256' | 'RS256', Tokens['verify']>
beforeAll(async () => {
  now = Date.now()
  server = await startJwksServer()
  ;[key, stranger] = await Promise.all([makeKey('ours'), makeKey('ours')])
  server.publish(key)
  verifiers = {
    HS256: createTokens({ config: { ...TEST_CLAIMS, keys: { kind: 'secret', secret: TEST_SECRET } }, ...clocks }).verify,
    RS256: createTokens({ config: { ...TEST_CLAIMS, keys: { kind: 'jwks', url: server.url, algorithm: 'RS256' } }, ...clocks }).verify,
  }
})
afterAll(() => server.close())

const claims = (more: Record<string, unknown> = {}) => ({
  sub: USER, iss: TEST_CLAIMS.issuer, aud: TEST_CLAIMS.audience, exp: Math.floor(now / 1000) + 600, ...more,
})
type Sign = (claims: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>
const SIGN: Record<'HS256' | 'RS256', Sign> = {
  HS256: (payload, header = {}) => new SignJWT(payload).setProtectedHeader({ alg: 'HS256', ...header }).sign(secretKey),
  RS256: (payload, header) => signWith(key, payload, header),
}

const seconds = () => Math.floor(now / 1000)
const WRONG_CLAIMS: Record<string, () => Record<string, unknown>> = {
  'no exp': () => ({ exp: undefined }),
  'an exp that is no number': () => ({ exp: 'tomorrow' }),
  'an exp more than a minute ago': () => ({ exp: seconds() - 61 }),
  'no sub': () => ({ sub: undefined }),
  'a sub that is no UUID': () => ({ sub: 'me' }),
  'another iss': () => ({ iss: 'somebody' }),
  'no iss': () => ({ iss: undefined }),
  'another aud': () => ({ aud: 'another-app' }),
  'no aud': () => ({ aud: undefined }),
  'an nbf more than a minute ahead': () => ({ nbf: seconds() + 61 }),
  'an nbf that is no number': () => ({ nbf: 'now' }),
  'roles that are no list': () => ({ roles: 'admin' }),
}
const WRONG_HEADERS: Record<string, () => Record<string, unknown>> = {
  jku: () => ({ jku: server.url }),
  x5u: () => ({ x5u: server.url }),
  jwk: () => ({ jwk: stranger.jwk }),
  x5c: () => ({ x5c: ['MIIB'] }),
  'crit that nobody knows': () => ({ crit: ['exp'], exp: 1 }),
}
const WRONG_KEYS: Record<'HS256' | 'RS256', Record<string, () => Promise<string> | string>> = {
  HS256: {
    'another secret': () => new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('another-secret-that-is-long-enough!!')),
    HS512: () => new SignJWT(claims()).setProtectedHeader({ alg: 'HS512' }).sign(new TextEncoder().encode(TEST_SECRET.repeat(2))),
    RS256: () => signWith(key, claims()),
  },
  RS256: {
    'HS256 with the public key as the secret': async () =>
      new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'ours' }).sign(new TextEncoder().encode(await exportSPKI(key.publicKey))),
    'a key of a stranger under our key id': () => signWith(stranger, claims()),
    "a key of a stranger that the header brings along": () => signWith(stranger, claims(), { jwk: stranger.jwk }),
    PS256: async () => {
      const { privateKey } = await makeKey('ours', 'PS256')
      return new SignJWT(claims()).setProtectedHeader({ alg: 'PS256', kid: 'ours' }).sign(privateKey)
    },
    ES256: async () => {
      const { privateKey } = await makeKey('ours', 'ES256')
      return new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: 'ours' }).sign(privateKey)
    },
  },
}
const UNSIGNED: Record<string, (good: string) => string> = {
  none: () => new UnsecuredJWT(claims()).encode(),
  'none in another spelling': (good) => `${Buffer.from('{"alg":"nOnE"}').toString('base64url')}.${good.split('.')[1]}.`,
  'the signature cut off': (good) => good.slice(0, good.lastIndexOf('.') + 1),
  'the claims of another': (good) => [good.split('.')[0], Buffer.from(JSON.stringify(claims({ roles: ['admin'] }))).toString('base64url'), good.split('.')[2]].join('.'),
  'a part too many': (good) => `${good}.x`,
  garbage: () => 'x.y.z',
  nothing: () => '',
}

describe.each(['HS256', 'RS256'] as const)('where %s is the algorithm', (algorithm) => {
  const refused = async (token: string) => {
    for (const time of ['first', 'second']) {
      const outcome = await verifiers[algorithm](token)
      expect(outcome.kind, time).toBe('invalid')
      // Ours are the words: nothing of the library, of the keys or of the token.
      if (outcome.kind === 'invalid') expect(outcome.why).toMatch(/^(it has expired|the claims? [\w, ]+|its header may not hold keys, links or extensions|it is malformed, or not signed with a key and algorithm that are accepted here)$/)
    }
  }

  test('a token as it should be is good, and its roles say whether it is an admin\'s', async () => {
    expect(await verifiers[algorithm](await SIGN[algorithm](claims()))).toEqual({ kind: 'valid', userId: USER, isAdmin: false })
    expect(await verifiers[algorithm](await SIGN[algorithm](claims({ roles: ['admin'], aud: ['x', TEST_CLAIMS.audience] })))).toEqual({ kind: 'valid', userId: USER, isAdmin: true })
  })
  test.each(Object.entries(WRONG_CLAIMS))('a token with %s is refused', async (_name, wrong) => refused(await SIGN[algorithm](claims(wrong()))))
  test.each(Object.entries(WRONG_HEADERS))('a token with a header %s is refused, though it is signed well', async (_name, header) => {
    await refused(await unchecked(algorithm, header()))
  })
  test.each(Object.entries(WRONG_KEYS[algorithm]))('a token signed with %s is refused', async (_name, token) => refused(await token()))
  test.each(Object.entries(UNSIGNED))('a token with %s is refused', async (_name, spoil) => refused(spoil(await SIGN[algorithm](claims()))))

  test('a clock that is half a minute off does no harm, one that is a minute off does', async () => {
    expect((await verifiers[algorithm](await SIGN[algorithm](claims({ exp: seconds() - 25, nbf: seconds() + 25 })))).kind).toBe('valid')
    await refused(await SIGN[algorithm](claims({ exp: seconds() - 60 })))
    await refused(await SIGN[algorithm](claims({ nbf: seconds() + 60 })))
  })

  test('a token that is known is refused once it has expired, also when the monotonic clock stands still', async () => {
    const token = await SIGN[algorithm](claims({ exp: seconds() + 100 }))
    expect((await verifiers[algorithm](token)).kind).toBe('valid')
    now += 200_000
    await refused(token)
    now -= 200_000
  })

  test('a token that was too early is good when its time has come: refusals are not remembered', async () => {
    const token = await SIGN[algorithm](claims({ nbf: seconds() + 120 }))
    await refused(token)
    now += 120_000
    expect((await verifiers[algorithm](token)).kind).toBe('valid')
    now -= 120_000
  })
})

/** Signed as it is: jose itself refuses to sign a `crit` that it does not know. */
async function unchecked(algorithm: 'HS256' | 'RS256', header: Record<string, unknown>): Promise<string> {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const input = `${encode({ alg: algorithm, ...(algorithm === 'RS256' ? { kid: 'ours' } : {}), ...header })}.${encode(claims())}`
  const cryptoKey = algorithm === 'RS256' ? key.privateKey : await crypto.subtle.importKey('raw', secretKey, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const name = algorithm === 'RS256' ? 'RSASSA-PKCS1-v1_5' : 'HMAC'
  const signature = await crypto.subtle.sign(name, cryptoKey, new TextEncoder().encode(input))
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}
