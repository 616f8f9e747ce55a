import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { decodeFence } from '../../src/cache/fence.ts'
import { createKeyspace } from '../../src/cache/keyspace.ts'
import { createRedisCache } from '../../src/cache/redis-cache.ts'
import { noRunMemory } from '../../src/cache/run-memory.ts'
import { connectRedis } from '../../src/cache/redis.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { STRATEGY, type StoredRun } from '../../src/domain/run.ts'
import { createCircuit } from '../../src/lib/circuit.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { createDeliver } from '../../src/recommend/deliver.ts'
import { createFill } from '../../src/recommend/fill.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import { waitUntil } from '../support/wait-until.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const LIFE_MS = 60_000
const ATTEMPT = '99999999-2222-4333-8444-555555555555'
const logger = createLogger('silent')

let stage: Stage
let petId: string
let pets = 0
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${DEMO_USER_ID}, ${`late ${pets++}`}, 'DOG', 30, current_date, 9) returning id`
  petId = String(row?.['id'])
})
afterEach(() => {
  vi.useRealTimers()
})

const device = { 'x-device-uid': 'demo-device' }
const ask = async () => (await stage.gateway.ask(RecommendationsDocument, { petId }, device)).data?.recommendations

const run = (version: number, more: Partial<StoredRun> = {}): StoredRun => ({
  id: '11111111-2222-4333-8444-555555555555',
  petId,
  version,
  epoch: 1,
  lineage: stage.lineage,
  strategy: STRATEGY.name,
  strategyVersion: STRATEGY.version,
  conditionsHash: '',
  createdAt: 1_800_000_000_000,
  expiresAt: 1_800_604_800_000,
  emptyReason: 'NO_MATCH',
  items: [],
  ...more,
})

async function cacheAt(url: string) {
  const redis = await connectRedis({ kind: 'standalone', url }, logger)
  const circuit = createCircuit({ failuresToOpen: Infinity, probeMs: 1, probeMaxMs: 1, monotonicNow: () => performance.now() })
  const cache = createRedisCache({ redis, circuit, keyspace: createKeyspace(stage.lineage), memory: noRunMemory, metrics: createMetrics() })
  const found = async () => {
    const outcome = await cache.read([{ petId, conditionsHash: '' }], false)
    return outcome.kind === 'read' ? outcome.found[0] : undefined
  }
  return { cache, found, redis }
}

test('command replayed after a reconnect: a fill that the network held back does not undo what came before it', async () => {
  const proxy = await createTcpProxy(stage.redis.port)
  const behind = await cacheAt(`redis://127.0.0.1:${proxy.port}`)
  const direct = await cacheAt(stage.redis.url)
  try {
    await direct.cache.invalidate([{ kind: 'epoch', epoch: 1, lineage: stage.lineage }, { kind: 'pet', petId, version: 1_000_005, ownerId: DEMO_USER_ID, lineage: stage.lineage }])
    await behind.cache.fill(run(1_000_005), DEMO_USER_ID, LIFE_MS, ATTEMPT)
    proxy.hang()
    expect((await behind.cache.fill(run(1_000_005), DEMO_USER_ID, LIFE_MS, ATTEMPT)).kind).toBe('unavailable')
    await direct.cache.invalidate([{ kind: 'pet', petId, version: 1_000_006, ownerId: DEMO_USER_ID, lineage: stage.lineage }])
    const calls = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await stage.redisClient.info('commandstats'))?.[1])
    const before = await calls()
    await proxy.resume()
    await waitUntil('the fill that was held back has arrived', async () => (await calls()) > before)
    expect(await direct.found()).toMatchObject({ fence: { version: 1_000_006 }, run: undefined })
  } finally {
    await behind.cache.close()
    await direct.cache.close()
    await proxy.close()
  }
})

