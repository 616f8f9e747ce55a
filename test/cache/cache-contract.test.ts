import { zstdCompressSync } from 'node:zlib'
import { Redis } from 'ioredis'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeFence } from '../../src/cache/fence.ts'
import { OtherLineageError } from '../../src/cache/keyspace.ts'
import { createMemoryCache } from '../../src/cache/memory-cache.ts'
import { pack } from '../../src/cache/payload.ts'
import { policies } from '../../src/cache/policies.ts'
import type { Invalidation, RecommendationCache } from '../../src/cache/recommendation-cache.ts'
import { createRedisCache } from '../../src/cache/redis-cache.ts'
import { noRunMemory } from '../../src/cache/run-memory.ts'
import { connectRedis } from '../../src/cache/redis.ts'
import { STRATEGY, type StoredRun } from '../../src/domain/run.ts'
import { encodeRun, RUN_FORMAT } from '../../src/domain/run-codec.ts'
import { createCircuit } from '../../src/lib/circuit.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics, type Metrics } from '../../src/lib/metrics.ts'
import { inLineage, LINEAGE, testKeys } from '../support/lineage.ts'
import { startTestRedis, type TestServer } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'

const PET = '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b01'
const OWNER = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a01'
const LIFE_MS = 60_000
const ATTEMPT = '99999999-2222-4333-8444-555555555555'
const OTHER_ATTEMPT = '88888888-2222-4333-8444-555555555555'
const OTHER_LINEAGE = 'b1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d'
const HASH = 'ab'.repeat(16)

const run = (version: number, { epoch = 1, conditionsHash = '', lineage = LINEAGE } = {}): StoredRun => ({
  id: '11111111-2222-4333-8444-555555555555',
  petId: PET,
  version,
  epoch,
  lineage,
  strategy: STRATEGY.name,
  strategyVersion: STRATEGY.version,
  conditionsHash,
  createdAt: 1_800_000_000_000,
  expiresAt: 1_800_604_800_000,
  emptyReason: 'NO_MATCH',
  items: [],
})

let server: TestServer
let client: Redis
let redisCache: RecommendationCache
let metrics: Metrics
beforeAll(async () => {
  server = await startTestRedis()
  metrics = createMetrics()
  const circuit = createCircuit({ failuresToOpen: Infinity, probeMs: 1, probeMaxMs: 1, monotonicNow: () => performance.now() })
  const redis = await connectRedis({ kind: 'standalone', url: server.url }, createLogger('silent'))
  redisCache = createRedisCache({ redis, circuit, keyspace: inLineage(), memory: noRunMemory, metrics })
  client = new Redis(server.url)
  client.on('error', () => {})
})
afterAll(async () => {
  await redisCache.close()
  client.disconnect()
  await server.stop()
})

/** `loseFence`: for want of memory, with the list of what lay under it; the cache in memory loses no results apart from their list. */
const CACHES: [string, () => Promise<RecommendationCache>, { loseFence?: () => Promise<unknown> }][] = [
  ['Redis', async () => (await client.flushall(), redisCache), { loseFence: () => client.unlink(testKeys.fence(PET), testKeys.tags(PET)) }],
  ['memory', async () => createMemoryCache(inLineage()), {}],
]

