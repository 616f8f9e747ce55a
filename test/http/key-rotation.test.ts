import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { KEY_POLICY } from '../../src/http/key-set.ts'
import { createTokens, type Tokens } from '../../src/http/tokens.ts'
import { VERIFIED_FOR_MS } from '../../src/http/verified-tokens.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { TEST_CLAIMS } from '../support/gateway.ts'
import { makeKey, signWith, startJwksServer, type JwksServer, type SigningKey } from '../support/jwks-server.ts'

const USER = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a01'

let first: SigningKey
let second: SigningKey
beforeAll(async () => {
  ;[first, second] = await Promise.all([makeKey('first'), makeKey('second')])
})

let server: JwksServer
let verify: Tokens['verify']
/** Both clocks. */
let time: number
let serial = 0
beforeEach(async () => {
  server = await startJwksServer()
  server.publish(first)
  time = Date.now()
  verify = createTokens({
    config: { ...TEST_CLAIMS, keys: { kind: 'jwks', url: server.url, algorithm: 'RS256' } },
    logger: createLogger('silent'),
    now: () => time,
    monotonicNow: () => time,
  }).verify
})
afterEach(() => server.close())

/** Another one each time, so that none is known from before. */
const token = (key: SigningKey, more: Record<string, unknown> = {}) =>
  signWith(key, { sub: USER, iss: TEST_CLAIMS.issuer, aud: TEST_CLAIMS.audience, exp: Math.floor(time / 1000) + 172_800, jti: String(serial++), ...more })
const outcome = async (key: SigningKey) => (await verify(await token(key))).kind

test('the keys are fetched once for all tokens, also for those that come together', async () => {
  expect(await Promise.all([outcome(first), outcome(first), outcome(first)])).toEqual(['valid', 'valid', 'valid'])
  expect(await outcome(first)).toBe('valid')
  expect(server.asked()).toBe(1)
})

test('a key that is new with the provider is fetched when the first token signed with it comes', async () => {
  await outcome(first)
  server.publish(first, second)
  time += KEY_POLICY.cooldownMs
  expect(await outcome(second)).toBe('valid')
  expect(server.asked()).toBe(2)
})

test('unknown key ids make us ask once in a cool-down, however many come, and known ones are not held up', async () => {
  await outcome(first)
  time += KEY_POLICY.cooldownMs
  expect(await Promise.all(Array.from({ length: 50 }, () => outcome(second)))).toEqual(Array(50).fill('invalid'))
  expect(await outcome(second)).toBe('invalid')
  expect(await outcome(first)).toBe('valid')
  expect(server.asked()).toBe(2)
})

test('unknown key ids do not hammer a provider that is down either, and are not called wrong while nobody knows', async () => {
  await outcome(first)
  server.behave('fail')
  time += KEY_POLICY.cooldownMs
  expect(await outcome(second)).toBe('unavailable')
  expect(await outcome(second)).toBe('unavailable')
  expect(server.asked()).toBe(2)
  time += KEY_POLICY.retryMs
  server.behave('well')
  server.publish(first, second)
  expect(await outcome(second)).toBe('valid')
})


test('a key that was taken away signs nobody in after the time that keys are fresh', async () => {
  await outcome(first)
  server.publish(second)
  time += KEY_POLICY.freshMs - 1
  expect(await outcome(first)).toBe('valid')
  time += 1
  expect(await outcome(first)).toBe('invalid')
})

test('a token that is known outlives its key by five minutes, and no longer', async () => {
  const known = await token(first)
  expect((await verify(known)).kind).toBe('valid')
  server.publish(second)
  time += VERIFIED_FOR_MS - 1
  expect((await verify(known)).kind).toBe('valid')
  time += 1
  expect((await verify(known)).kind).toBe('invalid')
})

test.each(['fail', 'hang', 'garbage'] as const)('with a provider that does %s, tokens of known keys are verified at once, for a day', async (how) => {
  await outcome(first)
  server.behave(how)
  time += KEY_POLICY.freshMs
  const began = performance.now()
  expect(await outcome(first)).toBe('valid')
  expect(performance.now() - began, 'one fetch at most').toBeLessThan(KEY_POLICY.fetchDeadlineMs + 1_000)
  time += KEY_POLICY.retryMs
  const again = performance.now()
  expect(await Promise.all(Array.from({ length: 10 }, () => outcome(first)))).toEqual(Array(10).fill('valid'))
  expect(performance.now() - again, 'nobody waits for it twice').toBeLessThan(1_000)
  time += KEY_POLICY.outliveMs
  expect(await outcome(first)).toBe('unavailable')
})

test.each(['fail', 'hang', 'garbage'] as const)('without any keys and with a provider that does %s, every token is unavailable within the deadline', async (how) => {
  server.behave(how)
  const began = performance.now()
  expect(await outcome(first)).toBe('unavailable')
  expect(performance.now() - began).toBeLessThan(KEY_POLICY.fetchDeadlineMs + 1_000)
  expect(await outcome(first)).toBe('unavailable')
  expect(server.asked()).toBe(1)
})

test('a key that came back with the provider is known again after one retry', async () => {
  await outcome(first)
  server.behave('fail')
  time += KEY_POLICY.freshMs
  expect(await outcome(first)).toBe('valid')
  server.behave('well')
  server.publish(second)
  time += KEY_POLICY.retryMs
  await outcome(second)
  expect(await outcome(first)).toBe('invalid')
})
