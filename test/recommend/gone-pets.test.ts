import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createMemoryCache } from '../../src/cache/memory-cache.ts'
import { createRunMemory } from '../../src/cache/run-memory.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createPetStore } from '../../src/db/pets.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import type { PetMemory } from '../../src/lib/pet-memory.ts'
import { createGonePets, GONE_PETS_POLICY } from '../../src/recommend/gone-pets.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { waitUntil } from '../support/wait-until.ts'
import { inLineage, LINEAGE } from '../support/lineage.ts'

const OWNER = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1c01'
const [GONE, THERE, OTHER] = ['7e2b9c40-51d8-4f0a-8b36-c5a9d4e01c01', '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01c02', '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01c03']

let database: TestDatabase
let connection: DbConnection
beforeAll(async () => {
  database = await createTestDatabase()
  connection = connect(database.url, { max: 2 })
  await connection.sql`insert into users (id) values (${OWNER})`
})
afterAll(async () => {
  await connection.close()
  await database.drop()
})

const runOf = (petId: string, conditionsHash = '') => ({
  id: '5c0ffee0-0000-4000-8000-000000000001', petId, conditionsHash, version: 1, epoch: 1, lineage: LINEAGE, strategy: 'RULE_V1' as const, strategyVersion: 1,
  items: [], emptyReason: 'NO_PRODUCTS' as const, createdAt: 0, expiresAt: 1e15,
})

let remembered: string[]
/** Three pets, all remembered; of two Postgres knows. */
let memory: PetMemory
beforeEach(async () => {
  await connection.sql`delete from pets`
  for (const [id, name] of [[THERE, 'there'], [OTHER, 'other']]) {
    await connection.sql`
      insert into pets (id, user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
      values (${id ?? ''}, ${OWNER}, ${name ?? ''}, 'DOG', 30, current_date, 5)`
  }
  remembered = [GONE, THERE, OTHER, GONE]
  memory = {
    petIds: () => remembered,
    forgetPets: (gone) => {
      const before = remembered.length
      remembered = remembered.filter((petId) => !gone.has(petId))
      return before - remembered.length
    },
  }
})

const start = (policy: Partial<typeof GONE_PETS_POLICY> = {}) => {
  const metrics = createMetrics()
  const { findGone } = createPetStore(connection.db)
  const gonePets = createGonePets({ memories: [memory], findGone, metrics, logger: createLogger('silent'), policy: { gatherMs: 1, checkMs: 1e9, ...policy } })
  const dropped = async () => (await metrics.forgottenOfPets.get()).values[0]?.value
  return { ...gonePets, dropped }
}

test('a pet that is notified is forgotten, and no other', async () => {
  const gonePets = start()
  gonePets.notified(GONE)
  gonePets.notified(OTHER)
  await waitUntil('they are forgotten', () => remembered.join() === THERE)
  expect(await gonePets.dropped()).toBe(3)
  await gonePets.close()
})

test('when listening begins again, Postgres says which pets are gone', async () => {
  const gonePets = start()
  gonePets.notified(undefined)
  await waitUntil('the deleted pet is forgotten', () => remembered.join() === [THERE, OTHER].join())
  await gonePets.close()
})

test('a pet that was remembered after its deletion was notified is forgotten within the hour', async () => {
  expect(GONE_PETS_POLICY.checkMs).toBe(3_600_000)
  const gonePets = start({ checkMs: 20 })
  await waitUntil('the deleted pet is forgotten', () => remembered.join() === [THERE, OTHER].join())
  await gonePets.close()
})

test('the memory of runs forgets a pet under all its conditions', () => {
  const runs = createRunMemory(1_000_000)
  for (const petId of [GONE, THERE]) for (const hash of ['', 'abc']) runs.set(runOf(petId, hash), 100)
  expect([...runs.petIds()].toSorted()).toEqual([GONE, GONE, THERE, THERE])
  expect(runs.forgetPets(new Set([GONE]))).toBe(2)
  expect([...runs.petIds()]).toEqual([THERE, THERE])
  expect(runs.get({ petId: GONE, conditionsHash: 'abc' })).toBeUndefined()
  expect(runs.get({ petId: THERE, conditionsHash: '' })).toBeDefined()
})

test('the cache of a process without Redis forgets a pet under all its conditions', async () => {
  const cache = createMemoryCache(inLineage())
  for (const petId of [GONE, THERE]) {
    await cache.invalidate([{ kind: 'pet', petId, version: 1, ownerId: OWNER, lineage: LINEAGE }])
    for (const hash of ['', 'abc']) await cache.fill(runOf(petId, hash), OWNER, 60_000, 'attempt')
  }
  expect(cache.forgetPets(new Set([GONE]))).toBe(2)
  expect([...cache.petIds()]).toEqual([THERE, THERE])
})
