import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { mostAheadOf } from '../../src/cache/spend-ahead.ts'
import { parseTrustedProxies } from '../../src/http/trusted-proxies.ts'
import type { AppOptions } from '../../src/app.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'

const NO_LIMITS = { user: 0, address: 0, mutations: 0 }
const VIEWER = '{ viewer { id } }'

let stage: Stage
let user: Record<string, string>
let neighbour: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  ;[user, neighbour] = await Promise.all([bearer(DEMO_USER_ID), bearer(DEMO_NEIGHBOUR_ID)])
})
afterAll(() => stage.close())
beforeEach(async () => void (await stage.redisClient.flushall()))

async function within(options: Partial<AppOptions>, work: (gateway: TestGateway) => Promise<void>): Promise<void> {
  const gateway = await startGateway({ databaseUrl: stage.database.url, cache: { kind: 'redis', url: stage.redis.url }, ...options })
  try {
    await work(gateway)
  } finally {
    await gateway.close()
  }
}

const codesOf = async (gateway: TestGateway, times: number, query = VIEWER, headers = user): Promise<string[]> => {
  const codes: string[] = []
  for (let i = 0; i < times; i++) codes.push((await gateway.askText(query, {}, headers)).errors?.[0]?.extensions.code ?? 'OK')
  return codes
}
const count = (codes: readonly string[], code: string) => codes.filter((one) => one === code).length

test('a user beyond the limit is refused with 429 and told when to come again; another user is not', () =>
  within({ ratesPerMinute: { ...NO_LIMITS, user: 5 } }, async (gateway) => {
    expect(await codesOf(gateway, 7)).toEqual(['OK', 'OK', 'OK', 'OK', 'OK', 'RATE_LIMITED', 'RATE_LIMITED'])
    const { status, headers, data, errors } = await gateway.askText(VIEWER, {}, user)
    expect(status).toBe(429)
    expect(data).toBeUndefined()
    const seconds = Number(headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
    expect(errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: seconds })
    expect(headers.get('ratelimit-policy')).toBe('"user";q=5;w=60')
    expect(headers.get('ratelimit')).toMatch(/^"user";r=0;t=\d+$/)
    expect(await codesOf(gateway, 1, VIEWER, neighbour)).toEqual(['OK'])
  }))

test('an answer says how much is left of each limit that looked at it', () =>
  within({ ratesPerMinute: { address: 50, user: 20, mutations: 10 } }, async (gateway) => {
    const query = await gateway.askText(VIEWER, {}, user)
    expect(query.headers.get('ratelimit-policy')).toBe('"address";q=50;w=60, "user";q=20;w=60')
    expect(query.headers.get('ratelimit')).toMatch(/^"address";r=49;t=\d+, "user";r=19;t=\d+$/)
    const mutation = await gateway.askText('mutation { updateRecommendationPreferences(input: {}) { invalidation } }', {}, user)
    expect(mutation.headers.get('ratelimit')).toMatch(/^"address";r=48;t=\d+, "user";r=18;t=\d+, "mutations";r=9;t=\d+$/)
    expect((await gateway.askText(VIEWER)).headers.get('ratelimit-policy')).toBe('"address";q=50;w=60')
  }))

test('each field asked of the root is a point: aliases and fragments ask for nothing free', () =>
  within({ ratesPerMinute: { ...NO_LIMITS, user: 7 } }, async (gateway) => {
    expect(await codesOf(gateway, 3, '{ a: viewer { id } ...More } fragment More on Query { b: viewer { id } c: viewer { id } }')).toEqual(['OK', 'OK', 'RATE_LIMITED'])
  }))

test('changes have a limit of their own, and one that is refused changes nothing', () =>
  within({ ratesPerMinute: { ...NO_LIMITS, mutations: 3 } }, async (gateway) => {
    const change = (price: number) => `mutation { a: updateRecommendationPreferences(input: { maxPricePerKg: ${price} }) { invalidation } b: updateRecommendationPreferences(input: { maxPricePerKg: ${price} }) { invalidation } }`
    expect(await codesOf(gateway, 1, change(50_000))).toEqual(['OK'])
    expect(await codesOf(gateway, 1, change(60_000))).toEqual(['RATE_LIMITED'])
    expect((await gateway.askText('{ viewer { preferences { maxPricePerKg } } }', {}, user)).data).toEqual({ viewer: { preferences: { maxPricePerKg: 50_000 } } })
  }))

