import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFenceReader, type FenceReader } from '../../src/cache/fence-reader.ts'
import { encodeFence, fenceTextOf } from '../../src/cache/fence.ts'
import { heartbeatArguments } from '../../src/cache/heartbeat.ts'
import { policies } from '../../src/cache/policies.ts'
import { connectRedis, type RedisStore } from '../../src/cache/redis.ts'
import { NO_MARKS } from '../../src/domain/marks.ts'
import { createCircuit, type Circuit } from '../../src/lib/circuit.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { inLineage, LINEAGE, testKeys as keys } from '../support/lineage.ts'
import { startTestRedis, type TestServer } from '../support/servers.ts'

const PETS = ['7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b01', '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b02', '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b03'] as const
const OWNER = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a01'
const NOW = 1_800_000_000_000
const fence = (version: number) => encodeFence({ epoch: 7, version, ownerId: OWNER, runId: null, createdAt: null })
/** As it is compared. */
const comparedOf = (version: number) => fenceTextOf(LINEAGE, fence(version))

let server: TestServer
let client: Redis
let redis: RedisStore
let circuit: Circuit
let fences: FenceReader
/** What trust says before a read and after it. */
let trust: { isHeld: boolean; isIntact: (heartbeats: readonly (string | null)[]) => boolean }
beforeAll(async () => {
  server = await startTestRedis()
  client = new Redis(server.url)
  client.on('error', () => {})
  redis = await connectRedis({ kind: 'standalone', url: server.url }, createLogger('silent'))
})
beforeEach(async () => {
  trust = { isHeld: true, isIntact: () => true }
  circuit = createCircuit({ failuresToOpen: 1, probeMs: 60_000, probeMaxMs: 60_000, monotonicNow: () => performance.now() })
  fences = createFenceReader({ redis, circuit, keyspace: inLineage(), trust: { hold: () => (trust.isHeld ? { isIntact: (beats) => trust.isIntact(beats) } : undefined) }, metrics: createMetrics() })
  await client.flushall()
  await client.set(keys.epoch(), '7')
  for (const [i, petId] of PETS.entries()) await client.set(keys.fence(petId), fence(i))
  await redis.run('beat', heartbeatKeys(), heartbeatArguments({ incarnation: 'aa.bb', time: NOW, marks: NO_MARKS }))
})
afterAll(async () => {
  await redis.close()
  client.disconnect()
  await server.stop()
})

const heartbeatKeys = () => redis.heartbeatPlaces().map(keys.heartbeat)
const mgets = async () => Number(/cmdstat_mget:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0)

test('fences come as they stand, each with its lineage, in the order asked for, with the epoch and the latest that Postgres may say of the time', async () => {
  const absent = '00000000-0000-4000-8000-000000000000'
  expect(await fences.read([PETS[2], absent, PETS[0]])).toEqual({
    lineage: LINEAGE,
    epoch: 7,
    now: NOW + policies.trustMs + policies.commandDeadlineMs,
    fenceTexts: [comparedOf(2), null, comparedOf(0)],
  })
})

test('all that is asked in one turn of the event loop is one command, and each gets its own', async () => {
  const before = await mgets()
  const read = await Promise.all([fences.read([PETS[0]]), fences.read([PETS[1], PETS[2]]), fences.read([])])
  expect(read.map((one) => one?.fenceTexts)).toEqual([[comparedOf(0)], [comparedOf(1), comparedOf(2)], []])
  expect((await mgets()) - before).toBe(1)
})

test('without trust nothing is read', async () => {
  trust.isHeld = false
  const before = await mgets()
  expect(await fences.read([PETS[0]])).toBeUndefined()
  expect(await mgets()).toBe(before)
})

test('trust that was lost while the fences were read makes them worth nothing, and the heartbeats tell it', async () => {
  let seen: readonly (string | null)[] = []
  trust.isIntact = (heartbeats) => {
    seen = heartbeats
    return false
  }
  expect(await fences.read([PETS[0]])).toBeUndefined()
  expect(seen).toEqual([await client.get(heartbeatKeys()[0] ?? '')])
})

test('without an epoch nothing can be said', async () => {
  await client.del(keys.epoch())
  expect(await fences.read([PETS[0]])).toBeUndefined()
})

test('a Redis that is away is told to the circuit, and left alone while that is open', async () => {
  await client.call('client', 'pause', '400', 'ALL')
  expect(await fences.read([PETS[0]])).toBeUndefined()
  expect(circuit.isClosed()).toBe(false)
  expect(await fences.read([PETS[0]])).toBeUndefined()
})
