import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { connect } from '../../src/db/client.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { signToken } from '../../src/http/tokens.ts'
import { patchedCopy } from '../guards/patched-copy.ts'
import { PATCHES } from '../guards/guards.ts'
import { createRedisWorld } from '../support/redis-world.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import { waitUntil } from '../support/wait-until.ts'
import { check } from './checker.ts'
import { excerpt } from './excerpt.ts'
import { injectFaults } from './faults.ts'
import { createGateway } from './gateways.ts'
import type { History } from './history.ts'
import { createRandom } from './random.ts'
import { report } from './report.ts'
import { startTestServer } from './servers.ts'
import { WEIGHTS } from './weights.ts'
import { createWorkload, type Counts } from './workload.ts'

/*
  npm run chaos -- [--minutes 1] [--seed 1] [--gateways 2] [--only <word>] [--break <guard>]

  Gateways in processes of their own on a real Postgres and a real Redis with a replica; readers and writers over the
  public API; faults from a seeded schedule; and a checker of the whole history. Ends with 1 where a promise was broken.
  --only takes the faults whose name holds the word. --break runs gateways with a guard taken out (see
  test/guards/guards.ts), to see the checker catch it: then it ends with 1 where nothing was found.
*/

const SECRET = 'a-secret-of-the-chaos-run-that-is-long-enough'
const CLAIMS = { issuer: 'petfood-gateway', audience: 'petfood-app' }
const PETS = 8
const READERS_EACH = 3

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
  const postgres = await startTestServer(folder)
  cleanUp.push(postgres.stop)
  const database = connect(postgres.url, { max: 3, statementTimeoutMs: 60_000 })
  cleanUp.push(database.close)
  await seedDemo(database.db, '2026-11-24')
  const petIds = await preparePets(database.sql)
  const world = await createRedisWorld({ folder })
  cleanUp.push(world.close)

  const history: History = { writes: [], commits: [], reads: [], faults: [], computations: [], failures: [] }
  const onCrash = (instance: string, lastWords: string) => {
    process.stdout.write(`CRASH of ${instance}: ${lastWords}\n`)
    history.failures.push({ process: instance, kind: 'other', code: 'CRASH', at: Date.now() })
  }
  const postgresRoutes = new Map<string, Awaited<ReturnType<typeof createTcpProxy>>>()
  const gateways = await Promise.all(
    Array.from({ length: gatewayCount }, async (_, i) => {
      const name = `gateway-${i + 1}`
      const proxy = await createTcpProxy(postgres.port)
      postgresRoutes.set(name, proxy)
      cleanUp.push(proxy.close)
      const databaseUrl = new URL(postgres.url)
      databaseUrl.port = String(proxy.port)
      const env = {
        DATABASE_URL: databaseUrl.href,
        REDIS_URL: (await world.route(name)).url,
        AUTH_JWT_SECRET: SECRET,
        AUTH_DEVICE_UID: 'off',
        LOG_LEVEL: 'info',
        FORCE_REFRESH_PER_MINUTE: '1000',
        RATE_LIMIT_PER_MINUTE: '0',
        RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '0',
        MUTATIONS_PER_MINUTE: '0',
      }
      const gateway = createGateway({ name, folder: source, env, onComputed: (computed) => history.computations.push(computed), onCrash })
      cleanUp.push(gateway.stop)
      await gateway.start()
      return gateway
    }),
  )

  const tokens = { user: await signToken(SECRET, CLAIMS, DEMO_USER_ID, false), admin: await signToken(SECRET, CLAIMS, DEMO_ADMIN_ID, true) }
  const counts: Counts = {}
  const end = Date.now() + minutes * 60_000
  const clockBegan = Date.now() - performance.now()
  let isDone = false
  const workload = createWorkload({ history, tokens, petIds, gateways, random: createRandom(seed ^ 0x5eed), isOver: () => isDone, counts })
  const scene = { world, postgres, sql: database.sql, gateways, postgresRoutes, changeThrough: (gateway: (typeof gateways)[number]) => void workload.change(gateway, petIds[0] ?? '') }
  const clients = workload.run(READERS_EACH)
  const progress = setInterval(() => process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${history.reads.length} reads, ${history.writes.length} changes, ${history.faults.length} faults\n`), 10_000)
  try {
    const faults = injectFaults({ scene, history, random: createRandom(seed), only: values.only, isOver: () => isDone || Date.now() >= end, onFault: () => {} })
    // Clients end only when told to, or when one of them saw what it cannot read: then everything ends at once.
    await Promise.race([faults, clients])
    await world.heal()
    isDone = true
    await clients
    // Whatever could still be committed has been: a statement lives 5 s at most.
    await waitUntil('nothing is being written', async () => (await database.sql`select 1 from pg_stat_activity where state <> 'idle' and pid <> pg_backend_pid() and backend_type = 'client backend'`).length === 0, { withinMs: 30_000 })
    await waitUntil('everything is delivered', async () => (await database.sql`select 1 from cache_invalidations where delivered_at is null`).length === 0, { withinMs: 90_000 })
    await Promise.all(gateways.flatMap((gateway) => petIds.map((petId) => workload.read('final', gateway, petId))))
  } finally {
    isDone = true
    clearInterval(progress)
  }
  history.commits.push(...(await commitsOf(database.sql)))
  const findings = check(history, gatewayCount)
  for (const { rule, what, petId, at } of findings.violations) process.stdout.write(`VIOLATION (${rule}) ${what}\n${excerpt(history, petId, at)}\n`)
  // Commits are stamped by Postgres and reads by us: were the machine's clock set meanwhile, nothing of this would hold.
  const clockMovedMs = Math.abs(Date.now() - performance.now() - clockBegan)
  if (clockMovedMs > 20) throw new Error(`the clock was set by ${Math.round(clockMovedMs)} ms during the run: run again`)
  process.stdout.write(`\n${report({ history, findings, counts, seed, minutes, gateways: gatewayCount })}\n`)
  if (broken.length > 0) return findings.violations.length > 0 ? 0 : 1
  return findings.violations.length > 0 ? 1 : 0
}

/** Dogs that differ in nothing but their weight, and a table in which a trigger writes down every weight they ever had. */
async function preparePets(sql: ReturnType<typeof connect>['sql']): Promise<string[]> {
  await sql`create table weights_of_chaos (pet_id uuid, weight_kg float8, version bigint)`
  await sql`create function note_weight() returns trigger language plpgsql as $$ begin
    insert into weights_of_chaos values (new.id, new.weight_kg, new.recommendation_version); return null; end $$`
  await sql`create trigger note_weight after insert or update of weight_kg on pets for each row execute function note_weight()`
  const rows = await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg, is_neutered)
    select ${DEMO_USER_ID}, 'chaos ' || i, 'DOG', 40, current_date, ${WEIGHTS[0] ?? 0}, true from generate_series(1, ${PETS}) i returning id`
  return rows.map(({ id }) => String(id))
}

async function commitsOf(sql: ReturnType<typeof connect>['sql']): Promise<History['commits']> {
  const rows = await sql`
    select pet_id, weight_kg, version, extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000 as at from weights_of_chaos order by version`
  return rows.map((row) => ({ petId: String(row['pet_id']), weightKg: Number(row['weight_kg']), version: Number(row['version']), at: Number(row['at']) }))
}

const code = await run().finally(endAll)
process.exit(code)
