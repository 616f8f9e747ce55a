import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { keysOf } from '../../src/cache/keys.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { lineageOf } from '../support/lineage.ts'
import { ask } from '../support/redis-node.ts'
import { createPostgresWorld, type PostgresWorld } from '../support/postgres-world.ts'
import { startTestRedis, type TestServer } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'

/*
  Postgres goes back to an earlier state and goes on from there: versions are drawn once more, for other changes. What a
  pet weighs is read in its profile, what its answer was computed for in the version of its run.
*/

const RECOMMENDATIONS = `query ($petId: ID!) { recommendations(petId: $petId) { runId source } pet(id: $petId) { weightKg } }`
const UPDATE = 'mutation ($petId: ID!, $weightKg: Float!) { updatePet(input: { petId: $petId, weightKg: $weightKg }) { invalidation } }'
const CLEAR = 'mutation ($petId: ID!) { clearRecommendationCache(petId: $petId) { invalidation } }'

let world: PostgresWorld
let redis: TestServer
let folder: string
let gateways: { a: TestGateway; b: TestGateway }
let database: DbConnection
let user: Record<string, string>
let admin: Record<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(inject('testFolder'), 'goes-back-'))
  ;[world, redis] = await Promise.all([createPostgresWorld({ folder }), startTestRedis()])
  database = connect(world.primaryUrl(), { max: 2 })
  await seedDemo(database.db, '2026-11-24')
  const start = async (name: string) =>
    startGateway({
      databaseUrl: (await world.route(name)).url,
      cache: { kind: 'redis', url: redis.url },
      runMemoryBytes: 8_000_000,
      answerMemoryBytes: 8_000_000,
    })
  gateways = { a: await start('a'), b: await start('b') }
  ;[user, admin] = await Promise.all([bearer(DEMO_USER_ID), bearer(DEMO_ADMIN_ID, true)])
})
afterAll(async () => {
  await Promise.all([gateways?.a.close(), gateways?.b.close()])
  await database?.close()
  await world?.close()
  await redis?.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await world.heal()
})

/** Another connection: the one before leads to a server that may be gone. */
async function withPrimary<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const { sql, close } = connect(world.primaryUrl(), { max: 1 })
  return work(sql).finally(close)
}

let pets = 0
const newPet = (weightKg: number) =>
  withPrimary(async (sql) => {
    const [row] = await sql`
      insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
      values (${DEMO_USER_ID}, ${`gone back ${pets++}`}, 'DOG', 30, current_date, ${weightKg}) returning id`
    return String(row?.['id'])
  })

type Shown = { source: string; weightKg: number; version: number }

/** Both at once: what the answer was computed for, and the profile. */
async function read(gateway: TestGateway, petId: string): Promise<Shown> {
  const { data, errors } = await gateway.askText(RECOMMENDATIONS, { petId }, user)
  if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors))
  const { recommendations, pet } = data as { recommendations: { runId: string; source: string }; pet: { weightKg: number } }
  const [row] = await withPrimary((sql) => sql`select version from recommendation_runs where id = ${recommendations.runId}`)
  return { source: recommendations.source, weightKg: pet.weightKg, version: Number(row?.['version'] ?? NaN) }
}
const currentVersion = async (petId: string): Promise<number> => {
  const [row] = await withPrimary((sql) => sql`select recommendation_version as version from pets where id = ${petId}`)
  return Number(row?.['version'])
}
async function change(gateway: TestGateway, petId: string, weightKg: number): Promise<string> {
  const { data, errors } = await gateway.askText(UPDATE, { petId, weightKg }, user)
  if (data == null) throw new Error(JSON.stringify(errors))
  return (data as { updatePet: { invalidation: string } }).updatePet.invalidation
}
const isHit = ({ source }: Shown) => source === 'REDIS' || source === 'MEMORY'
const cachedBy = (gateway: TestGateway, petId: string) =>
  waitUntil('a read is a hit', async () => isHit(await read(gateway, petId).catch(() => ({ source: '', weightKg: 0, version: 0 }))), { withinMs: 20_000 })
const allCached = async (petId: string) => {
  await cachedBy(gateways.a, petId)
  await cachedBy(gateways.b, petId)
}
/** Both have found out which lineage Postgres is in now, and hold trust in it. */
const settledIn = (petId: string, weightKg: number) =>
  waitUntil(
    'both gateways answer from the cache with what Postgres holds',
    async () => {
      const version = await currentVersion(petId)
      const shown = await Promise.all([read(gateways.a, petId), read(gateways.b, petId)].map((one) => one.catch(() => undefined)))
      return shown.every((one) => one !== undefined && isHit(one) && one.weightKg === weightKg && one.version === version)
    },
    { withinMs: 30_000 },
  )

