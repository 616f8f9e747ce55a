import { createCacheTier, type CacheTierOptions } from './cache/cache-tier.ts'
import type { Keys } from './cache/keys.ts'
import { createKeyspace } from './cache/keyspace.ts'
import { createLineageWatch } from './cache/lineage-watch.ts'
import { createPointCounter, type PointCounter } from './cache/point-counter.ts'
import { policies } from './cache/policies.ts'
import { createRefreshBudget } from './cache/refresh-budget.ts'
import { createRelay } from './cache/relay.ts'
import { createSpendAhead } from './cache/spend-ahead.ts'
import type { Exposure, MetricsConfig } from './config.ts'
import type { KrwRates } from './domain/prices.ts'
import { createAuditStore } from './db/admin-audit.ts'
import { createCatalogue } from './db/catalogue.ts'
import { faultsOf } from './db/check-database.ts'
import { connect, type Db } from './db/client.ts'
import { createComputeInputReader } from './db/compute-input.ts'
import { createCorrectProduct } from './db/correct-product.ts'
import { createEpochStore } from './db/epoch.ts'
import { createExplanationStore } from './db/explanations.ts'
import { createHistoryStore } from './db/history.ts'
import { createLineageStore } from './db/lineage.ts'
import { createNotifiedIds } from './db/notified-ids.ts'
import { createOutbox } from './db/outbox.ts'
import { createPetStore } from './db/pets.ts'
import { createProductPages } from './db/product-pages.ts'
import { createProductStore } from './db/products.ts'
import { assertWritable } from './db/read-only.ts'
import { createRunStore } from './db/runs.ts'
import { createUserStore } from './db/users.ts'
import type { GatewayContext } from './graphql/context.ts'
import { createIsCovered } from './graphql/covered-fields.ts'
import { createItemTexts, noItemTexts } from './graphql/plan/item-texts.ts'
import { createPartTexts } from './graphql/plan/part-texts.ts'
import { buildSchema } from './graphql/schema.ts'
import { createTierNames } from './graphql/tier-names.ts'
import { createAuthenticate } from './http/authenticate.ts'
import { createCors } from './http/cors.ts'
import { createCompleteAnswers } from './http/complete-answers.ts'
import { createDocumentIds } from './http/document-ids.ts'
import { createGraphiqlPage } from './http/graphiql-page.ts'
import { graphiqlOptions, type Demo } from './http/graphiql.ts'
import { createGraphqlEndpoint } from './http/graphql-endpoint.ts'
import { createKeptAnswers, noKeptAnswers } from './http/kept-answers.ts'
import { createKeptLane } from './http/kept-lane.ts'
import { createKnownDevices } from './http/known-devices.ts'
import { createLimitOperations } from './http/limit-operations.ts'
import { createLoadShedding } from './http/load-shedding.ts'
import { createNewContext } from './http/new-context.ts'
import type { OperationLimits } from './http/operation-limits.ts'
import { createPlanLane } from './http/plan-lane.ts'
import { createPlans } from './http/plans.ts'
import { createRateLimiting, type RateLimit, type RateLimits } from './http/rate-limits.ts'
import { createReadiness } from './http/readiness.ts'
import { createRequestLog } from './http/request-log.ts'
import { createMetricsRoutes, createRoutes } from './http/routes.ts'
import { startHttpServer, type HttpServer } from './http/server.ts'
import { createTokens, type TokenConfig } from './http/tokens.ts'
import { readTrustedDocuments } from './http/trusted-documents.ts'
import { createClientAddress, type TrustedProxies } from './http/trusted-proxies.ts'
import { createYogaAnswer, type ServerContext } from './http/yoga-answer.ts'
import { createGraphql } from './http/yoga.ts'
import { createAdmission } from './lib/admission.ts'
import { later } from './lib/later.ts'
import type { Logger } from './lib/logger.ts'
import { createMetrics } from './lib/metrics.ts'
import { createTurns } from './lib/turns.ts'
import { createAdminAudit } from './recommend/admin-audit.ts'
import { createAfterBulkCommit } from './recommend/after-bulk-commit.ts'
import { createAfterCommit } from './recommend/after-commit.ts'
import { createCacheStats } from './recommend/cache-stats.ts'
import { createClearAll } from './recommend/clear-all.ts'
import { createComputation } from './recommend/computation.ts'
import { createCompute } from './recommend/compute.ts'
import { createDeliver } from './recommend/deliver.ts'
import { createExplainer } from './recommend/explainer.ts'
import { createFill } from './recommend/fill.ts'
import { createFloors } from './recommend/floors.ts'
import { createGonePets } from './recommend/gone-pets.ts'
import { createLadder } from './recommend/ladder.ts'
import { createMatchScores } from './recommend/match-scores.ts'
import { createPetSummaries } from './recommend/pet-summaries.ts'
import { createRefreshAhead } from './recommend/refresh-ahead.ts'
import { createRunKeeper } from './recommend/run-keeper.ts'
import { createUpdateProduct } from './recommend/update-product.ts'

