import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { startPostgres } from '../../src/embedded/postgres.ts'
import { startRedis } from '../../src/embedded/redis.ts'
import { signToken } from '../../src/http/tokens.ts'
import { startGateway, type GatewayProcess } from './gateway-process.ts'

const SECRET = 'a-secret-of-the-benchmarks-that-is-long-enough'
const CLAIMS = { issuer: 'petfood-gateway', audience: 'petfood-app' }

export type Bench = {
  databaseUrl: string
  database: DbConnection
  redis: BenchRedis
  /** Of the demo user, who owns `petIds`, and of an admin. */
  tokens: { user: string; admin: string }
  petIds: readonly string[]
  /** A token for anybody. */
  sign(userId: string): Promise<string>
  /** Without `redisUrl`: memory, every answer compared with Postgres. `variables`: more of its environment. `pinned`: with a core to itself. `folder`: of its source, where it is not this one. `nodeOptions`: for Node itself. */
  gateway(options: { redisUrl?: string; logLevel?: 'warn' | 'info'; variables?: Readonly<Record<string, string>>; pinned?: boolean; folder?: string; nodeOptions?: readonly string[] }): Promise<GatewayProcess>
  /** `step` is run at the end, before what was there earlier is ended. */
  atEnd(step: () => Promise<unknown>): void
}

/** A Redis without password and persistence that comes back on its own port. */
export type BenchRedis = {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** For looking, filling and breaking; knows no deadline. */
  client: Redis
  start(): Promise<void>
}

/** A migrated Postgres with the demo's products and `pets` dogs, and a Redis; all that was started is ended by pid, also on failure. */
export async function onStage(name: string, pets: number, work: (bench: Bench) => Promise<void>): Promise<void> {
  const steps: (() => Promise<unknown>)[] = []
  const endAll = async () => {
    for (const step of steps.splice(0).toReversed()) await step().catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void endAll().then(() => process.exit(130)))
  try {
    const folder = await mkdtemp(join(tmpdir(), `petfood-bench-${name}-`))
    await chmod(folder, 0o755) // as root the servers run as nobody
    steps.push(() => rm(folder, { recursive: true, force: true }))
    const redis = await startBenchRedis(join(folder, 'redis'), steps)
    const dataDir = join(folder, 'postgres')
    await mkdir(dataDir, { mode: 0o755 })
    const postgres = await startPostgres({ dataDir, durable: false, settings: { max_connections: '100' } })
    steps.push(postgres.stop)
    await migrate(postgres.url)
    const database = connect(postgres.url, { max: 2, statementTimeoutMs: 60_000 })
    steps.push(database.close)
    await seedDemo(database.db, '2026-11-24')
    await work({
      databaseUrl: postgres.url,
      database,
      redis,
      tokens: { user: await signToken(SECRET, CLAIMS, DEMO_USER_ID, false), admin: await signToken(SECRET, CLAIMS, DEMO_ADMIN_ID, true) },
      petIds: await insertPets(database, pets),
      sign: (userId) => signToken(SECRET, CLAIMS, userId, false),
      gateway: async ({ redisUrl, logLevel = 'info', variables = {}, pinned = false, folder, nodeOptions = [] }) => {
        const env = {
          DATABASE_URL: postgres.url,
          ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
          AUTH_JWT_SECRET: SECRET,
          AUTH_DEVICE_UID: 'off',
          LOG_LEVEL: logLevel,
          // On, so that what they cost is measured, and out of the way.
          RATE_LIMIT_PER_MINUTE: '100000000',
          RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '100000000',
          MUTATIONS_PER_MINUTE: '1000000',
          // Beside /graphql: its port is the same `0`.
          METRICS_PORT: '0',
          ...variables,
        }
        const gateway = await startGateway(env, { pinned, nodeOptions, ...(folder === undefined ? {} : { folder }) })
        steps.push(gateway.stop)
        return gateway
      },
      atEnd: (step) => void steps.push(step),
    })
  } finally {
    await endAll()
  }
}

async function startBenchRedis(dataDir: string, steps: (() => Promise<unknown>)[]): Promise<BenchRedis> {
  await mkdir(dataDir, { mode: 0o755 })
  const begin = async (port?: number) => {
    const started = await startRedis({ dataDir, persistent: false, password: false, ...(port === undefined ? {} : { port }) })
    if (started.kind === 'not-found') throw new Error('This needs a redis-server or valkey-server on the PATH.')
    return started
  }
  let server = await begin()
  steps.push(() => server.stop())
  const client = new Redis(server.url, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  client.on('error', () => {})
  steps.push(async () => client.disconnect())
  return {
    url: server.url,
    port: server.port,
    get pid() {
      return server.pid
    },
    client,
    start: async () => {
      server = await begin(server.port)
    },
  }
}

async function insertPets({ sql }: DbConnection, count: number): Promise<string[]> {
  const rows = await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg, is_neutered)
    select ${DEMO_USER_ID}, 'bench ' || i, 'DOG', 14 + i, current_date, 3 + i, i % 2 = 0 from generate_series(1, ${count}) i returning id`
  return rows.map(({ id }) => String(id))
}
