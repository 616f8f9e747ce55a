import { afterAll, beforeAll, expect, test } from 'vitest'
import { CacheEntryDocument, CacheStatsDocument, ClearAllRecommendationCachesDocument, ClearRecommendationCacheDocument, RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

const ABSENT = '00000000-0000-4000-8000-000000000000'

let stage: Stage
let user: Record<string, string>
let admin: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
  admin = await bearer(DEMO_ADMIN_ID, true)
})
afterAll(() => stage.close())

const ask = async (gateway = stage.gateway) => (await gateway.ask(RecommendationsDocument, { petId: BORI }, user)).data?.recommendations
const statsOf = async (gateway: TestGateway = stage.gateway) => {
  const { data, errors } = await gateway.ask(CacheStatsDocument, {}, admin)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.cacheStats
}
const hitsOf = async (gateway?: TestGateway) => Object.fromEntries((await statsOf(gateway)).tiers.map(({ source, hits }) => [source, hits]))
const entryOf = async (gateway = stage.gateway, petId = BORI) => gateway.ask(CacheEntryDocument, { petId }, admin)
const clear = async () => (await stage.gateway.ask(ClearRecommendationCacheDocument, { petId: BORI }, user)).data?.clearRecommendationCache
const clearAll = async () => (await stage.gateway.ask(ClearAllRecommendationCachesDocument, {}, admin)).data?.clearAllRecommendationCaches

test('each answer is counted by the tier that gave it, with what it took and what it weighs in Redis', async () => {
  const gateway = await stage.another()
  expect(await statsOf(gateway)).toMatchObject({ hitRate: 0, payloadBytes: { count: 0, p50: null }, pendingInvalidations: 0 })
  await clear()
  expect((await ask(gateway))?.source).toBe('COMPUTED')
  await waitUntil('it is a hit', async () => (await ask(gateway))?.source === 'REDIS')
  const { REDIS: hits = 0 } = await hitsOf(gateway)
  await stage.redisClient.unlink(stage.keys.result(BORI), stage.keys.fence(BORI))
  expect((await ask(gateway))?.source).toBe('POSTGRES')

  const { tiers, hitRate, payloadBytes, redis, since } = await statsOf(gateway)
  expect(tiers.map(({ source, hits }) => [source, hits])).toEqual([['MEMORY', 0], ['REDIS', hits], ['POSTGRES', expect.any(Number)], ['COMPUTED', 1]])
  const total = tiers.reduce((sum, { hits }) => sum + hits, 0)
  expect(hitRate).toBeCloseTo(hits / total)
  for (const { hits, latencyMs, errors } of tiers) {
    expect(errors).toBe(0)
    expect(latencyMs.count).toBe(hits)
    if (hits > 0) expect(latencyMs.p50).toBeGreaterThan(0)
    else expect(latencyMs.p50).toBeNull()
  }
  expect(payloadBytes.count).toBeGreaterThan(0)
  const stored = await stage.redisClient.strlen(stage.keys.result(BORI))
  expect(payloadBytes.max).toBeGreaterThanOrEqual(stored * 0.998)
  expect(payloadBytes.max).toBeLessThanOrEqual(stored * 1.002)
  expect(redis).toMatchObject({ connected: true, mode: 'standalone', circuit: 'CLOSED', keyCount: await stage.redisClient.dbsize() })
  expect(redis.usedMemoryBytes).toBeGreaterThan(100_000)
  expect(Date.parse(since)).toBeGreaterThan(Date.now() - 60_000)
})

test('what is recorded in Postgres and not told to Redis is pending', async () => {
  // Later than the relay looks: rows that nobody may take.
  await stage.database.sql.begin(async (tx) => {
    await tx`insert into cache_invalidations (pet_id, version) values (${ABSENT}, 1), (${ABSENT}, 2)`
  })
  await waitUntil('they are delivered', async () => (await statsOf()).pendingInvalidations === 0)
  await stage.redis.pause()
  try {
    await stage.database.sql`insert into cache_invalidations (pet_id, version) values (${ABSENT}, 3), (${ABSENT}, 4)`
    expect((await statsOf()).pendingInvalidations).toBe(2)
  } finally {
    await stage.redis.resume()
  }
  await waitUntil('they are delivered', async () => (await statsOf()).pendingInvalidations === 0)
})