describe.each(CACHES)('the cache in %s', (_name, fresh, { loseFence }) => {
  let cache: RecommendationCache
  beforeEach(async () => {
    cache = await fresh()
    await cache.invalidate([{ kind: 'epoch', epoch: 1, lineage: LINEAGE }])
  })

  const found = async (conditionsHash = '') => {
    const outcome = await cache.read([{ petId: PET, conditionsHash }], false)
    if (outcome.kind !== 'read') throw new Error('the cache is away')
    return outcome.found[0]
  }
  const fill = async (one: StoredRun) => (await cache.fill(one, OWNER, LIFE_MS, ATTEMPT)).kind
  const invalidate = (version: number) => cache.invalidate([{ kind: 'pet', petId: PET, version, ownerId: OWNER, lineage: LINEAGE }])
  const store = async (version: number) => {
    await invalidate(version)
    expect(await fill(run(version))).toBe('stored')
  }

  test('flush removes the fence: a fill then stores nothing until it was verified and tried again', async () => {
    expect(await fill(run(5))).toBe('unfenced')
    expect(await found()).toMatchObject({ fence: undefined, run: undefined })
    expect(await fill(run(5))).toBe('stored')
    expect(await found()).toMatchObject({ fence: { version: 5, ownerId: OWNER }, run: run(5) })
  })

  test('flush removes the fence: what one filler has put there, and not verified, is no fence for another', async () => {
    expect(await fill(run(5))).toBe('unfenced')
    expect((await cache.fill(run(5, { conditionsHash: HASH }), OWNER, LIFE_MS, OTHER_ATTEMPT)).kind).toBe('unfenced')
    expect(await fill(run(5))).toBe('unfenced')
    expect(await fill(run(5))).toBe('stored')
    expect((await cache.fill(run(5, { conditionsHash: HASH }), OWNER, LIFE_MS, OTHER_ATTEMPT)).kind).toBe('stored')
    expect((await found(HASH))?.run?.conditionsHash).toBe(HASH)
  })

  test('stale set after invalidation: a fill beneath a newer fence changes nothing', async () => {
    await store(4)
    await invalidate(6)
    expect(await fill(run(5))).toBe('superseded')
    expect(await found()).toMatchObject({ fence: { version: 6 }, run: undefined })
  })

  test('fence expires under a paused filler: an invalidation between its two tries turns the second away', async () => {
    expect(await fill(run(5))).toBe('unfenced')
    await invalidate(6)
    expect(await fill(run(5))).toBe('superseded')
    expect((await found())?.run).toBeUndefined()
  })

  test('an invalidation drops every result of the pet and counts what it dropped; told again, it drops nothing and says the same', async () => {
    await invalidate(5)
    await fill(run(5))
    await fill(run(5, { conditionsHash: HASH }))
    const first = await invalidate(6)
    expect(first).toEqual({ kind: 'cleared', keysDropped: expect.toSatisfy((count: number) => count >= 2), epochCreated: false })
    expect((await found())?.run).toBeUndefined()
    expect((await found(HASH))?.run).toBeUndefined()
    await fill(run(6))
    expect(await invalidate(6)).toEqual(first)
    expect((await found())?.run).toEqual(run(6))
    expect(await invalidate(5)).toMatchObject({ keysDropped: 0 })
    await invalidate(7)
    await invalidate(8)
    expect(await invalidate(8)).toMatchObject({ keysDropped: 0 })
  })

  test('outbox delivered out of order: an older invalidation after a newer one leaves what is newer', async () => {
    await invalidate(7)
    await fill(run(7))
    await invalidate(6)
    expect((await found())?.run?.version).toBe(7)
  })

  test('clear-all against a set: a run of the epoch before is a miss whenever it arrives', async () => {
    await invalidate(5)
    await fill(run(5))
    await cache.invalidate([{ kind: 'epoch', epoch: 2, lineage: LINEAGE }])
    expect((await found())?.run).toBeUndefined()
    await fill(run(5))
    expect((await found())?.run).toBeUndefined()
    await cache.invalidate([{ kind: 'epoch', epoch: 1, lineage: LINEAGE }])
    expect((await found())?.run).toBeUndefined()
    await fill(run(5, { epoch: 2 }))
    expect((await found())?.run?.epoch).toBe(2)
  })

  test('conditions never mix', async () => {
    await invalidate(5)
    await fill(run(5, { conditionsHash: HASH }))
    expect((await found())?.run).toBeUndefined()
    expect((await found(HASH))?.run?.conditionsHash).toBe(HASH)
  })

  test('a pet that is gone has a fence without an owner', async () => {
    await invalidate(5)
    await fill(run(5))
    await cache.invalidate([{ kind: 'pet', petId: PET, version: 6, ownerId: null, lineage: LINEAGE }])
    expect(await found()).toMatchObject({ fence: { version: 6, ownerId: null }, run: undefined })
  })

  test('whatever arrives in whatever order, nothing older than the highest fence is ever read', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ act: fc.constantFrom('fill', 'invalidate', 'fill under conditions'), version: fc.integer({ min: 1, max: 6 }) }), { maxLength: 20 }),
        async (steps) => {
          cache = await fresh()
          await cache.invalidate([{ kind: 'epoch', epoch: 1, lineage: LINEAGE }])
          let highest = 0
          // A reader believes no fence that a fill has left pending, nor one of no epoch, as an invalidation alone puts there.
          let fence: 'absent' | 'of no epoch' | 'pending' | 'verified' = 'absent'
          for (const { act, version } of steps) {
            const isPassed = version >= highest
            if (act === 'invalidate') {
              await invalidate(version)
              if (fence === 'absent') fence = 'of no epoch'
              else if (fence === 'pending' && isPassed) fence = 'verified'
            } else {
              await fill(run(version, { conditionsHash: act === 'fill' ? '' : HASH }))
              if (fence === 'absent') fence = 'pending'
              else if (isPassed) fence = 'verified'
            }
            highest = Math.max(highest, version)
            for (const hash of ['', HASH]) {
              const one = await found(hash)
              expect(one?.fence?.version).toBe(fence === 'verified' ? highest : undefined)
              if (one?.run !== undefined) expect(one.run.version).toBe(highest)
            }
          }
        },
      ),
      { numRuns: 30 },
    ))

  test('a pending fence is no fence for a reader: neither a run under conditions nor the owner is believed under it', async () => {
    if (loseFence !== undefined) {
      await store(5)
      expect(await fill(run(5, { conditionsHash: HASH }))).toBe('stored')
      await loseFence()
    }
    expect((await cache.fill(run(5), OWNER, LIFE_MS, OTHER_ATTEMPT)).kind).toBe('unfenced')
    expect(await found(HASH)).toMatchObject({ fence: undefined, run: undefined })
    expect(await found()).toMatchObject({ fence: undefined, run: undefined })
  })

  test('an invalidation of the version that a fill has left pending takes its place', async () => {
    const formerOwner = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a02'
    expect((await cache.fill(run(5), formerOwner, LIFE_MS, OTHER_ATTEMPT)).kind).toBe('unfenced')
    expect((await invalidate(5)).kind).toBe('cleared')
    expect((await found())?.fence).toMatchObject({ version: 5, ownerId: OWNER })
    expect(await fill(run(5))).toBe('stored')
  })

  test('a run of another lineage is not stored', async () => {
    await invalidate(5)
    expect(await fill(run(5, { lineage: OTHER_LINEAGE }))).toBe('superseded')
    expect((await found())?.run).toBeUndefined()
    expect(await fill(run(5))).toBe('stored')
  })

  test('an invalidation of another lineage is refused, and nothing changes', async () => {
    await store(5)
    const ours: Invalidation = { kind: 'pet', petId: PET, version: 6, ownerId: null, lineage: LINEAGE }
    const theirs: Invalidation[] = [{ ...ours, lineage: OTHER_LINEAGE }, { kind: 'epoch', epoch: 2, lineage: OTHER_LINEAGE }]
    for (const some of [theirs, [ours, ...theirs]]) {
      expect(await cache.invalidate(some)).toEqual({ kind: 'unavailable', cause: expect.any(OtherLineageError) })
      expect(await cache.read([], false)).toMatchObject({ epoch: 1 })
      expect(await found()).toMatchObject({ fence: { version: 5, ownerId: OWNER }, run: run(5) })
    }
  })

  test('a sweep drops the results and keeps the fences', async () => {
    await invalidate(5)
    await fill(run(5))
    let dropped = 0
    for await (const count of cache.sweep()) dropped += count
    expect(dropped).toBe(1)
    expect(await found()).toMatchObject({ fence: { version: 5 }, run: undefined })
  })
})

