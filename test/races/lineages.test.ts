import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connect } from '../../src/db/client.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { createTestDatabase, DATABASE_PREFIX } from '../support/database.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { lineageOf } from '../support/lineage.ts'
import { startTestRedis, type TestServer } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'

/* A database and its copy, made while gateways of the original had cached much, beside one Redis. */

type Side = { sql: postgres.Sql; gateway: TestGateway }

let redis: TestServer
let user: Record<string, string>
let original: Side
let copy: Side
const atEnd: (() => Promise<unknown>)[] = []

const sideOf = async (url: string): Promise<Side> => {
  const { sql, close } = connect(url, { max: 2 })
  const gateway = await startGateway({
    databaseUrl: url,
    cache: { kind: 'redis', url: redis.url },
    forceRefreshPerMinute: 1,
    runMemoryBytes: 8_000_000,
    answerMemoryBytes: 8_000_000,
  })
  atEnd.push(async () => {
    await gateway.close()
    await close()
  })
  return { sql, gateway }
}

const administer = async (work: (sql: postgres.Sql) => Promise<unknown>) => {
  const sql = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
  await work(sql).finally(() => sql.end())
}

beforeAll(async () => {
  redis = await startTestRedis()
  user = await bearer(DEMO_USER_ID)
  const database = await createTestDatabase()
  const { db, close } = connect(database.url, { max: 1 })
  await seedDemo(db, '2026-11-24')
  await close()
  const first = await sideOf(database.url)
  await cached(first)
  for (const end of atEnd.splice(0)) await end()

  const url = new URL(database.url)
  const name = `${DATABASE_PREFIX}copy_${randomBytes(4).toString('hex')}`
  await administer((sql) => sql`create database ${sql(name)} template ${sql(url.pathname.slice(1))}`)
  url.pathname = name
  ;[original, copy] = [await sideOf(database.url), await sideOf(url.href)]
  atEnd.push(
    () => administer((sql) => sql`drop database ${sql(name)}`),
    () => database.drop(),
  )
})
afterAll(async () => {
  for (const end of atEnd) await end()
  await redis.stop()
})

const READ = `query ($petId: ID!, $force: Boolean!) {
  pet(id: $petId) { weightKg } recommendations(petId: $petId, forceRefresh: $force) { source runId } }`
type Shown = { pet: { weightKg: number }; recommendations: { source: string; runId: string } }

async function read({ gateway }: Side, force = false): Promise<Shown> {
  const { data, errors } = await gateway.askText(READ, { petId: BORI, force }, user)
  if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors))
  return data as Shown
}
const cached = (side: Side) =>
  waitUntil('a read is a hit', async () => ['REDIS', 'MEMORY'].includes((await read(side)).recommendations.source))

/** The same statement on both sides draws the same version, for another weight. */
const weigh = async ({ sql }: Side, weightKg: number): Promise<number> => {
  const [row] = await sql`update pets set weight_kg = ${weightKg} where id = ${BORI} returning recommendation_version as version`
  await waitUntil('it is delivered', async () => (await sql`select 1 from cache_invalidations where delivered_at is null`).length === 0)
  return Number(row?.['version'])
}
const holdsRun = async ({ sql }: Side, runId: string) => (await sql`select 1 from recommendation_runs where id = ${runId}`).length === 1

test('a copy of the database on the same Redis never answers for the original, nor the original for the copy', async () => {
  expect(await lineageOf(copy.sql)).not.toBe(await lineageOf(original.sql))
  for (const step of [1, 2, 3]) {
    const versions = [await weigh(original, 10 + step), await weigh(copy, 20 + step)]
    expect(versions[0]).toBe(versions[1])
    for (let time = 0; time < 4; time++) {
      const [ofOriginal, ofCopy] = await Promise.all([read(original), read(copy)])
      expect([ofOriginal.pet.weightKg, ofCopy.pet.weightKg]).toEqual([10 + step, 20 + step])
      expect(await holdsRun(original, ofOriginal.recommendations.runId)).toBe(true)
      expect(await holdsRun(copy, ofCopy.recommendations.runId)).toBe(true)
    }
    await cached(original)
    await cached(copy)
  }
})

test('two databases beside one Redis do not spend each other’s budgets', async () => {
  expect((await read(original, true)).recommendations.source).toBe('COMPUTED')
  expect((await read(copy, true)).recommendations.source).toBe('COMPUTED')
})
