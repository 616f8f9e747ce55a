import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { inject } from 'vitest'
import { RecommendationsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import { encodeFence } from '../../src/cache/fence.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { createTestDatabase } from './database.ts'
import { bearer, startGateway, type TestGateway } from './gateway.ts'
import { keysIn } from './lineage.ts'
import { createRedisWorld, type RedisWorld } from './redis-world.ts'
import { waitUntil } from './wait-until.ts'

/** A read from outside: when it began, which tier answered, and the version its run was made from. */
export type Read = { began: number; source: string; version: number }
/** `at`: when its answer had come, by which it was committed. */
export type Change = { at: number; version: number; invalidation: string }

export type LosingStage = {
  world: RedisWorld
  database: DbConnection
  /** Each has a route of its own to Redis, named like it. */
  gateways: { a: TestGateway; b: TestGateway }
  read(gateway: TestGateway, petId: string): Promise<Read>
  /** Reads one after the other until `until` (performance.now()). */
  readUntil(until: number, gateway: TestGateway, petId: string): Promise<Read[]>
  /** Waits until a read is a hit. */
  cached(gateway: TestGateway, petId: string): Promise<void>
  changeWeight(gateway: TestGateway, petId: string): Promise<Change>
  /** Waits until the data of the server that route a leads to were verified as that server's. A hit alone may have been compared with Postgres. */
  settled(): Promise<void>
  /** By SQL and by a command to the server that route a leads to: as if a process had delivered it and marked it so at once. */
  changeAsDelivered(petId: string): Promise<Change>
  newPet(): Promise<string>
  close(): Promise<void>
}

/**
 * Two gateways on one Postgres and one Redis that can lose what it was told in all the ways of redis-world.ts.
 * `databaseUrl`: of a migrated database; without it one is made. `redisEnv`: variables for the Redis servers.
 */
export async function setLosingStage({ databaseUrl, redisEnv = {} }: {
  databaseUrl?: string
  redisEnv?: Readonly<Record<string, string>>
} = {}): Promise<LosingStage> {
  const folder = await mkdtemp(join(inject('testFolder'), 'losing-'))
  const [world, created] = await Promise.all([
    createRedisWorld({ folder, env: redisEnv }),
    databaseUrl === undefined ? createTestDatabase() : undefined,
  ])
  const url = databaseUrl ?? created?.url ?? ''
  const database = connect(url, { max: 3 })
  await seedDemo(database.db, '2026-11-24')
  const start = async (name: string) =>
    startGateway({ databaseUrl: url, cache: { kind: 'redis', url: (await world.route(name)).url } })
  const [a, b] = await Promise.all([start('a'), start('b')])
  const keys = await keysIn(database.sql)
  const user = await bearer(DEMO_USER_ID)
  let weightKg = 5
  let pets = 0

  const versionOfRun = async (runId: string): Promise<number> => {
    const [row] = await database.sql`select version from recommendation_runs where id = ${runId}`
    return Number(row?.['version'])
  }
  const read = async (gateway: TestGateway, petId: string): Promise<Read> => {
    const began = performance.now()
    const { data, errors } = await gateway.ask(RecommendationsDocument, { petId }, user)
    if (data == null) throw new Error(JSON.stringify(errors))
    return { began, source: data.recommendations.source, version: await versionOfRun(data.recommendations.runId ?? '') }
  }
  return {
    world,
    database,
    gateways: { a, b },
    read,
    readUntil: async (until, gateway, petId) => {
      const reads: Read[] = []
      while (performance.now() < until) reads.push(await read(gateway, petId))
      return reads
    },
    cached: (gateway, petId) => waitUntil('a read is a hit', async () => (await read(gateway, petId)).source === 'REDIS', { withinMs: 20_000 }),
    changeWeight: async (gateway, petId) => {
      weightKg += 0.5
      const { data, errors } = await gateway.ask(UpdatePetWeightDocument, { petId, weightKg }, user)
      const at = performance.now()
      if (data == null) throw new Error(JSON.stringify(errors))
      const [row] = await database.sql`select recommendation_version from pets where id = ${petId}`
      return { at, version: Number(row?.['recommendation_version']), invalidation: data.updatePet.invalidation }
    },
    settled: async () => {
      const redis = new Redis((await world.route('a')).url)
      const runId = /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1] ?? ''
      await waitUntil('the heartbeat is this server\'s', async () => (await redis.get(keys.heartbeat(0)))?.includes(runId) === true, { withinMs: 20_000 })
      redis.disconnect()
    },
    changeAsDelivered: async (petId) => {
      weightKg += 0.5
      const version = await database.sql.begin(async (tx) => {
        const [row] = await tx`update pets set weight_kg = ${weightKg} where id = ${petId} returning recommendation_version`
        await tx`update cache_invalidations set delivered_at = now() where pet_id = ${petId}`
        return Number(row?.['recommendation_version'])
      })
      const redis = new Redis((await world.route('a')).url)
      await redis.set(keys.fence(petId), encodeFence({ epoch: 1, version, ownerId: DEMO_USER_ID, runId: null, createdAt: null }))
      redis.disconnect()
      return { at: performance.now(), version, invalidation: 'CLEARED' }
    },
    newPet: async () => {
      const [row] = await database.sql`
        insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
        values (${DEMO_USER_ID}, ${`race ${pets++}`}, 'DOG', 30, current_date, ${weightKg}) returning id`
      return String(row?.['id'])
    },
    close: async () => {
      await Promise.all([a.close(), b.close()])
      await world.close()
      await database.close()
      await created?.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
