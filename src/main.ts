import { startApp, type App, type AppOptions } from './app.ts'
import { environment } from './cli/environment.ts'
import { describeError } from './cli/run-command.ts'
import { tokenConfigOf } from './cli/secret.ts'
import { parseConfig, type Config } from './config.ts'
import { connect } from './db/client.ts'
import { outliveLostTypeQuestions } from './db/lost-type-question.ts'
import { migrate } from './db/migrate.ts'
import { DEMO_ALLERGIC_DOG_ID } from './demo/pets.ts'
import { seedDemo } from './demo/seed-demo.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from './demo/users.ts'
import { startEmbeddedServers, type EmbeddedServers } from './embedded/embedded-servers.ts'
import { signToken, type TokenConfig } from './http/tokens.ts'
import { setHeapPolicy } from './lib/heap-policy.ts'
import { createLogger } from './lib/logger.ts'

type Tokens = { user: string; admin: string }

type Started = { app: App; servers: EmbeddedServers; stopWanted: Promise<void> }

async function start(config: Config): Promise<Started> {
  const logger = createLogger(config.logLevel)
  outliveLostTypeQuestions((error) => logger.warn({ err: error }, 'postgres: a new connection was lost'))
  // A cache that only this process knows must not stand beside a database that others may write to: see `cacheOf`.
  const ownsDatabase = config.databaseUrl === undefined
  const servers = await startEmbeddedServers({
    dataDir: config.dataDir,
    postgres: ownsDatabase,
    redis: ownsDatabase && config.redisUrl === undefined,
    logger,
  })
  try {
    const databaseUrl = config.databaseUrl ?? ('url' in servers.postgres ? servers.postgres.url : '')
    await migrate(databaseUrl)
    const tokens = ownsDatabase ? await prepareDemo(databaseUrl, config) : undefined
    const cache = cacheOf(config, servers)
    // From before it can be asked: who sees it up may stop it.
    const stopWanted = signalled(['SIGINT', 'SIGTERM', 'SIGHUP'])
    const app = await startApp({
      databaseUrl,
      cache,
      cacheIsPrivateToProcess: cache.kind === 'memory' && !ownsDatabase,
      host: config.host,
      port: config.port,
      maxBodyBytes: config.maxBodyBytes,
      corsOrigins: config.corsOrigins,
      metrics: config.metrics,
      auth: { ...(await tokenConfigOf(config)), deviceUid: config.auth.deviceUid },
      krwRates: config.krwRates,
      unverifiedAnswers: config.unverifiedAnswers,
      forceRefreshPerMinute: config.forceRefreshPerMinute,
      runMemoryBytes: config.runMemoryBytes,
      answerMemoryBytes: config.answerMemoryBytes,
      exposure: config.exposure,
      operationLimits: config.operationLimits,
      ratesPerMinute: config.ratesPerMinute,
      trustedProxies: config.trustedProxies,
      computations: config.computations,
      requestsInFlight: config.requestsInFlight,
      ...(tokens === undefined ? {} : { demo: { token: tokens.user, petId: DEMO_ALLERGIC_DOG_ID } }),
      logger,
    })
    process.stdout.write(banner(app, config, servers, tokens))
    return { app, servers, stopWanted }
  } catch (error) {
    await servers.stop()
    throw error
  }
}

/** Without a Redis: memory. Beside a database of one's own it is used only as far as Postgres confirms it. */
function cacheOf(config: Config, { redis }: EmbeddedServers): AppOptions['cache'] {
  const url = config.redisUrl ?? ('url' in redis ? redis.url : undefined)
  return url === undefined ? { kind: 'memory' } : { kind: 'redis', url }
}

async function prepareDemo(databaseUrl: string, config: Config): Promise<Tokens | undefined> {
  const { db, close } = connect(databaseUrl, { max: 1 })
  try {
    await seedDemo(db, new Date().toISOString().slice(0, 10))
  } finally {
    await close()
  }
  const tokenConfig: TokenConfig = await tokenConfigOf(config)
  const { keys } = tokenConfig
  if (keys.kind !== 'secret') return undefined
  const sign = (userId: string, isAdmin: boolean) => signToken(keys.secret, tokenConfig, userId, isAdmin)
  return { user: await sign(DEMO_USER_ID, false), admin: await sign(DEMO_ADMIN_ID, true) }
}

function banner(app: App, config: Config, { postgres, redis }: EmbeddedServers, tokens: Tokens | undefined): string {
  const lines = [
    `${config.exposure.graphiql ? 'GraphiQL ' : 'GraphQL  '}  ${app.url}/graphql`,
    `Postgres   ${'dataDir' in postgres ? `its own, data in ${postgres.dataDir}` : 'the one of DATABASE_URL'}`,
    `Cache      ${cacheLine(config, redis)}`,
  ]
  if (tokens !== undefined) {
    lines.push(`User       Bearer ${tokens.user}`, `Admin      Bearer ${tokens.admin}`)
  }
  if (tokens !== undefined && config.exposure.arbitraryOperations) {
    const body = JSON.stringify({ query: `{ recommendations(petId: "${DEMO_ALLERGIC_DOG_ID}") { source items { rank matchScore product { productName } } } }` })
    lines.push(`Try        curl -s ${app.url}/graphql -H 'content-type: application/json' -H 'x-device-uid: demo-device' -d '${body}'`)
  }
  return `\n${lines.join('\n')}\n\n`
}

function cacheLine(config: Config, redis: EmbeddedServers['redis']): string {
  if (config.redisUrl !== undefined) return 'the Redis of REDIS_URL'
  if ('dataDir' in redis) return `its own Redis, data in ${redis.dataDir}`
  return redis.kind === 'not-found'
    ? 'this process\' memory: no redis-server or valkey-server is on the PATH'
    : 'this process\' memory, every answer compared with Postgres: DATABASE_URL is set and REDIS_URL is not'
}

/** From then on these signals end nothing by themselves. */
function signalled(signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => signals.forEach((one) => process.on(one, () => resolve())))
}

setHeapPolicy()
try {
  const { app, servers, stopWanted } = await start(parseConfig(environment()))
  await stopWanted
  await app.close()
  await servers.stop()
  process.exit(0)
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`)
  process.exit(1)
}
