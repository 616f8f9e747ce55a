import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Sql } from 'postgres'
import { connect } from '../../src/db/client.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { signToken } from '../../src/http/tokens.ts'
import { patchedCopy } from '../guards/patched-copy.ts'
import { PATCHES } from '../guards/guards.ts'
import { createPostgresWorld } from '../support/postgres-world.ts'
import { createRedisWorld } from '../support/redis-world.ts'
import { waitUntil } from '../support/wait-until.ts'
import { check } from './checker.ts'
import { castPets, copyDatabase, pickMarked, toldByPostgres, type Cast } from './database.ts'
import { excerpt } from './excerpt.ts'
import { injectFaults } from './faults.ts'
import { createGateway, type Gateway } from './gateways.ts'
import { emptyHistory, type History } from './history.ts'
import { createRandom } from './random.ts'
import { report } from './report.ts'
import type { Scene } from './scene.ts'
import { createStoreClock } from './store-clock.ts'
import { WEIGHTS, WEIGHTS_OF_COPY } from './weights.ts'
import { BOUND_MS } from './windows.ts'
import { createWorkload, type Counts } from './workload.ts'

/*
  npm run chaos -- [--minutes 1] [--seed 1] [--gateways 2] [--only <word,word>] [--break <guard,guard>]

  Gateways in processes of their own on a real Postgres with a standby and a real Redis with a replica; beside them one
  on a copy of the database and the same Redis; readers and writers over the public API and in psql; faults from a
  seeded schedule; and a checker of the whole history. Ends with 1 where a promise was broken.
  --only takes the faults whose name holds one of the words. --break runs gateways with a guard taken out (see
  test/guards/guards.ts), to see the checker catch it: then it ends with 1 where nothing was found.
*/

const SECRET = 'a-secret-of-the-chaos-run-that-is-long-enough'
const CLAIMS = { issuer: 'petfood-gateway', audience: 'petfood-app' }
const READERS_EACH = 3
const READERS_OF_COPY = 1
const PETS_OF_COPY = 2
const WEIGHTS_APART = 100

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    gateways: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    break: { type: 'string', default: '' },
  },
})
const [minutes, seed, gatewayCount] = [Number(values.minutes), Number(values.seed), Number(values.gateways)]
if (!(minutes > 0) || !Number.isInteger(seed) || !(gatewayCount >= 1)) throw new Error('Expected --minutes and --gateways above 0 and a whole --seed.')
const broken = values.break.split(',').filter((name) => name !== '').map((name) => {
  const found = Object.entries(PATCHES).find(([known]) => known === name)
  if (found === undefined) throw new Error(`There is no guard ${name}: expected one of ${Object.keys(PATCHES).join(', ')}.`)
  return found[1]
})

const cleanUp: (() => Promise<unknown>)[] = []
const endSteps = async () => {
  for (const step of cleanUp.toReversed()) await step().catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
}
// Ctrl-C ends the run, and the run that fails of it ends everything as well: both wait for the same end.
let ending: Promise<void> | undefined
const endAll = () => (ending ??= endSteps())
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void endAll().then(() => process.exit(130)))

