import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { CacheStatsDocument, ClearAllRecommendationCachesDocument, RecommendationsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { startTestCluster, type TestCluster } from '../support/redis-cluster.ts'
import { waitUntil } from '../support/wait-until.ts'

const OWNER = '11111111-2222-4333-8444-555555555555'
const PETS = 30

let folder: string
let cluster: TestCluster
let created: TestDatabase
let database: DbConnection
let gateway: TestGateway
let other: TestGateway
let clients: Redis[]
beforeAll(async () => {
  folder = await mkdtemp(join(inject('testFolder'), 'cluster-'))
  ;[cluster, created] = await Promise.all([startTestCluster({ folder }), createTestDatabase()])
  database = connect(created.url, { max: 2 })
  await seedDemo(database.db, '2026-11-24')
  await database.sql`insert into users (id) values (${OWNER})`
  await database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select ${OWNER}, 'pet ' || i, 'DOG', 30, current_date, 3 + i from generate_series(1, ${PETS}) i`
  const url = `redis+cluster://${cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join()}`
  const options = { databaseUrl: created.url, cache: { kind: 'redis', url } } as const
  ;[gateway, other] = await Promise.all([startGateway(options), startGateway(options)])
  clients = cluster.nodes.map(({ port }) => new Redis(port))
  for (const client of clients) client.on('error', () => {})
})
afterAll(async () => {
  for (const client of clients) client.disconnect()
  await Promise.all([gateway.close(), other.close()])
  await database.close()
  await cluster.close()
  await created.drop()
  await rm(folder, { recursive: true, force: true })
})

const MOST_ROUNDS = 60

const shape = z.object({ viewer: z.object({ pets: z.array(z.object({ recommendations: z.object({ source: z.string() }) })) }) })
const sourcesOfAll = async (): Promise<string[]> => {
  const { data, errors } = await gateway.askText('{ viewer { pets { recommendations { source } } } }', {}, await bearer(OWNER))
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return shape.parse(data).viewer.pets.map(({ recommendations }) => recommendations.source)
}
const allAreHits = async () => (await sourcesOfAll()).every((source) => source === 'REDIS')

/** Reads of a socket by each running master: a pipeline is one. */
const readsByMaster = async (): Promise<number[]> => {
  const masters = clients.slice(0, 3)
  return Promise.all(masters.map(async (client) => Number(/^total_reads_processed:(\d+)/m.exec(await client.info('stats'))?.[1])))
}

test('thirty pets spread over three masters are hits, and cost each master one round trip', async () => {
  await sourcesOfAll()
  await waitUntil('all are cached', allAreHits)
  // The trust check of both gateways reads as well, a few times a second: some round is the reader's alone.
  const costs: number[] = []
  for (let round = 0; round < MOST_ROUNDS && !costs.includes(2); round++) {
    const before = await readsByMaster()
    await sourcesOfAll()
    const after = await readsByMaster()
    costs.push(Math.max(...after.map((count, i) => count - (before[i] ?? 0))))
  }
  // One for the operation, one for the INFO that counts.
  expect(Math.min(...costs)).toBe(2)
})

test('a change made through one gateway is known to the other, wherever its keys lie', async () => {
  const user = await bearer(DEMO_USER_ID)
  const ask = async (one: TestGateway) => (await one.ask(RecommendationsDocument, { petId: BORI }, user)).data?.recommendations
  await ask(gateway)
  await waitUntil('it is cached', async () => (await ask(other))?.source === 'REDIS')
  const before = await ask(other)
  const change = await gateway.ask(UpdatePetWeightDocument, { petId: BORI, weightKg: 12 }, user)
  expect(change.data?.updatePet.invalidation).toBe('CLEARED')
  const after = await ask(other)
  expect(after?.items[0]?.dailyAmountG).toBeGreaterThan(before?.items[0]?.dailyAmountG ?? Infinity)
})

test('the figures of Redis are those of all masters together', async () => {
  await waitUntil('all are cached', allAreHits)
  const { data } = await gateway.ask(CacheStatsDocument, {}, await bearer(DEMO_ADMIN_ID, true))
  const masters = clients.slice(0, 3)
  const sum = async (of: (client: Redis) => Promise<number>) => (await Promise.all(masters.map(of))).reduce((total, one) => total + one, 0)
  expect(data?.cacheStats.redis).toMatchObject({ connected: true, mode: 'cluster', circuit: 'CLOSED', keyCount: await sum((client) => client.dbsize()) })
  const usedMemory = await sum(async (client) => Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]))
  expect(Math.abs((data?.cacheStats.redis.usedMemoryBytes ?? 0) / usedMemory - 1)).toBeLessThan(0.3)
})

test('clear-all retires the answers of every master, and their keys go', async () => {
  await waitUntil('all are cached', allAreHits)
  const cleared = await gateway.ask(ClearAllRecommendationCachesDocument, {}, await bearer(DEMO_ADMIN_ID, true))
  expect(cleared.data?.clearAllRecommendationCaches.invalidation).toBe('CLEARED')
  expect(await sourcesOfAll()).toEqual(Array.from({ length: PETS }, () => 'COMPUTED'))
})

test('when a master dies its replica takes over, every answer comes meanwhile, and hits return', async () => {
  await waitUntil('all are cached', allAreHits)
  await cluster.nodes[0]?.kill()
  for (let i = 0; i < 5; i++) expect(await sourcesOfAll()).toHaveLength(PETS)
  await cluster.waitUntilOk()
  await waitUntil('all are hits again', allAreHits, { withinMs: 25_000 })
}, 60_000)
