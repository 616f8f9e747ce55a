import { createMemoryCache } from './cache/memory-cache.ts'
import { createRedisCache } from './cache/redis-cache.ts'
import { connectRedis } from './cache/redis.ts'
import { createRelay } from './cache/relay.ts'
import type { KrwRates } from './domain/prices.ts'
import { createCatalogue } from './db/catalogue.ts'
import { connect } from './db/client.ts'
import { createComputeInputReader } from './db/compute-input.ts'
import { createEpochStore } from './db/epoch.ts'
import { createOutbox } from './db/outbox.ts'
import { createPetStore } from './db/pets.ts'
import { createRunStore } from './db/runs.ts'
import { createUserStore } from './db/users.ts'
import { buildSchema } from './graphql/schema.ts'
import { createAuthenticate } from './http/authenticate.ts'
import type { Demo } from './http/graphiql.ts'
import { startHttpServer, type HttpServer } from './http/server.ts'
import { createVerifyToken, type TokenConfig } from './http/tokens.ts'
import { createGraphql } from './http/yoga.ts'
import { withDeadline } from './lib/deadline.ts'
import type { Logger } from './lib/logger.ts'
import { createMetrics } from './lib/metrics.ts'
import { createAfterCommit } from './recommend/after-commit.ts'
import { createClearAll } from './recommend/clear-all.ts'
import { createCompute } from './recommend/compute.ts'
import { createDeliver } from './recommend/deliver.ts'
import { createFill } from './recommend/fill.ts'
import { createLadder } from './recommend/ladder.ts'
import { createRunKeeper } from './recommend/run-keeper.ts'

export type AppOptions = {
  databaseUrl: string
  /** `memory`: in this process alone, for where there is no Redis. */
  cache: { kind: 'redis'; url: string } | { kind: 'memory' }
  /** Whether other gateways may change the same database without this one's cache hearing of it. */
  cacheIsPrivateToProcess: boolean
  host: string
  port: number
  auth: TokenConfig & { deviceUid: boolean }
  krwRates: KrwRates
  demo?: Demo
  logger: Logger
}

export type App = HttpServer

const READY_DEADLINE_MS = 1_000

/** The one place where things are made and joined. The database must be migrated. */
export async function startApp(options: AppOptions): Promise<App> {
  const { logger } = options
  const monotonicNow = () => performance.now()
  const metrics = createMetrics()
  const { sql, db, close: closeDb } = connect(options.databaseUrl)
  const cache =
    options.cache.kind === 'redis'
      ? createRedisCache({ redis: await connectRedis(options.cache.url, logger), metrics })
      : createMemoryCache()

  const pets = createPetStore(db)
  const users = createUserStore(db)
  const runs = createRunStore(db)
  const outbox = createOutbox({ db, sql })

  const deliver = createDeliver({ cache, outbox, metrics, logger })
  const afterCommit = createAfterCommit({ deliver, outbox, logger })
  const relay = createRelay({ outbox, logger, deliver: async (entries) => (await deliver(entries, 'relay')).invalidation === 'CLEARED' })
  cache.onReady(relay.cacheReturned)

  const catalogue = createCatalogue({ db, krwRates: options.krwRates })
  const compute = createCompute({ readInputs: createComputeInputReader(db), catalogue, runs, logger })
  const fill = createFill({ cache, deliver, outbox, metrics, logger, monotonicNow, random: Math.random })
  const fenceIsTrusted = () => !options.cacheIsPrivateToProcess
  const ladder = createLadder({ cache, runs, outbox, compute, fill, metrics, logger, fenceIsTrusted })
  const runKeeper = createRunKeeper({ pets, runs, ladder, afterCommit })
  const clearing = createClearAll({ epochs: createEpochStore(db), afterCommit, cache, runs, logger, monotonicNow })

  const authenticate = createAuthenticate({ verifyToken: createVerifyToken(options.auth), users, deviceUid: options.auth.deviceUid })
  const services = { pets, users, ladder, runKeeper, afterCommit, clearAll: clearing.clearAll, now: Date.now }
  const graphql = createGraphql({ schema: buildSchema(), services, authenticate, demo: options.demo, logger, metrics, monotonicNow })

  const isReady = () => withDeadline('readiness', READY_DEADLINE_MS, sql`select 1`.execute()).then(() => true, () => false)
  const closeStores = async () => {
    await clearing.close()
    await relay.close()
    await Promise.all([cache.close(), closeDb()])
  }
  try {
    const http = await startHttpServer({ host: options.host, port: options.port, graphql, isReady, registry: metrics.registry })
    relay.start()
    return {
      ...http,
      close: async () => {
        await http.close()
        await closeStores()
      },
    }
  } catch (error) {
    await closeStores()
    throw error
  }
}