const flipped = (bytes: Buffer, at: number): Buffer => Buffer.concat([bytes.subarray(0, at), Buffer.of((bytes[at] ?? 0) ^ 0xff), bytes.subarray(at + 1)])

describe('what Redis can do to us', () => {
  const KEYS = { fence: testKeys.fence(PET), result: testKeys.result(PET), tags: testKeys.tags(PET) }
  const asked = [{ petId: PET, conditionsHash: '' }]
  const discarded = async () => (await metrics.unusableValues.get()).values.reduce((sum, { value }) => sum + value, 0)

  const whole = pack(encodeRun(run(5)))
  const compressed = pack(encodeRun(run(5)) + ' '.repeat(5_000))
  /** A few hundred bytes that would unpack to a hundred megabytes. */
  const bomb = Buffer.concat([Buffer.from('z'), zstdCompressSync(Buffer.alloc(100_000_000))])
  const UNUSABLE: [string, Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['garbage', Buffer.from('garbage')],
    ['bytes that are no text', Buffer.from([0x70, 0xff, 0xfe, 0x00])],
    ['another encoding', Buffer.from('x{}')],
    ['another format', pack(`${RUN_FORMAT + 1}${encodeRun(run(5)).slice(1)}`)],
    ['another shape', pack(`${RUN_FORMAT}${JSON.stringify({ ...run(5), items: [{}] })}`)],
    ['a truncated value', whole.subarray(0, whole.length - 5)],
    ['a truncated compressed value', compressed.subarray(0, compressed.length - 5)],
    ['a compressed value with a flipped bit', flipped(compressed, 20)],
    ['a value that is too large', Buffer.concat([Buffer.from('p'), Buffer.alloc(policies.largestResultBytes + 1, ' ')])],
    ['a compressed bomb', bomb],
  ]
  test.each(UNUSABLE)('%s is a miss, counted and deleted', async (_what, value) => {
    await client.flushall()
    await client.set(KEYS.fence, encodeFence({ epoch: 1, version: 5, ownerId: OWNER, runId: null, createdAt: null }))
    await client.set(KEYS.result, value)
    const before = await discarded()
    const memoryBefore = process.memoryUsage().rss
    expect(await redisCache.read(asked, false)).toMatchObject({ kind: 'read', found: [{ run: undefined }] })
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(50_000_000)
    expect((await discarded()) - before).toBe(1)
    await waitUntil('it is deleted', async () => (await client.exists(KEYS.result)) === 0)
  })

  test('a result of a wrong type is a miss, and counted by the fill that takes its place', async () => {
    await client.flushall()
    await client.lpush(KEYS.result, 'not', 'a', 'string')
    await redisCache.invalidate([{ kind: 'pet', petId: PET, version: 5, ownerId: OWNER, lineage: LINEAGE }])
    await client.lpush(KEYS.result, 'not', 'a', 'string')
    const before = await discarded()
    expect(await redisCache.read(asked, false)).toMatchObject({ kind: 'read', found: [{ run: undefined }] })
    expect((await redisCache.fill(run(5), OWNER, LIFE_MS, ATTEMPT)).kind).toBe('stored')
    expect((await discarded()) - before).toBe(1)
  })

  test.each(Object.entries(KEYS))('a %s of the wrong type is a miss, and the next invalidation and fill mend it', async (_name, key) => {
    await client.flushall()
    await client.lpush(key, 'not', 'a', 'string')
    expect(await redisCache.read(asked, false)).toMatchObject({ kind: 'read', found: [{ run: undefined }] })
    expect((await redisCache.invalidate([{ kind: 'epoch', epoch: 1, lineage: LINEAGE }, { kind: 'pet', petId: PET, version: 5, ownerId: OWNER, lineage: LINEAGE }])).kind).toBe('cleared')
    expect((await redisCache.fill(run(5), OWNER, LIFE_MS, ATTEMPT)).kind).toBe('stored')
    expect(await redisCache.read(asked, false)).toMatchObject({ found: [{ run: { version: 5 } }] })
  })

  test('a fill lives as long as it was told, its fence longer', async () => {
    await client.flushall()
    await redisCache.invalidate([{ kind: 'pet', petId: PET, version: 5, ownerId: OWNER, lineage: LINEAGE }])
    await redisCache.fill(run(5), OWNER, LIFE_MS, ATTEMPT)
    expect(await client.pttl(KEYS.result)).toBeLessThanOrEqual(LIFE_MS)
    expect(await client.pttl(KEYS.fence)).toBeGreaterThan(LIFE_MS)
  })

  test('a paused Redis costs one deadline and is an outcome, not an error', async () => {
    await server.pause()
    try {
      const began = performance.now()
      expect((await redisCache.read(asked, false)).kind).toBe('unavailable')
      expect((await redisCache.invalidate([{ kind: 'epoch', epoch: 3, lineage: LINEAGE }])).kind).toBe('unavailable')
      expect((await redisCache.fill(run(9), OWNER, LIFE_MS, ATTEMPT)).kind).toBe('unavailable')
      expect(performance.now() - began).toBeLessThan(2_000)
    } finally {
      await server.resume()
    }
  })
})