export type AppOptions = CacheTierOptions & {
  databaseUrl: string
  host: string
  port: number
  maxBodyBytes: number
  corsOrigins: readonly string[]
  metrics: MetricsConfig
  auth: TokenConfig & { deviceUid: boolean }
  krwRates: KrwRates
  unverifiedAnswers: 'serve' | 'refuse'
  forceRefreshPerMinute: number
  /** Bytes of answers kept as they were sent; 0 for none. */
  answerMemoryBytes: number
  exposure: Exposure
  operationLimits: OperationLimits
  /** Zero: no limit. */
  ratesPerMinute: Record<RateLimit['name'], number>
  trustedProxies: TrustedProxies
  /** Of readers: so many at once, and so many more that wait. */
  computations: { atOnce: number; queued: number }
  /** Zero: no limit. */
  requestsInFlight: number
  demo?: Demo
  logger: Logger
}

export type App = HttpServer & {
  /** Undefined: /metrics is not answered. */
  metricsUrl: string | undefined
}

const OUTBOX_CONNECTIONS = 3
const RATE_WINDOW_SECONDS = 60
/** Of what was written of parts that runs share: a selection of some thousand products. */
const PART_TEXTS_BYTES = 12_000_000

/** The one place where things are made and joined. The database must be migrated. */
export async function startApp(options: AppOptions): Promise<App> {
  const { logger } = options
  const monotonicNow = () => performance.now()
  const metrics = createMetrics()
  const pool = connect(options.databaseUrl)
  const { sql, db, close: closeDb } = pool
  const pets = createPetStore(db)
  const users = createUserStore(db)
  const runs = createRunStore(db)
  // A pool of its own: requests that wait for Postgres must not keep the relay and trust waiting.
  const outboxPool = connect(options.databaseUrl, { max: OUTBOX_CONNECTIONS })
  const outbox = createOutbox(outboxPool)

  const keyspace = createKeyspace()
  const tier = await createCacheTier(options, { keyspace, metrics, logger, monotonicNow })
  const watch = createLineageWatch({ store: createLineageStore(outboxPool.db), keyspace, logger })
  const { cache, leases } = tier
  const floors = createFloors({ floorMs: policies.floorMs, mayForget: () => !trust.postgresIsAway(), keyspace, monotonicNow })
  const deliver = createDeliver({ cache, watch, outbox, metrics, logger })
  const afterCommit = createAfterCommit({ deliver, floors, outbox, logger })
  const relay = createRelay({
    outbox, logger, later,
    random: Math.random,
    deliver: async (entries) => (await deliver(entries, 'relay')).invalidation === 'CLEARED',
  })
  const trust = tier.createTrust({ ledger: outbox, drain: relay.drain, watch })
  tier.onReady(relay.wake)
  watch.onMoved((former) => {
    cache.forget()
    floors.forget()
    if (former === undefined) return
    // Some connections may lead to the server of before.
    for (const one of [pool, outboxPool]) one.leaveAll('postgres went back or is another database')
    void sayFaultsOf(outboxPool.db, logger)
  })

  const turns = createTurns({ sliceMs: policies.scoringSliceMs, monotonicNow })
  const catalogue = createCatalogue({ db, krwRates: options.krwRates })
  const readInputs = createComputeInputReader(db)
  const computation = createComputation({ readInputs, catalogue, runs, turns, metrics, logger, monotonicNow })
  const { atOnce, queued } = options.computations
  const admit = createAdmission({ what: 'computations', atOnce, queued, waitMs: policies.placeWaitMs, retryAfterMs: policies.retryAfterMs, onRefused: () => metrics.refusals.inc({ limit: 'computations' }) })
  const compute = createCompute({ compute: computation, admit, leases, runs, logger, monotonicNow })
  const fill = createFill({ cache, deliver, outbox, metrics, logger, monotonicNow, random: Math.random })
  const refreshAhead = createRefreshAhead({ compute: computation, leases, runs, fill, metrics, logger, now: Date.now, monotonicNow })
  const { unverifiedAnswers } = options
  const ladder = createLadder({ cache, trust, floors, runs, outbox, compute, fill, refreshAhead, metrics, logger, now: Date.now, monotonicNow, unverifiedAnswers })
  const counterOf = (keyPrefix: (keys: Keys) => string) =>
    createPointCounter({ shared: tier.shared, keyspace, keyPrefix, windowSeconds: RATE_WINDOW_SECONDS, monotonicNow })
  const refreshBudget = createRefreshBudget({ counter: counterOf((keys) => keys.refreshBudgetPrefix()), perMinute: options.forceRefreshPerMinute })
  const petSummaries = createPetSummaries({ values: tier.values, trust, floors, pets, memoryBytes: options.runMemoryBytes / 16 })
  const products = createProductStore(db, options.krwRates)
  const matchScores = createMatchScores({ values: tier.values, trust, floors, readInputs, products, deliver })
  // Over the large pool: what compares cached answers with Postgres must not wait behind its batches.
  const afterBulkCommit = createAfterBulkCommit({ deliver, floors, outbox: createOutbox({ db, sql }), logger, monotonicNow })
  const updateProduct = createUpdateProduct({ correctProduct: createCorrectProduct({ db, krwRates: options.krwRates }), afterBulkCommit })
  const runKeeper = createRunKeeper({ pets, runs, ladder, afterCommit, refreshBudget })
  const explainer = createExplainer({ store: createExplanationStore(db), ladder, afterCommit })
  const clearing = createClearAll({ epochs: createEpochStore(db), afterCommit, cache, runs, logger, monotonicNow })

  const tokens = createTokens({ config: options.auth, logger, now: Date.now, monotonicNow })
  const devices = createKnownDevices({ monotonicNow })
  const userChanges = createNotifiedIds({ sql: outboxPool.sql, channel: 'users_changed', onId: devices.forget, logger })
  const authenticate = createAuthenticate({ tokens, users, devices, monotonicNow, deviceUid: options.auth.deviceUid })
  const services = {
    pets, users, products, ladder, runs, cache, runKeeper, explainer, petSummaries, matchScores, updateProduct, afterCommit,
    forgetUser: devices.forget,
    clearAll: clearing.clearAll,
    productPages: createProductPages(db, options.krwRates),
    history: createHistoryStore(db),
    cacheStats: createCacheStats({ metrics, redisStatus: tier.redisStatus, outbox, now: Date.now }),
    audit: createAdminAudit({ store: createAuditStore(db), logger }),
    now: Date.now,
  }
  const { exposure } = options
  const rates = createRates(options.ratesPerMinute, { counterOf, monotonicNow })
  const limiting = createRateLimiting({ limits: rates, clientAddress: createClientAddress(options.trustedProxies), onRefused: (limit) => metrics.refusals.inc({ limit }) })
  const limits = [limiting.plugin, createLimitOperations<GatewayContext & ServerContext>(options.operationLimits)]
  const requestLog = createRequestLog({ logger, metrics, monotonicNow })
  const schema = buildSchema()
  const isCovered = createIsCovered(schema)
  const documentIds = createDocumentIds({ trusted: readTrustedDocuments(), arbitraryOperations: exposure.arbitraryOperations })
  const texts = { items: options.runMemoryBytes === 0 ? noItemTexts : createItemTexts(options.runMemoryBytes / 2), parts: createPartTexts(PART_TEXTS_BYTES) }
  const plans = createPlans({ schema, isCovered, texts })
  const newContext = createNewContext(services)
  const yoga = createGraphql({ schema, newContext, authenticate, exposure, documentIds, logger, limits, observers: [createCompleteAnswers({ isCovered, tierNamesOf: createTierNames(schema) }), plans.plugin] })
  const planLane = createPlanLane({ plans, documentIds, authenticate, newContext, limiting, mostValues: options.operationLimits.values, metrics, next: createYogaAnswer(yoga) })
  const fences = tier.createFences(trust)
  const kept = fences === undefined || options.answerMemoryBytes === 0 ? noKeptAnswers : createKeptAnswers({ fences, floors, metrics, maxBytes: options.answerMemoryBytes, now: Date.now })
  const gonePets = createGonePets({ memories: [tier.memory, petSummaries, kept], findGone: pets.findGone, metrics, logger })
  const petDeletions = createNotifiedIds({ sql: outboxPool.sql, channel: 'pets_gone', onId: gonePets.notified, logger })
  const keptLane = createKeptLane({ kept, authenticate, limiting, metrics, monotonicNow, next: planLane })
  const graphql = createGraphqlEndpoint({
    answer: createLoadShedding({ answer: limiting.byAddress(keptLane), most: options.requestsInFlight, onRefused: () => metrics.refusals.inc({ limit: 'in-flight' }) }),
    page: exposure.graphiql ? createGraphiqlPage(graphiqlOptions(options.demo)) : undefined,
    cors: createCors(options.corsOrigins),
    maxBodyBytes: options.maxBodyBytes,
    requestLog,
  })
  const metricsRoutes = createMetricsRoutes(metrics.registry)
  const isReady = createReadiness({
    postgres: () => assertWritable(outboxPool),
    requestsPool: () => assertWritable(pool),
  })
  const routes = createRoutes({ graphql, isReady, metrics: options.metrics.kind === 'main-port' ? metricsRoutes : {} })
  const closeStores = async () => {
    await Promise.all([clearing.close(), refreshAhead.close(), relay.close(), userChanges.close(), petDeletions.close(), gonePets.close(), trust.close(), ...Object.values(rates).map(({ points }) => points.close())])
    await Promise.all([cache.close(), closeDb(), outboxPool.close()])
  }
  try {
    relay.start()
    userChanges.start()
    petDeletions.start()
    await trust.start()
    const listening = { host: options.host, requestLog, logger, trustedProxies: options.trustedProxies }
    const metricsServer = options.metrics.kind === 'own-port' ? await startHttpServer({ ...listening, port: options.metrics.port, routes: metricsRoutes }) : undefined
    const http = await startHttpServer({ ...listening, port: options.port, routes }).catch(async (error: unknown) => {
      await metricsServer?.close()
      throw error
    })
    const metricsBase = options.metrics.kind === 'main-port' ? http.url : metricsServer?.url
    return {
      ...http,
      metricsUrl: metricsBase === undefined ? undefined : `${metricsBase}/metrics`,
      close: async () => {
        await Promise.all([http.close(), metricsServer?.close()])
        await closeStores()
      },
    }
  } catch (error) {
    await closeStores()
    throw error
  }
}

/** Without those that are set to zero. */
function createRates(perMinute: AppOptions['ratesPerMinute'], { counterOf, monotonicNow }: {
  counterOf: (keyPrefix: (keys: Keys) => string) => PointCounter
  monotonicNow: () => number
}): RateLimits {
  const rate = (name: RateLimit['name']): RateLimits => {
    const limit = perMinute[name]
    if (limit === 0) return {}
    return { [name]: { name, limit, windowSeconds: RATE_WINDOW_SECONDS, points: createSpendAhead({ counter: counterOf((keys) => keys.ratePrefix(name)), limit, monotonicNow }) } }
  }
  return { ...rate('address'), ...rate('user'), ...rate('mutations') }
}

/** A database that was restored or copied may have lost what tells of changes; nothing else would say so while we run. */
async function sayFaultsOf(db: Db, logger: Logger): Promise<void> {
  try {
    for (const fault of await faultsOf(db)) logger.error({ fault }, 'the database is not as its migrations made it')
  } catch (error) {
    logger.warn({ err: error }, 'whether the database is as its migrations made it cannot be asked')
  }
}