async function run(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'petfood-chaos-'))
  await chmod(folder, 0o755)
  cleanUp.push(() => rm(folder, { recursive: true, force: true }))
  let source = fileURLToPath(new URL('../..', import.meta.url))
  if (broken.length > 0) {
    const copy = await patchedCopy(broken)
    cleanUp.push(copy.remove)
    source = copy.folder
  }
  const clock = await createStoreClock(folder)
  if (clock === undefined) process.stdout.write('Without libfaketime the clocks of the stores are not set.\n')
  const { migrate }: typeof import('../../src/db/migrate.ts') = await import(pathToFileURL(join(source, 'src/db/migrate.ts')).href)
  const settings = { track_commit_timestamp: 'on', max_connections: '150' }
  const postgres = await createPostgresWorld({ folder, settings, migrate })
  cleanUp.push(postgres.close)
  const urlOf = async (name: string) => (await postgres.route(name)).url
  const prepared = await prepare(await urlOf('psql'))
  const copy = await copyDatabase(postgres.primaryUrl())
  const { sql, close } = connect(await urlOf('psql'), { max: 6, statementTimeoutMs: 60_000 })
  cleanUp.push(close)
  const redis = await createRedisWorld({ folder })
  cleanUp.push(redis.close)

  const history = emptyHistory()
  const onCrash = (instance: string, lastWords: string) => {
    process.stdout.write(`CRASH of ${instance}: ${lastWords}\n`)
    history.failures.push({ process: instance, kind: 'other', code: 'CRASH', at: Date.now() })
  }
  const startGateway = async (name: string, database: string | undefined, heard: Pick<History, 'computations' | 'troubles'>): Promise<Gateway> => {
    const databaseUrl = new URL(await urlOf(name))
    if (database !== undefined) databaseUrl.pathname = database
    const env = {
      DATABASE_URL: databaseUrl.href,
      REDIS_URL: (await redis.route(name)).url,
      AUTH_JWT_SECRET: SECRET,
      AUTH_DEVICE_UID: 'on',
      LOG_LEVEL: 'info',
      FORCE_REFRESH_PER_MINUTE: '1000',
      RATE_LIMIT_PER_MINUTE: '0',
      RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '0',
      MUTATIONS_PER_MINUTE: '0',
    }
    const gateway = createGateway({
      name, folder: source, env, onCrash,
      onComputed: (computed) => heard.computations.push(computed),
      onTrouble: (trouble) => heard.troubles.push(trouble),
    })
    cleanUp.push(gateway.stop)
    await gateway.start()
    return gateway
  }
  const names = Array.from({ length: gatewayCount }, (_, i) => `gateway-${i + 1}`)
  const [gateways, besideCopy] = await Promise.all([
    Promise.all(names.map((name) => startGateway(name, undefined, history))),
    startGateway('copy', copy, emptyHistory()),
  ])

  const tokens = { user: await signToken(SECRET, CLAIMS, DEMO_USER_ID, false), admin: await signToken(SECRET, CLAIMS, DEMO_ADMIN_ID, true) }
  const { cast } = prepared
  const judged = [...cast.busy, cast.comingAndGoing, ...cast.quiet]
  const counts: Counts = {}
  let isDone = false
  const isOver = () => isDone
  const common = { tokens, petIds: cast.busy, isOver }
  let markedProduct: string | undefined
  const workload = createWorkload({
    ...common, history, gateways, weights: WEIGHTS, alsoRead: [cast.comingAndGoing], markedProduct: () => markedProduct, random: createRandom(seed ^ 0x5eed), counts,
  })
  // What becomes of its changes is judged by nobody: only whose weights are seen where.
  const ofCopy = createWorkload({
    ...common, petIds: cast.busy.slice(0, PETS_OF_COPY), history: { reads: history.readsOfCopy, writes: [], failures: [] }, gateways: [besideCopy], weights: WEIGHTS_OF_COPY, alsoRead: [],
    markedProduct: () => undefined, random: createRandom(seed ^ 0xc0b7), counts: {},
  })
  const marked = await pickMarked(sql, await answersToMany(sql, cast.quiet[0], () => workload.productsShown(gateways[0] ?? besideCopy, cast.quiet[0])))
  markedProduct = marked.productId
  await sql`insert into marks_of_chaos values ('hold')`
  const scene: Scene = { redis, postgres, sql, gateways, cast, marked, workload, history, clock }
  const end = Date.now() + minutes * 60_000
  const clockBegan = Date.now() - performance.now()
  const clients = Promise.all([workload.run(READERS_EACH), ofCopy.run(READERS_OF_COPY)])
  const progress = setInterval(() => process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${history.reads.length} reads, ${history.writes.length} changes, ${history.faults.length} faults\n`), 10_000)
  try {
    const faults = injectFaults({ scene, random: createRandom(seed), only: values.only, isOver: () => isDone || Date.now() >= end })
    // Clients end only when told to, or when one of them saw what it cannot read: then everything ends at once.
    await Promise.race([faults, clients])
    await redis.heal()
    isDone = true
    await clients
    // Whatever could still be committed has been: a statement lives 5 s at most.
    await waitUntil('nothing is being written', async () => (await sql`select 1 from pg_stat_activity where state <> 'idle' and pid <> pg_backend_pid() and backend_type = 'client backend'`).length === 0, { withinMs: 30_000 })
    await waitUntil('everything is delivered', async () => (await sql`select 1 from cache_invalidations where delivered_at is null`).length === 0, { withinMs: 90_000 })
    await Promise.all(gateways.flatMap((gateway) => judged.map((petId) => workload.read('final', gateway, petId))))
  } finally {
    isDone = true
    clearInterval(progress)
  }
  Object.assign(history, await toldByPostgres(sql, history.clockSteps))
  const findings = check(history, gatewayCount)
  for (const { rule, what, petId, at } of findings.violations) process.stdout.write(`VIOLATION (${rule}) ${what}\n${excerpt(history, petId, at)}\n`)
  // Commits are stamped by Postgres and reads by us: were the machine's clock set meanwhile, nothing of this would hold.
  const clockMovedMs = Math.abs(Date.now() - performance.now() - clockBegan)
  if (clockMovedMs > 20) throw new Error(`the clock was set by ${Math.round(clockMovedMs)} ms during the run: run again`)
  process.stdout.write(`\n${report({ history, findings, counts, seed, minutes, gateways: gatewayCount })}\n`)
  if (broken.length > 0) return findings.violations.length > 0 ? 0 : 1
  return findings.violations.length > 0 ? 1 : 0
}

async function prepare(url: string): Promise<{ cast: Cast }> {
  const database = connect(url, { max: 3, statementTimeoutMs: 60_000 })
  try {
    await seedDemo(database.db, '2026-11-24')
    return { cast: await castPets(database.sql) }
  } finally {
    await database.close()
  }
}

/** What a pet is answered with at this weight and at that. */
async function answersToMany(sql: Sql, petId: string, answer: () => Promise<string[]>): Promise<string[][]> {
  const answers: string[][] = []
  for (const weightKg of WEIGHTS.filter((_, i) => i % WEIGHTS_APART === 0)) {
    await sql`update pets set weight_kg = ${weightKg} where id = ${petId}`
    // A change in psql is seen within a second.
    await delay(BOUND_MS)
    answers.push(await answer())
  }
  return answers
}

const code = await run().finally(endAll)
process.exit(code)
