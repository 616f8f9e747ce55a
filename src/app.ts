import { createKeptValues, noKeptValues, type KeptValues } from './cache/kept-values.ts'
import { createLeases, unsharedLeases, type Leases } from './cache/leases.ts'
import { createMemoryCache } from './cache/memory-cache.ts'
import { policies } from './cache/policies.ts'
import type { RecommendationCache } from './cache/recommendation-cache.ts'
import { createRedisCache } from './cache/redis-cache.ts'
import { createRefreshBudget } from './cache/refresh-budget.ts'
import { createRunMemory, noRunMemory } from './cache/run-memory.ts'
import { parseRedisUrl, REDIS_URL_FORMS } from './cache/redis-target.ts'
import { connectRedis, type RedisStore } from './cache/redis.ts'
import { createRelay } from './cache/relay.ts'
import { constantTrust, createTrust, type Trust } from './cache/trust.ts'
import type { Exposure } from './config.ts'
import type { KrwRates } from './domain/prices.ts'
import { createCatalogue } from './db/catalogue.ts'
import { connect } from './db/client.ts'
import { createComputeInputReader } from './db/compute-input.ts'
import { createEpochStore } from './db/epoch.ts'
import { createOutbox } from './db/outbox.ts'
import { createPetStore } from './db/pets.ts'
import { createProductStore } from './db/products.ts'
import { createRunStore } from './db/runs.ts'
import { createUserStore } from './db/users.ts'
import { buildSchema } from './graphql/schema.ts'
import { createAuthenticate } from './http/authenticate.ts'
import type { Demo } from './http/graphiql.ts'
import { startHttpServer, type HttpServer } from './http/server.ts'
import { createVerifyToken, type TokenConfig } from './http/tokens.ts'
import { readTrustedDocuments } from './http/trusted-documents.ts'
import { createGraphql } from './http/yoga.ts'
import { withDeadline } from './lib/deadline.ts'
import { createCircuit, type Circuit } from './lib/circuit.ts'
import type { Logger } from './lib/logger.ts'
import { createMetrics, type Metrics } from './lib/metrics.ts'
import { createAfterCommit } from './recommend/after-commit.ts'
import { createClearAll } from './recommend/clear-all.ts'
import { createComputation } from './recommend/computation.ts'
import { createCompute } from './recommend/compute.ts'
import { createDeliver } from './recommend/deliver.ts'
import { createFill } from './recommend/fill.ts'
import { createFloors } from './recommend/floors.ts'
import { createLadder } from './recommend/ladder.ts'
import { createMatchScores } from './recommend/match-scores.ts'
import { createPetSummaries } from './recommend/pet-summaries.ts'
import { createRefreshAhead } from './recommend/refresh-ahead.ts'
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
  unverifiedAnswers: 'serve' | 'refuse'
  forceRefreshPerMinute: number
  /** Bytes of decoded runs kept in front of Redis; 0 for none. */
  runMemoryBytes: number
  exposure: Exposure
  demo?: Demo
  logger: Logger
}

export type App = HttpServer

const OUTBOX_CONNECTIONS = 3
const READY_DEADLINE_MS = 1_000

