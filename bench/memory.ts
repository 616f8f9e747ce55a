import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { answersBySource, less, shares } from './support/answers-by-source.ts'
import { askAll } from './support/checked.ts'
import { keepOffServerCore } from './support/cores.ts'
import { table } from './support/figures.ts'
import { insertHouseholds } from './support/households.ts'
import { load, loadGenerator } from './support/load.ts'
import { describeMachine } from './support/machine.ts'
import { createOperations } from './support/operations.ts'
import { useRealProducts } from './support/real-products.ts'
import { onStage } from './support/stage.ts'
import { storedPetId, storeRuns } from './support/stored-runs.ts'
import { prepareWorkload, zipf } from './support/workload.ts'

/*
  npm run bench:memory [-- --minutes 10] [--pets 1000000] [--stored 200000] [--connections 16]

  The memory of the process under Zipf traffic over a million pets. Runs of the first 200,000 in Zipf's order are in
  Postgres already, so that memory and Redis fill from there; the others are computed when somebody asks. Every half
  minute draws new pets to ask for.
*/

/** Pets no two of which are alike, each with its run: of these all others are copies. */
const [HOUSEHOLDS, PETS_EACH] = [50, 20]
const TEMPLATES = HOUSEHOLDS * PETS_EACH
const SLICE_S = 30
/** Requests drawn for each slice. */
const DRAWN = 10_000
const LIMIT_MB = 512

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, pets: { type: 'string', default: '1000000' }, stored: { type: 'string', default: '200000' }, connections: { type: 'string', default: '16' } },
})
const [minutes, pets, stored, connections] = [Number(values.minutes), Number(values.pets), Number(values.stored), Number(values.connections)]
if (!(minutes > 0) || !(pets >= TEMPLATES) || !(stored >= 0 && stored <= pets) || !(connections >= 1)) throw new Error(`Expected --minutes over 0, --pets of at least ${TEMPLATES}, --stored of no more, --connections of at least 1.`)

keepOffServerCore()
await onStage('memory', 0, async (bench) => {
  const tell = (what: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`)
  const folder = await mkdtemp(join(tmpdir(), 'petfood-bench-load-'))
  bench.atEnd(() => rm(folder, { recursive: true, force: true }))
  const catalogue = await useRealProducts(bench.database)
  const gateway = await bench.gateway({ redisUrl: bench.redis.url, pinned: true })
  const { singlePet } = createOperations('all')
  const asAdmin = (petId: string) => ({ token: bench.tokens.admin, body: singlePet(petId) })
  const templates = (await insertHouseholds(bench.database, HOUSEHOLDS, PETS_EACH)).flatMap(({ petIds }) => petIds)
  await askAll(gateway.url, templates.map(asAdmin))
  tell('storing pets and runs')
  await storeRuns(bench, { templates, pets, withRun: stored, historyEach: 0, onProgress: (done) => done % 100_000 === 0 && tell(`${done} pets`) })

  const pick = zipf(pets)
  const rows = [['minute', 'RSS, MB', 'req/s', 'p50 / p99 ms', 'answered from', 'Redis, MB', 'keys']]
  const rss: number[] = []
  const seen = new Set<number>()
  for (let slice = 1; slice <= Math.ceil((minutes * 60) / SLICE_S); slice++) {
    const drawn = Array.from({ length: DRAWN }, () => pick() + 1)
    const workload = await prepareWorkload(folder, 'zipf', drawn.map((at) => asAdmin(storedPetId(at))), inTurn(DRAWN))
    drawn.forEach((at) => seen.add(at))
    const before = await answersBySource(gateway.url)
    const { perSecond, p50, p99 } = await load(gateway, workload, connections, SLICE_S)
    rss.push(await rssMb(gateway.pid))
    const redisMb = Number(/used_memory:(\d+)/.exec(await bench.redis.client.info('memory'))?.[1]) / 1e6
    rows.push([((slice * SLICE_S) / 60).toFixed(1), (rss.at(-1) ?? NaN).toFixed(0), perSecond.toFixed(0), `${p50.toFixed(1)} / ${p99.toFixed(1)}`, shares(less(await answersBySource(gateway.url), before)), redisMb.toFixed(0), String(await bench.redis.client.dbsize())])
    tell(`RSS ${rows.at(-1)?.[1]} MB`)
  }
  const half = rss.slice(Math.floor(rss.length / 2))
  process.stdout.write(
    `\n${await describeMachine(bench, { isPinned: true })}. Load by ${loadGenerator}, ${connections} connections, Zipf over ${pets} pets, ${stored} with a run in Postgres, up to ${seen.size} different ones asked for; every field; ${catalogue}.\n\n${table(rows)}\n\n` +
      `Highest RSS ${Math.max(...rss).toFixed(0)} MB (limit ${LIMIT_MB}); in the second half ${Math.min(...half).toFixed(0)} to ${Math.max(...half).toFixed(0)} MB.\n`,
  )
  if (Math.max(...rss) >= LIMIT_MB) process.exitCode = 1
})

/** What was drawn once is asked in its order. */
function inTurn(count: number): () => number {
  let at = 0
  return () => at++ % count
}

async function rssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_000
}
