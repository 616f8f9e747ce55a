import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { NOTHING_REFUSED } from './compare/contestants.ts'
import { answersBySource, less, shares } from './support/answers-by-source.ts'
import { askAll } from './support/checked.ts'
import { closedPort } from './support/closed-port.ts'
import { keepOffServerCore } from './support/cores.ts'
import { selfTimes } from './support/cpu-profile.ts'
import { table } from './support/figures.ts'
import { describeGarbage } from './support/garbage.ts'
import { insertHouseholds } from './support/households.ts'
import { load, loadGenerator } from './support/load.ts'
import { describeMachine } from './support/machine.ts'
import { createOperations, forEachPet, SHAPES } from './support/operations.ts'
import { useRealProducts } from './support/real-products.ts'
import { onStage } from './support/stage.ts'
import { prepareWorkload, uniform } from './support/workload.ts'

/*
  npm run bench:profile [-- --way hit] [--commit <ref>] [--seconds 10] [--connections 64] [--shape short] [--top 10]

  Where the processor time of an answer goes: V8's own profile of the gateway under load, of the seconds of the load alone,
  and what it tells of its garbage collections.
  Ways: `hit` (as it comes), `executed` (no answer is kept as bytes), `redis` (no memory of its own), `postgres` (nobody at the address of its Redis),
  `computed` (forced refreshes). `--commit`: of the source as it was then, with the packages of now.
*/

const WAYS = { hit: {}, executed: { ANSWER_MEMORY_MB: '0' }, redis: { ANSWER_MEMORY_MB: '0', RUN_MEMORY_MB: '0' }, postgres: {}, computed: {} } as const
type Way = keyof typeof WAYS
/** The most that earlier commits take; no run of this bench comes near it. */
const RATES = { RATE_LIMIT_PER_MINUTE: '1000000', RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '1000000' }
const HOUSEHOLDS = 10
const PETS_EACH = 20
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

const { values } = parseArgs({
  options: {
    way: { type: 'string', default: 'hit' }, commit: { type: 'string' }, seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '64' }, shape: { type: 'string', default: 'all' }, top: { type: 'string', default: '10' },
  },
})
const [seconds, connections, top] = [Number(values.seconds), Number(values.connections), Number(values.top)]
const isWay = (text: string): text is Way => text in WAYS
const { way, commit } = values
if (!isWay(way)) throw new Error(`Expected --way to be ${Object.keys(WAYS).join(' or ')}.`)
const shape = SHAPES.find((one) => one === values.shape)
if (shape === undefined) throw new Error(`Expected --shape to be ${SHAPES.join(' or ')}.`)
if (!(seconds >= 1) || !(connections >= 1) || !(top >= 1)) throw new Error('Expected --seconds, --connections and --top of at least 1.')

keepOffServerCore()
await onStage('profile', 0, async (bench) => {
  const folder = await mkdtemp(join(tmpdir(), 'petfood-bench-profile-'))
  bench.atEnd(() => rm(folder, { recursive: true, force: true }))
  const catalogue = await useRealProducts(bench.database)
  const households = await insertHouseholds(bench.database, HOUSEHOLDS, PETS_EACH)
  const people = await Promise.all(households.map(async (household) => ({ ...household, token: await bench.sign(household.userId) })))
  const { singlePet, forcedRefresh } = createOperations(shape)
  const reads = forEachPet(people, singlePet)
  const workload = await prepareWorkload(folder, way, way === 'computed' ? forEachPet(people, forcedRefresh) : reads, uniform(reads.length))

  const profiles = join(folder, 'profiles')
  const gateway = await bench.gateway({
    redisUrl: way === 'postgres' ? `redis://127.0.0.1:${await closedPort()}` : bench.redis.url,
    variables: { ...NOTHING_REFUSED, ...RATES, ...WAYS[way] },
    pinned: true,
    nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--trace-gc'],
    ...(commit === undefined ? {} : { folder: await sourceOf(commit, join(folder, 'source')) }),
  })
  for (let pass = 1; pass <= 4; pass++) await askAll(gateway.url, reads)
  await load(gateway, workload, connections, 2)
  const before = await answersBySource(gateway.url)
  const from = process.hrtime.bigint() / 1_000n
  const fromMs = Date.now() - gateway.began
  const { perSecond, p50, cpuUs } = await load(gateway, workload, connections, seconds)
  const until = process.hrtime.bigint() / 1_000n
  const untilMs = Date.now() - gateway.began
  const sources = shares(less(await answersBySource(gateway.url), before))
  await gateway.stop()
  const garbage = describeGarbage(gateway.collections.filter(({ at }) => at >= fromMs && at < untilMs), seconds)

  const [file = ''] = await readdir(profiles)
  const times = selfTimes(JSON.parse(await readFile(join(profiles, file), 'utf8')), Number(from), Number(until), ROOT)
  const rows = times.slice(0, top).map(({ what, share }) => [what, `${(100 * share).toFixed(1)} %`])
  process.stdout.write(
    `\n${await describeMachine(bench, { isPinned: true })}. ${commit === undefined ? 'The source as it is' : `The source of ${commit}`}. Load by ${loadGenerator}, ${connections} connections, ${seconds} s. ${people.length * PETS_EACH} pets, ${shape === 'all' ? 'every field' : shape}, ${catalogue}. Answers came from: ${sources}.\n\n` +
      `${perSecond.toFixed(0)} req/s, p50 ${p50.toFixed(1)} ms, ${cpuUs.toFixed(0)} us of processor time each, all of it under the profiler.\n\nGarbage: ${garbage}.\n\n${table([['function', 'share of the busy time'], ...rows])}\n`,
  )
})

/** What the gateway needs of a commit, with the packages that are installed. */
async function sourceOf(ref: string, into: string): Promise<string> {
  await mkdir(into)
  const archive = join(into, 'source.tar')
  await run('git', ['archive', '--output', archive, ref, 'src', 'schema', 'drizzle', 'package.json', 'tsconfig.json'], { cwd: ROOT })
  await run('tar', ['-xf', archive], { cwd: into })
  await symlink(join(ROOT, 'node_modules'), join(into, 'node_modules'))
  return into
}
