import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { heartbeatArguments } from '../../src/cache/heartbeat.ts'
import { policies } from '../../src/cache/policies.ts'
import type { RecommendationCache } from '../../src/cache/recommendation-cache.ts'
import { createRedisCache } from '../../src/cache/redis-cache.ts'
import { connectRedis, type RedisStore } from '../../src/cache/redis.ts'
import { createRunMemory } from '../../src/cache/run-memory.ts'
import { NO_MARKS } from '../../src/domain/marks.ts'
import { decodeItems, encodeItems } from '../../src/domain/run-codec.ts'
import { STRATEGY, type StoredRun } from '../../src/domain/run.ts'
import { recommend } from '../../src/domain/scoring/recommend.ts'
import { createCircuit } from '../../src/lib/circuit.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { arbitraryCatalogue, arbitraryPet, arbitraryPreferences } from '../support/arbitrary-scoring.ts'
import { buildConditions } from '../support/build-pet.ts'
import { inLineage, LINEAGE, testKeys as keys } from '../support/lineage.ts'
import { startTestRedis, type TestServer } from '../support/servers.ts'

const PET = '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b01'
const OWNER = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a01'
const LIFE_MS = 60_000
const NOW = 1_800_000_000_000
const ASKED = { petId: PET, conditionsHash: '' }

const run = (version: number, more: Partial<StoredRun> = {}): StoredRun => ({
  id: '11111111-2222-4333-8444-555555555555',
  petId: PET,
  version,
  epoch: 1,
  lineage: LINEAGE,
  strategy: STRATEGY.name,
  strategyVersion: STRATEGY.version,
  conditionsHash: '',
  createdAt: NOW,
  expiresAt: NOW + 604_800_000,
  emptyReason: 'NO_MATCH',
  items: [],
  ...more,
})

let server: TestServer
let client: Redis
let redis: RedisStore
let ours: RecommendationCache
let others: RecommendationCache
beforeAll(async () => {
  server = await startTestRedis()
  client = new Redis(server.url)
  redis = await connectRedis({ kind: 'standalone', url: server.url }, createLogger('silent'))
})
beforeEach(async () => {
  const circuit = createCircuit({ failuresToOpen: Infinity, probeMs: 1, probeMaxMs: 1, monotonicNow: () => performance.now() })
  const process = () => createRedisCache({ redis, circuit, keyspace: inLineage(), memory: createRunMemory(1_000_000), metrics: createMetrics() })
  ours = process()
  others = process()
  await client.flushall()
  await beat(NOW)
  await ours.invalidate([{ kind: 'epoch', epoch: 1, lineage: LINEAGE }])
})
afterAll(async () => {
  await redis.close()
  client.disconnect()
  await server.stop()
})

const heartbeatKeys = () => redis.heartbeatPlaces().map(keys.heartbeat)
const beat = (time: number) => redis.run('beat', heartbeatKeys(), heartbeatArguments({ incarnation: 'aa.bb', time, marks: NO_MARKS }))
const tell = (version: number) => ours.invalidate([{ kind: 'pet', petId: PET, version, ownerId: OWNER, lineage: LINEAGE }])
/** A fence that somebody told, and the run under it. */
const store = async (cache: RecommendationCache, stored: StoredRun) => {
  await tell(stored.version)
  expect((await cache.fill(stored, OWNER, LIFE_MS, crypto.randomUUID())).kind).toBe('stored')
}
const read = async (isTrusted = true) => {
  const outcome = await ours.read([ASKED], isTrusted)
  if (outcome.kind !== 'read') throw new Error('the cache is away')
  const [found] = outcome.found
  return { version: found?.run?.version, createdAt: found?.run?.createdAt, source: found?.source }
}
const loseTheDocument = () => client.unlink(keys.result(PET))

test('a remembered run answers by its fence alone, without its document', async () => {
  await store(ours, run(1))
  await loseTheDocument()
  expect(await read()).toMatchObject({ version: 1, source: 'MEMORY' })
})

test('a run read from Redis is remembered', async () => {
  await store(others, run(1))
  expect(await read()).toMatchObject({ version: 1, source: 'REDIS' })
  expect(await read()).toMatchObject({ version: 1, source: 'MEMORY' })
})

test('a run that another process overtook is forgotten, and the newer one is found in the same read', async () => {
  await store(ours, run(1))
  await store(others, run(2))
  expect(await read()).toMatchObject({ version: 2, source: 'REDIS' })
  expect(await read()).toMatchObject({ version: 2, source: 'MEMORY' })
})