/** The one place where things are made and joined. The database must be migrated. */
export async function startApp(options: AppOptions): Promise<App> {
  const { logger } = options
  const monotonicNow = () => performance.now()
  const metrics = createMetrics()
  const { sql, db, close: closeDb } = connect(options.databaseUrl)
  const pets = createPetStore(db)
  const users = createUserStore(db)
  const runs = createRunStore(db)
  // A pool of its own: requests that wait for Postgres must not keep the relay and trust waiting.
  const outboxPool = connect(options.databaseUrl, { max: OUTBOX_CONNECTIONS })
  const outbox = createOutbox(outboxPool)

  const tier = await createCacheTier(options, { metrics, logger, monotonicNow })
  const { cache, leases } = tier
  const floors = createFloors({ floorMs: policies.floorMs, monotonicNow })
  const deliver = createDeliver({ cache, outbox, metrics, logger })
  const afterCommit = createAfterCommit({ deliver, floors, outbox, logger })
  const relay = createRelay({ outbox, logger, deliver: async (entries) => (await deliver(entries, 'relay')).invalidation === 'CLEARED' })
  const trust = tier.createTrust({ ledger: outbox, drain: relay.drain })
  tier.onReady(relay.wake)

  const catalogue = createCatalogue({ db, krwRates: options.krwRates })
  const readInputs = createComputeInputReader(db)
  const computation = createComputation({ readInputs, catalogue, runs, metrics, logger, monotonicNow })
  const compute = createCompute({ compute: computation, leases, runs, logger, monotonicNow })
  const fill = createFill({ cache, deliver, outbox, metrics, logger, monotonicNow, random: Math.random })
  const refreshAhead = createRefreshAhead({ compute: computation, leases, runs, fill, metrics, logger, now: Date.now, monotonicNow })
  const { unverifiedAnswers } = options
  const ladder = createLadder({ cache, trust, floors, runs, outbox, compute, fill, refreshAhead, metrics, logger, unverifiedAnswers })
  const refreshBudget = createRefreshBudget({ shared: tier.shared, perMinute: options.forceRefreshPerMinute })
  const petSummaries = createPetSummaries({ values: tier.values, trust, floors, pets })
  const matchScores = createMatchScores({ values: tier.values, trust, floors, readInputs, products: createProductStore(db, options.krwRates), deliver })
  const runKeeper = createRunKeeper({ pets, runs, ladder, afterCommit, refreshBudget })
  const clearing = createClearAll({ epochs: createEpochStore(db), afterCommit, cache, runs, logger, monotonicNow })

  const authenticate = createAuthenticate({ verifyToken: createVerifyToken(options.auth), users, deviceUid: options.auth.deviceUid })
  const services = { pets, users, ladder, runKeeper, petSummaries, matchScores, afterCommit, clearAll: clearing.clearAll, now: Date.now }
  const { exposure, demo } = options
  const graphql = createGraphql({ schema: buildSchema(), services, authenticate, exposure, trusted: readTrustedDocuments(), demo, logger, metrics, monotonicNow })

  const isReady = () => withDeadline('readiness', READY_DEADLINE_MS, sql`select 1`.execute()).then(() => true, () => false)
  const closeStores = async () => {
    await Promise.all([clearing.close(), refreshAhead.close(), relay.close(), trust.close()])
    await Promise.all([cache.close(), closeDb(), outboxPool.close()])
  }
  try {
    relay.start()
    await trust.start()
    const http = await startHttpServer({ host: options.host, port: options.port, graphql, isReady, registry: metrics.registry })
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

type CacheTier = {
  cache: RecommendationCache
  leases: Leases
  values: KeptValues
  createTrust(needs: Pick<Parameters<typeof createTrust>[0], 'ledger' | 'drain'>): Trust
  onReady(listener: () => void): void
  /** Undefined: this process is alone. */
  shared: { client: RedisStore['client']; circuit: Circuit } | undefined
}

async function createCacheTier(
  { cache, cacheIsPrivateToProcess, runMemoryBytes }: AppOptions,
  { metrics, logger, monotonicNow }: { metrics: Metrics; logger: Logger; monotonicNow: () => number },
): Promise<CacheTier> {
  if (cache.kind === 'memory') {
    return {
      cache: createMemoryCache(),
      leases: unsharedLeases,
      values: noKeptValues,
      createTrust: () => constantTrust(!cacheIsPrivateToProcess),
      onReady: () => {},
      shared: undefined,
    }
  }
  const target = parseRedisUrl(cache.url)
  if (target === undefined) throw new Error(`Not a Redis URL: expected ${REDIS_URL_FORMS}.`)
  const { failuresToOpen, probeMs, probeMaxMs } = policies
  const circuit = createCircuit({ failuresToOpen, probeMs, probeMaxMs, monotonicNow })
  circuit.onChange((state, cause) => logger.warn({ state, err: cause }, 'redis circuit'))
  const redis = await connectRedis(target, logger)
  // A connection that has just been made is worth a look at once.
  redis.onReady(circuit.hope)
  return {
    cache: createRedisCache({ redis, circuit, memory: runMemoryBytes === 0 ? noRunMemory : createRunMemory(runMemoryBytes), metrics }),
    leases: createLeases({ redis, circuit, logger }),
    values: createKeptValues({ redis, circuit, metrics }),
    createTrust: (needs) => createTrust({ ...needs, redis, circuit, monotonicNow, logger }),
    onReady: redis.onReady,
    shared: { client: redis.client, circuit },
  }
}