test('with Redis away the figures still come, soon, and say so; what Redis holds is unknown and not nothing', async () => {
  await ask()
  const errorsOfRedis = async () => (await statsOf()).tiers.find(({ source }) => source === 'REDIS')?.errors ?? NaN
  const before = await errorsOfRedis()
  await stage.redis.pause()
  try {
    expect((await ask())?.source).toBe('POSTGRES')
    const began = performance.now()
    expect((await statsOf()).redis).toMatchObject({ connected: false, mode: 'standalone', usedMemoryBytes: null, keyCount: null })
    expect(performance.now() - began).toBeLessThan(1_500)
    expect(await errorsOfRedis()).toBeGreaterThan(before)
    await waitUntil('the circuit is open', async () => (await statsOf()).redis.circuit !== 'CLOSED')
    const atOpen = await errorsOfRedis()
    await ask()
    expect(await errorsOfRedis()).toBe(atOpen)

    const { data, errors } = await entryOf()
    expect(data?.cacheEntry).toMatchObject({ redis: null, postgres: { isCurrent: true } })
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['cacheEntry', 'redis'], 'SERVICE_UNAVAILABLE']])
  } finally {
    await stage.redis.resume()
  }
  await waitUntil('it is used again', async () => (await statsOf()).redis.circuit === 'CLOSED' && (await ask())?.source === 'REDIS')
})

test('a Redis that may not be asked for its size is connected, and only that is unknown', async () => {
  await stage.redisClient.call('ACL', 'SETUSER', 'default', '-dbsize')
  try {
    expect((await statsOf()).redis).toMatchObject({ connected: true, keyCount: null, usedMemoryBytes: expect.any(Number) })
  } finally {
    await stage.redisClient.call('ACL', 'SETUSER', 'default', '+dbsize')
  }
})

test('without a Redis the memory of the process is the tier, and nothing is said to be connected', async () => {
  const gateway = await startGateway({ databaseUrl: stage.database.url })
  try {
    await ask(gateway)
    expect((await ask(gateway))?.source).toBe('MEMORY')
    expect(await hitsOf(gateway)).toMatchObject({ MEMORY: 1, REDIS: 0 })
    expect((await statsOf(gateway)).redis).toEqual({ connected: false, mode: 'memory', circuit: 'CLOSED', usedMemoryBytes: null, keyCount: null })
    const { data } = await entryOf(gateway)
    expect(data?.cacheEntry.redis).toMatchObject({ encoding: 'plain', runId: data?.cacheEntry.postgres?.id })
  } finally {
    await gateway.close()
  }
})

test('an entry says what each tier holds for one pet: both, one, or none', async () => {
  await ask()
  await waitUntil('it is a hit', async () => (await ask())?.source === 'REDIS')
  const runId = (await ask())?.runId
  const both = (await entryOf()).data?.cacheEntry
  expect(both).toMatchObject({ petId: BORI, redis: { runId, encoding: 'zstd' }, postgres: { id: runId, isCurrent: true, hasConditions: false } })
  expect(both?.redis?.sizeBytes).toBe(await stage.redisClient.strlen(stage.keys.result(BORI)))
  expect(both?.redis?.tags).toEqual((await stage.redisClient.smembers(stage.keys.tags(BORI))).sort())
  expect(both?.redis?.expiresInSeconds).toBeGreaterThan(6 * 24 * 60 * 60)
  expect(both?.postgres?.items).toHaveLength(10)

  await stage.redisClient.unlink(stage.keys.result(BORI))
  expect((await entryOf()).data?.cacheEntry).toMatchObject({ redis: null, postgres: { id: runId } })
  await clear()
  expect((await entryOf()).data?.cacheEntry).toEqual({ petId: BORI, redis: null, postgres: null })
})

test('a clear that comes twice is harmless, and the second says that nothing was there', async () => {
  await ask()
  await waitUntil('it is a hit', async () => (await ask())?.source === 'REDIS')
  expect(await clear()).toMatchObject({ deletedRuns: expect.toSatisfy((count: number) => count >= 1), redisKeysDeleted: 2, invalidation: 'CLEARED' })
  expect(await clear()).toMatchObject({ deletedRuns: 0, redisKeysDeleted: 0, invalidation: 'CLEARED' })
})

test('so is a clear-all', async () => {
  await ask()
  await clearAll()
  const runs = async () => (await stage.database.sql`select 1 from recommendation_runs`).length
  await waitUntil('the first has swept', async () => (await runs()) === 0 && (await stage.redisClient.keys(stage.keys.patterns.results[0] ?? '')).length === 0)
  expect(await clearAll()).toMatchObject({ deletedRuns: 0, redisKeysDeleted: 0, invalidation: 'CLEARED' })
})

test('both are for admins only', async () => {
  const codesOf = async (headers: Record<string, string>, petId = BORI) => [
    (await stage.gateway.ask(CacheStatsDocument, {}, headers)).errors?.[0]?.extensions.code,
    (await stage.gateway.ask(CacheEntryDocument, { petId }, headers)).errors?.[0]?.extensions.code,
  ]
  expect(await codesOf(admin)).toEqual([undefined, undefined])
  expect(await codesOf(user)).toEqual(['FORBIDDEN', 'FORBIDDEN'])
  expect(await codesOf({})).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
  expect(await codesOf(admin, ABSENT)).toEqual([undefined, 'NOT_FOUND'])
  expect(await codesOf(admin, 'x')).toEqual([undefined, 'BAD_USER_INPUT'])
})