test('an invalidation that another process delivered ends a remembered run', async () => {
  await store(ours, run(1))
  await others.invalidate([{ kind: 'pet', petId: PET, version: 2, ownerId: OWNER, lineage: LINEAGE }])
  expect(await read()).toMatchObject({ version: undefined })
})

test('without a fence, an epoch or a heartbeat nothing that is remembered counts', async () => {
  for (const key of [keys.fence(PET), keys.epoch(), ...heartbeatKeys()]) {
    await store(ours, run(1))
    await loseTheDocument()
    const kept = await client.getBuffer(key)
    await client.unlink(key)
    expect(await read(), key).toMatchObject({ version: undefined })
    if (kept !== null) await client.set(key, kept)
    await client.unlink(keys.fence(PET))
  }
})

test('without trust the document is read', async () => {
  await store(ours, run(1))
  expect(await read(false)).toMatchObject({ version: 1, source: 'REDIS' })
  await loseTheDocument()
  expect(await read(false)).toMatchObject({ version: undefined })
})

test('a remembered run ends when its seven days do, by the clock of Postgres', async () => {
  await store(ours, run(1))
  await loseTheDocument()
  const margin = policies.trustMs + policies.commandDeadlineMs
  await beat(run(1).expiresAt - margin - 1)
  expect(await read()).toMatchObject({ version: 1, source: 'MEMORY' })
  await beat(run(1).expiresAt - margin)
  expect(await read()).toMatchObject({ version: undefined })
})

test('a run that was refreshed ahead in another process does not come back from memory', async () => {
  await store(ours, run(1))
  await others.fill(run(1, { createdAt: NOW + 1_000 }), OWNER, LIFE_MS, crypto.randomUUID())
  expect(await read()).toMatchObject({ createdAt: NOW + 1_000, source: 'REDIS' })
})

test('runs under different conditions are remembered apart', async () => {
  const conditionsHash = 'ab'.repeat(16)
  await store(ours, run(1))
  expect((await ours.fill(run(1, { conditionsHash, emptyReason: 'OVER_BUDGET' }), OWNER, LIFE_MS, crypto.randomUUID())).kind).toBe('stored')
  const outcome = await ours.read([ASKED, { petId: PET, conditionsHash }], true)
  expect(outcome).toMatchObject({ found: [{ source: 'MEMORY', run: { emptyReason: 'NO_MATCH' } }, { source: 'MEMORY', run: { emptyReason: 'OVER_BUDGET' } }] })
})

test('memory stays within its bytes', () => {
  const memory = createRunMemory(10_000)
  for (let i = 0; i < 100; i++) memory.set(run(1, { petId: `pet-${i}` }), 1_001)
  const held = Array.from({ length: 100 }, (_, i) => memory.get({ petId: `pet-${i}`, conditionsHash: '' })).filter((one) => one !== undefined)
  expect(held.length).toBeGreaterThan(0)
  expect(held.length * 2_000).toBeLessThanOrEqual(10_000)
})

test('what is asked for once does not push out what is asked for again and again', () => {
  const memory = createRunMemory(10_000)
  const keep = (petId: string) => memory.set(run(1, { petId }), 1_001)
  const isHeld = (petId: string) => memory.get({ petId, conditionsHash: '' }) !== undefined
  const popular = ['pet-a', 'pet-b', 'pet-c', 'pet-d']
  popular.forEach(keep)
  for (let i = 0; i < 1_000; i++) keep(`once-${i}`)
  expect(popular.map(isHeld)).toEqual([true, true, true, true])
  keep('again')
  expect(isHeld('again')).toBe(false)
  keep('again')
  expect(isHeld('again')).toBe(true)
})

test('a run is counted with what it shares with no other: many more fit than would if each had all of it', () => {
  const [items = []] = fc.sample(
    fc.record({ catalogue: arbitraryCatalogue, pet: arbitraryPet, preferences: arbitraryPreferences }).map((world) => recommend({ ...world, conditions: buildConditions() }).items).filter(({ length }) => length > 3),
    { numRuns: 1, seed: 1 },
  )
  const text = encodeItems(items)
  const [, , shared = []] = Array.from({ length: 3 }, () => decodeItems(text) ?? [])
  const pets = Array.from({ length: 40 }, (_, i) => `pet ${i}`)
  const heldOf = (some: StoredRun['items']) => {
    const memory = createRunMemory(20 * text.length)
    for (const petId of pets) memory.set(run(1, { petId, items: some }), text.length)
    return pets.filter((petId) => memory.get({ petId, conditionsHash: '' }) !== undefined).length
  }
  expect(heldOf(items)).toBeLessThan(15)
  expect(heldOf(shared)).toBe(pets.length)
})