test('replica lag fills the cache: what a lagging reader saw is neither stored under a newer fence nor without one', async () => {
  const { cache, found } = await cacheAt(stage.redis.url)
  const [row] = await stage.database.sql`select recommendation_version v from pets where id = ${petId}`
  const version = Number(row?.['v'])
  const lagging = { run: run(version - 1), ownerId: DEMO_USER_ID, endsAt: LIFE_MS }
  const outbox = { current: async () => ({ lineage: stage.lineage, now: 0, epoch: 1, pets: new Map([[petId, { ownerId: DEMO_USER_ID, version }]]) }) }
  const shared = { cache, watch: { note: () => {} }, outbox, metrics: createMetrics(), logger }
  const fill = createFill({ ...shared, deliver: createDeliver(shared), monotonicNow: () => 0, random: () => 0 })
  for (const fence of ['is newer', 'is gone']) {
    if (fence === 'is gone') await stage.redisClient.unlink(stage.keys.fence(petId))
    else await cache.invalidate([{ kind: 'pet', petId, version, ownerId: DEMO_USER_ID, lineage: stage.lineage }])
    await fill([lagging], 1)
    expect((await found())?.run).toBeUndefined()
    expect(decodeFence((await stage.redisClient.get(stage.keys.fence(petId))) ?? '')?.version).toBe(version)
  }
  await cache.close()
})

test.each([8 * DAY_MS, -8 * DAY_MS])('clock skew: with a clock that is off by %i ms nothing lives longer or shorter', async (skewMs) => {
  const first = await ask()
  await waitUntil('it is cached', async () => (await ask())?.source === 'REDIS')
  await stage.redisClient.unlink(stage.keys.result(petId))
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + skewMs })
  expect(await ask()).toMatchObject({ source: 'POSTGRES', runId: first?.runId, expiresAt: first?.expiresAt })
  expect(await ask()).toMatchObject({ source: 'REDIS', runId: first?.runId })
  const lifeMs = await stage.redisClient.pttl(stage.keys.result(petId))
  expect(lifeMs).toBeGreaterThan(0.94 * 7 * DAY_MS)
  expect(lifeMs).toBeLessThanOrEqual(7 * DAY_MS)

  await stage.database.sql`update recommendation_runs set created_at = now() - interval '7 days' where pet_id = ${petId}`
  await stage.redisClient.unlink(stage.keys.result(petId))
  expect((await ask())?.source).toBe('COMPUTED')
  // A clock that is ahead makes this process look whether the run is on its last day. Postgres says no.
  const runs = await stage.database.sql`select count(*)::int as n from recommendation_runs where pet_id = ${petId}`
  expect(runs[0]?.['n']).toBe(2)
})

test.each([
  ['rules', { strategyVersion: STRATEGY.version + 1 }],
  ['strategy', { strategy: 'RULE_V2' }],
] as const)('two releases side by side: a run by the other release\'s %s is no answer here, and both can be stored', async (_what, other) => {
  const { cache, found } = await cacheAt(stage.redis.url)
  await cache.invalidate([{ kind: 'epoch', epoch: 1, lineage: stage.lineage }, { kind: 'pet', petId, version: 1_000_005, ownerId: DEMO_USER_ID, lineage: stage.lineage }])
  expect((await cache.fill(run(1_000_005, other), DEMO_USER_ID, LIFE_MS, ATTEMPT)).kind).toBe('stored')
  expect(await found()).toMatchObject({ fence: { version: 1_000_005 }, run: undefined })
  await cache.close()
})

test('two releases side by side: each finds its own run in Postgres, and computes beside the other\'s', async () => {
  const { runId } = (await ask()) ?? {}
  await stage.database.sql`update recommendation_runs set strategy_version = strategy_version + 1 where id = ${runId ?? ''}`
  await stage.redisClient.unlink(stage.keys.result(petId))
  const ours = await ask()
  expect(ours?.source).toBe('COMPUTED')
  const standing = await stage.database.sql`select id from recommendation_runs where pet_id = ${petId} and superseded_at is null`
  expect(new Set(standing.map(({ id }) => String(id)))).toEqual(new Set([runId, ours?.runId]))
})
