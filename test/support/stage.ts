import { Redis } from 'ioredis'
import type { AppOptions } from '../../src/app.ts'
import type { Keys } from '../../src/cache/keys.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { createTestDatabase } from './database.ts'
import { startGateway, type TestGateway } from './gateway.ts'
import { keysIn, lineageOf } from './lineage.ts'
import { startTestRedis, type TestServer } from './servers.ts'

export type Stage = {
  database: DbConnection & { url: string }
  redis: TestServer
  /** Of the test's own, for looking and for breaking things. */
  redisClient: Redis
  gateway: TestGateway
  /** Of the lineage that the gateway drew when it started. */
  lineage: string
  keys: Keys
  /** A second process' worth of gateway on the same servers. */
  another(options?: Partial<AppOptions>): Promise<TestGateway>
  close(): Promise<void>
}

/** The demo on a Redis and a database of this test file's own, behind a gateway. */
export async function setStage(databaseUrl?: string): Promise<Stage> {
  const [redis, created] = await Promise.all([startTestRedis(), databaseUrl === undefined ? createTestDatabase() : undefined])
  const url = databaseUrl ?? created?.url ?? ''
  const database = { ...connect(url, { max: 3, statementTimeoutMs: 60_000 }), url }
  await seedDemo(database.db, '2026-11-24')
  const gateways: TestGateway[] = []
  const another = async (options: Partial<AppOptions> = {}) => {
    const gateway = await startGateway({ databaseUrl: url, cache: { kind: 'redis', url: redis.url }, ...options })
    gateways.push(gateway)
    return gateway
  }
  const redisClient = new Redis(redis.url)
  redisClient.on('error', () => {})
  return {
    database,
    redis,
    redisClient,
    gateway: await another(),
    lineage: await lineageOf(database.sql),
    keys: await keysIn(database.sql),
    another,
    close: async () => {
      await Promise.all(gateways.map((gateway) => gateway.close()))
      redisClient.disconnect()
      await database.close()
      await redis.stop()
      await created?.drop()
    },
  }
}