/** A pet of 5 kg that both hold, changed to 6 kg in a commit that will be lost, and answered so by both. */
async function changeThatWillBeLost(petId: string): Promise<void> {
  // Several, so that the lost versions lie beyond those that a crash skips of a sequence.
  for (let i = 0; i < 40; i++) await change(i % 2 === 0 ? gateways.a : gateways.b, petId, 6 + (i % 2) / 2)
  await change(gateways.a, petId, 6)
  await allCached(petId)
  expect(await read(gateways.b, petId)).toMatchObject({ weightKg: 6 })
}

/** After it went back: the lost is forgotten, and whatever is changed now is seen at once by everybody. */
async function expectForgottenAndGoingOn(petId: string): Promise<void> {
  await settledIn(petId, 5)
  const [first, second] = [await change(gateways.a, petId, 7), await read(gateways.b, petId)]
  expect({ first, second }).toMatchObject({ first: 'CLEARED', second: { weightKg: 7, version: await currentVersion(petId) } })
  expect(await read(gateways.a, petId)).toMatchObject({ weightKg: 7, version: await currentVersion(petId) })
  await change(gateways.b, petId, 8)
  for (const gateway of [gateways.a, gateways.b]) expect(await read(gateway, petId)).toMatchObject({ weightKg: 8, version: await currentVersion(petId) })
  const { data } = await gateways.a.askText(CLEAR, { petId }, admin)
  expect(data).toMatchObject({ clearRecommendationCache: { invalidation: 'CLEARED' } })
  await settledIn(petId, 8)
}

test('a failover that lost commits: they are forgotten, and a change made after it is seen at once in every process', async () => {
  const petId = await newPet(5)
  await allCached(petId)
  await world.caughtUp()
  world.lagStandby()
  await changeThatWillBeLost(petId)
  await world.failover('all')
  await expectForgottenAndGoingOn(petId)
})

test('a snapshot of its data put back: the same server on the same timeline, but earlier', async () => {
  const petId = await newPet(5)
  await allCached(petId)
  await world.saveData()
  await changeThatWillBeLost(petId)
  await world.restoreData('same timeline')
  await expectForgottenAndGoingOn(petId)
})

test('a restore to a point in time', async () => {
  const petId = await newPet(5)
  await allCached(petId)
  await world.saveData()
  await changeThatWillBeLost(petId)
  await world.restoreData('new timeline')
  await expectForgottenAndGoingOn(petId)
})

test('rows and sequences of a dump put back under a running gateway, with triggers off', async () => {
  const petId = await newPet(5)
  await allCached(petId)
  const before = await withPrimary(async (sql) => {
    const [pet] = await sql`select recommendation_version as version from pets where id = ${petId}`
    const [sequence] = await sql`select last_value as value from recommendation_version_seq`
    return { version: Number(pet?.['version']), value: Number(sequence?.['value']) }
  })
  await changeThatWillBeLost(petId)
  await withPrimary((sql) =>
    sql.begin(async (tx) => {
      await tx`alter table pets disable trigger all`
      await tx`update pets set weight_kg = 5, recommendation_version = ${before.version} where id = ${petId}`
      await tx`alter table pets enable trigger all`
      await tx`delete from recommendation_runs where pet_id = ${petId} and version > ${before.version}`
      await tx`select setval('recommendation_version_seq', ${before.value})`
    }),
  )
  await expectForgottenAndGoingOn(petId)
})

test('an epoch that was set back: hits count again without a restart', async () => {
  const petId = await newPet(5)
  for (let i = 0; i < 3; i++) await gateways.a.askText('mutation { clearAllRecommendationCaches { invalidation } }', {}, admin)
  await allCached(petId)
  const [before] = await withPrimary((sql) => sql`select epoch::int as epoch from cache_epoch`)
  expect(before?.['epoch']).toBeGreaterThan(3)
  await withPrimary((sql) => sql`update cache_epoch set epoch = 1`)
  // What was cached under the later epoch goes on; what is computed from now on is of the lower one.
  await change(gateways.a, petId, 7)
  await settledIn(petId, 7)
})

test('the keys of the former lineage are dropped once nobody uses them', async () => {
  const petId = await newPet(5)
  await allCached(petId)
  const former = await withPrimary(lineageOf)
  await withPrimary((sql) => sql`update cache_epoch set home = 'elsewhere'`)
  await waitUntil('another lineage was drawn', async () => (await withPrimary(lineageOf)) !== former)
  await settledIn(petId, 5)
  const left = () => ask(redis.port, (client) => client.keys(keysOf(former).patterns.all.join()))
  expect(await left()).not.toEqual([])
  await waitUntil('they are dropped', async () => (await left()).length === 0, { withinMs: 40_000 })
  await settledIn(petId, 5)
})
