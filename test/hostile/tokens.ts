import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { TEST_CLAIMS, TEST_SECRET } from '../support/gateway.ts'
import { hostileText } from './texts.ts'
import { anything } from './values.ts'

const base64url = (value: unknown) => Buffer.from(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toString('base64url')

/** A token of these parts, signed with the secret of the tests whatever its header says. */
export function signed(header: unknown, payload: unknown, { secret = TEST_SECRET, digest = 'sha256' } = {}): string {
  const text = `${base64url(header)}.${base64url(payload)}`
  return `${text}.${createHmac(digest, secret).update(text).digest('base64url')}`
}

const NOW = Math.floor(Date.now() / 1000)
const HEADER = { alg: 'HS256' }
export const claimsOf = (sub: string, roles?: readonly string[]) => ({ sub, iss: TEST_CLAIMS.issuer, aud: TEST_CLAIMS.audience, iat: NOW, exp: NOW + 3_600, ...(roles && { roles }) })
const CLAIMS = claimsOf('11111111-1111-4111-8111-111111111111', ['admin'])

export const goodToken = (sub: string, isAdmin: boolean) => signed(HEADER, claimsOf(sub, isAdmin ? ['admin'] : undefined))

const KEYS_OF_THEIR_OWN = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64']

const isUuid = (value: unknown) => typeof value === 'string' && /^[0-9a-f-]{36}$/i.test(value)

/** Tokens none of which signs anybody in. */
export const badToken: fc.Arbitrary<string> = fc.oneof(
  // Confused algorithms.
  fc.constantFrom('none', 'None', 'NONE', '', 'HS384', 'HS512', 'RS256', 'ES256', 'PS256', 'EdDSA', 'HS256 ', 'hs256', 'dir').map((alg) => signed({ alg }, CLAIMS)),
  fc.constantFrom('none', 'HS256').map((alg) => `${base64url({ alg })}.${base64url(CLAIMS)}.`),
  fc.constantFrom('sha384', 'sha512').map((digest) => signed({ alg: `HS${digest.slice(3)}` }, CLAIMS, { digest })),
  anything.filter((alg) => alg !== 'HS256').map((alg) => signed({ alg }, CLAIMS)),
  // Another key.
  hostileText.map((secret) => signed(HEADER, CLAIMS, { secret })),
  fc.tuple(fc.constantFrom(...KEYS_OF_THEIR_OWN), anything).map(([name, value]) => signed({ ...HEADER, [name]: value }, CLAIMS)),
  fc.tuple(fc.constantFrom('kid', 'typ', 'cty', 'zip'), anything, hostileText).map(([name, value, secret]) => signed({ ...HEADER, [name]: value }, CLAIMS, { secret: `${secret}!` })),
  // Too old, too young, for somebody else.
  fc.constantFrom(0, 1, -1, NOW - 31, NOW - 3_600, -1e300, null, 'soon', '9999999999', {}, []).map((exp) => signed(HEADER, { ...CLAIMS, exp })),
  fc.constantFrom(NOW + 3_600, 1e300, 'now', {}).map((nbf) => signed(HEADER, { ...CLAIMS, nbf })),
  fc.tuple(fc.constantFrom('iss', 'aud', 'exp', 'sub'), anything.filter((value) => typeof value !== 'number' && !isUuid(value))).map(([name, value]) => signed(HEADER, { ...CLAIMS, [name]: value })),
  fc.constantFrom('iss', 'aud', 'exp', 'sub').map((name) => signed(HEADER, { ...CLAIMS, [name]: undefined })),
  anything.filter((value) => !Array.isArray(value) || value.length > 0).map((roles) => signed(HEADER, { ...CLAIMS, roles: { roles } })),
  // No token at all.
  anything.map((payload) => signed(HEADER, payload)),
  anything.map((header) => signed(header, CLAIMS)),
  fc.tuple(hostileText, hostileText, hostileText).map((parts) => parts.map(base64url).join('.')),
  fc.string({ unit: 'grapheme-ascii', maxLength: 80 }).map((text) => text.replaceAll(/\s/g, '') || '.'),
  fc.integer({ min: 1, max: 30 }).map((dots) => '.'.repeat(dots)),
  fc.integer({ min: 100, max: 14_000 }).map((length) => signed(HEADER, { ...CLAIMS, more: 'A'.repeat(length / 2) }, { secret: 'another' })),
  fc.nat(200).map((at) => flipped(signed(HEADER, CLAIMS), at)),
)

/** One character of it is another: of the header, the claims or the signature. The last one carries bits that say nothing. */
function flipped(token: string, at: number): string {
  const place = at % (token.length - 1)
  return `${token.slice(0, place)}${token[place] === 'A' ? 'Q' : 'A'}${token.slice(place + 1)}`
}