test('a flood of wrong tokens is refused by its address before anybody looks at a token', () =>
  within({ ratesPerMinute: { ...NO_LIMITS, address: 5 } }, async (gateway) => {
    const wrong = { authorization: 'Bearer x.y.z' }
    expect(await codesOf(gateway, 7, VIEWER, wrong)).toEqual([...Array.from({ length: 5 }, () => 'UNAUTHENTICATED'), 'RATE_LIMITED', 'RATE_LIMITED'])
    const refused = await gateway.askText('{ nonsense', {}, user)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.headers.get('x-request-id')).toBeTruthy()
    expect(refused.errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
  }))

test('health and metrics are never limited', () =>
  within({ ratesPerMinute: { ...NO_LIMITS, address: 1 } }, async (gateway) => {
    await codesOf(gateway, 3)
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      for (let i = 0; i < 3; i++) expect((await fetch(`${gateway.url}${path}`)).status).toBe(200)
    }
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toMatch(/petfood_refusals_total\{limit="address"\} 2/)
  }))

test('behind a trusted proxy each client has a limit of its own; without one nobody can choose an address', async () => {
  const from = (address: string) => ({ ...user, 'x-forwarded-for': `6.6.6.6, ${address}` })
  const trustedProxies = parseTrustedProxies('1')
  if (trustedProxies === undefined) throw new Error('not parsed')
  await within({ ratesPerMinute: { ...NO_LIMITS, address: 2 }, trustedProxies }, async (gateway) => {
    expect(await codesOf(gateway, 3, VIEWER, from('198.51.100.7'))).toEqual(['OK', 'OK', 'RATE_LIMITED'])
    expect(await codesOf(gateway, 1, VIEWER, from('198.51.100.8'))).toEqual(['OK'])
  })
  await stage.redisClient.flushall()
  await within({ ratesPerMinute: { ...NO_LIMITS, address: 2 } }, async (gateway) => {
    const codes = [...(await codesOf(gateway, 2, VIEWER, from('198.51.100.7'))), ...(await codesOf(gateway, 1, VIEWER, from('198.51.100.8')))]
    expect(codes).toEqual(['OK', 'OK', 'RATE_LIMITED'])
  })
})

test('two processes count together: the limit is exceeded by what each grants ahead at most', async () => {
  const limit = 60
  const ratesPerMinute = { ...NO_LIMITS, user: limit }
  await within({ ratesPerMinute }, (one) =>
    within({ ratesPerMinute }, async (other) => {
      const codes = (await Promise.all([one, other, one, other].map((gateway) => codesOf(gateway, 40)))).flat()
      expect(count(codes, 'OK')).toBeGreaterThanOrEqual(limit)
      expect(count(codes, 'OK')).toBeLessThanOrEqual(limit + 2 * mostAheadOf(limit))
      expect(await codesOf(other, 1)).toEqual(['RATE_LIMITED'])
    }),
  )
})

test('a hit costs Redis no more commands than without a limit, but for one now and then that nobody waits for', async () => {
  const RECOMMENDATION = `{ recommendations(petId: "${BORI}") { source } }`
  await within({ ratesPerMinute: { address: 100_000, user: 100_000, mutations: 60 } }, async (gateway) => {
    await codesOf(gateway, 3, RECOMMENDATION)
    const calls = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await stage.redisClient.info('commandstats'))?.[1] ?? 0)
    const before = await calls()
    const began = performance.now()
    expect(count(await codesOf(gateway, 100, RECOMMENDATION), 'OK')).toBe(100)
    // Two limits, told five times a second; the heartbeats of trust run four times a second.
    const seconds = (performance.now() - began) / 1_000
    expect((await calls()) - before).toBeLessThanOrEqual(15 * (seconds + 1))
  })
})

describe('while Redis is away', () => {
  test('each process counts for itself, and nobody sees an error', async () => {
    const ratesPerMinute = { ...NO_LIMITS, address: 40, user: 5 }
    const own = await setStage(stage.database.url)
    const gateway = await startGateway({ databaseUrl: stage.database.url, cache: { kind: 'redis', url: own.redis.url }, ratesPerMinute })
    try {
      await own.redis.stop()
      const fresh = await bearer(randomUUID())
      expect(await codesOf(gateway, 7, VIEWER, fresh)).toEqual(['OK', 'OK', 'OK', 'OK', 'OK', 'RATE_LIMITED', 'RATE_LIMITED'])
    } finally {
      await gateway.close()
      await own.close()
    }
  })
  test('without any Redis the limits hold all the same', async () => {
    const gateway = await startGateway({ databaseUrl: stage.database.url, ratesPerMinute: { ...NO_LIMITS, user: 20 } })
    try {
      expect(count(await codesOf(gateway, 30), 'OK')).toBe(20)
    } finally {
      await gateway.close()
    }
  })
})
