import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '../src/db/client.ts'
import { decodeItems } from '../src/domain/run-codec.ts'
import { askAll, documentsOf } from './support/checked.ts'
import { closedPort } from './support/closed-port.ts'
import { startContestant } from './support/contestant-process.ts'
import { keepOffServerCore } from './support/cores.ts'
import { ms, percentile, spread, table } from './support/figures.ts'
import { insertHouseholds } from './support/households.ts'
import { load, loadGenerator, type Measured } from './support/load.ts'
import { describeMachine } from './support/machine.ts'
import { createOperations } from './support/operations.ts'
import { useRealProducts } from './support/real-products.ts'
import { onStage, type Bench } from './support/stage.ts'
import { storedPetId, storeRuns } from './support/stored-runs.ts'
import { prepareWorkload, uniform } from './support/workload.ts'

/*
  npm run bench:postgres-tier [-- --pets 200000] [--history 4] [--seconds 10] [--rounds 5]

  The ladder's second tier over a million runs of 200,000 pets: the gateway with nobody at the address of its Redis, eight
  connections, and in turn with it a bare node:http that passes the ready answers out of the same Postgres through. A pet's current run has ten items of true size; the four before it, which no read touches but through
  their index entries, have one item each, so that the disk holds it (about a fifth of what all at true size would take).

  Then how a run is best stored, in the same database: one text a run as it is, compressed or not, and one of whole items,
  against one jsonb a run and against items joined, for 50,000 pets; eight connections, all ways in turn.
*/

/** Pets no two of which are alike, each with its run: of these all others are copies. */
const [HOUSEHOLDS, PETS_EACH] = [50, 20]
const TEMPLATES = HOUSEHOLDS * PETS_EACH
const SAMPLE = 5_000
const DOCUMENTS = 50_000
const CONNECTIONS = 8
const READS_EACH = 2_000
const CURRENT = 'from pets p join recommendation_runs r on r.pet_id = p.id and r.version = p.recommendation_version and r.superseded_at is null'
/** The first is what the others are held against. A text is read by the codec, others by the driver alone. */
const WAYS: Record<string, string> = {
  'a text of items and their parts (today)': `select r.* ${CURRENT} where p.id = $1`,
  'the same, not compressed': `select d.plain_text as items ${CURRENT} join bench_documents d on d.run_id = r.id where p.id = $1`,
  'a text of whole items': `select d.whole_text as items ${CURRENT} join bench_documents d on d.run_id = r.id where p.id = $1`,
  'a jsonb of all items': `select d.jsonb_document as items ${CURRENT} join bench_documents d on d.run_id = r.id where p.id = $1`,
  'items joined': `select (select json_agg(i.document order by i.rank) from bench_items i where i.run_id = r.id) as items ${CURRENT} where p.id = $1`,
}

const { values } = parseArgs({
  options: {
    pets: { type: 'string', default: '200000' }, history: { type: 'string', default: '4' }, seconds: { type: 'string', default: '10' }, rounds: { type: 'string', default: '5' },
  },
})
const [pets, historyEach, seconds, rounds] = [Number(values.pets), Number(values.history), Number(values.seconds), Number(values.rounds)]
if (!(pets >= TEMPLATES) || !(historyEach >= 0) || !(seconds >= 1) || !(rounds >= 1)) throw new Error(`Expected --pets of at least ${TEMPLATES}, --seconds and --rounds of at least 1.`)

keepOffServerCore()
await onStage('postgres-tier', 0, async (bench) => {
  const tell = (what: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`)
  const folder = await mkdtemp(join(tmpdir(), 'petfood-bench-load-'))
  bench.atEnd(() => rm(folder, { recursive: true, force: true }))
  const catalogue = await useRealProducts(bench.database)
  const gateway = await bench.gateway({ redisUrl: `redis://127.0.0.1:${await closedPort()}`, pinned: true })
  const { singlePet } = createOperations('all')
  const asAdmin = (petId: string) => ({ token: bench.tokens.admin, body: singlePet(petId) })
  const templates = (await insertHouseholds(bench.database, HOUSEHOLDS, PETS_EACH)).flatMap(({ petIds }) => petIds)
  await askAll(gateway.url, templates.map(asAdmin))
  tell('storing runs')
  await storeRuns(bench, { templates, pets, withRun: pets, historyEach, onProgress: (done) => done % 100_000 === 0 && tell(`${done} pets`) })
  const [size] = await bench.database.sql`
    select pg_size_pretty(pg_database_size(current_database())) as total, (select count(*) from recommendation_runs) as runs,
      (select round(avg(pg_column_size(items))) from recommendation_runs where id in (select run_id from bench_templates)) as each`

  const draw = uniform(pets)
  const prepared = Array.from({ length: Math.min(SAMPLE, pets) }, () => asAdmin(storedPetId(draw() + 1)))
  const wrong = (await askAll(gateway.url, prepared.slice(0, 200))).flatMap(documentsOf).filter(({ source, items }) => source !== 'POSTGRES' || !Array.isArray(items) || items.length === 0)
  if (wrong.length > 0) throw new Error(`${wrong.length} of 200 answers were not the stored ones of the Postgres tier`)
  const workload = await prepareWorkload(folder, 'stored', prepared, uniform(prepared.length))
  await keepAnswers(bench, await askAll(gateway.url, prepared))
  const reference = await startContestant('node-postgres.ts', { BENCH_DATABASE_URL: bench.databaseUrl })
  bench.atEnd(reference.stop)
  const measured: Record<'ours' | 'reference', Measured[]> = { ours: [], reference: [] }
  tell('measuring the gateway')
  for (const server of [gateway, reference]) await load(server, workload, CONNECTIONS, 4)
  for (let round = 1; round <= rounds; round++) {
    measured.ours.push(await load(gateway, workload, CONNECTIONS, seconds))
    measured.reference.push(await load(reference, workload, CONNECTIONS, seconds))
  }
  tell('ways of storing')
  const ways = await measureWays(bench)

  const rows = [
    describe('petfood-gateway', measured.ours, measured.reference),
    describe('node:http + postgres.js, the ready answer passed through (no GraphQL)', measured.reference, measured.reference),
  ]
  process.stdout.write(
    `\n${await describeMachine(bench, { isPinned: true })}. Load by ${loadGenerator}, ${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s in turn, medians; ratios within a round: median (least-most). ${String(size?.['runs'])} runs of ${pets} pets, ${String(size?.['total'])}; items of a current run: ${String(size?.['each'])} bytes; ${catalogue}.\n\n` +
      `${table([['Postgres tier over HTTP, every field, one pet', 'req/s', 'p50 ms', 'p99 ms', 'server CPU us a request', 'CPU against the reference'], ...rows])}\n\n${ways}\n`,
  )
})

function describe(name: string, measured: readonly Measured[], reference: readonly Measured[]): string[] {
  const median = (pick: (one: Measured) => number) => percentile(measured.map(pick), 0.5)
  const ratios = measured.map(({ cpuUs }, i) => cpuUs / (reference[i]?.cpuUs ?? NaN))
  const ratio = `${percentile(ratios, 0.5).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`
  return [name, median(({ perSecond }) => perSecond).toFixed(0), ms(median(({ p50 }) => p50)), ms(median(({ p99 }) => p99)), median(({ cpuUs }) => cpuUs).toFixed(0), ratio]
}

/** For the reference, as they were sent. */
async function keepAnswers({ database: { sql } }: Bench, answers: readonly string[]): Promise<void> {
  await sql`create unlogged table bench_answers (pet_id text primary key, answer text not null)`
  for (const answer of answers) {
    const [document] = documentsOf(answer)
    await sql`insert into bench_answers values (${String(document?.['petId'])}, ${answer}) on conflict do nothing`
  }
}

/** A pet's current run read and parsed. The driver parses jsonb and json, a text is parsed here. */
async function measureWays({ database: { sql: owner }, databaseUrl, atEnd }: Bench): Promise<string> {
  const count = Math.min(DOCUMENTS, pets)
  await owner`create unlogged table bench_documents (run_id uuid primary key, plain_text text, whole_text text, jsonb_document jsonb)`
  await owner`alter table bench_documents alter column plain_text set storage external`
  await owner`create unlogged table bench_items (run_id uuid, rank int, document jsonb, primary key (run_id, rank))`
  await owner.begin(async (tx) => {
    await tx`set local statement_timeout = 0`
    // With an empty text added: else the compressed value would be copied as it is.
    await tx`
      insert into bench_documents
      select r.id, r.items || '', t.whole_items, t.whole_items::jsonb
      from recommendation_runs r join bench_templates t on t.n = r.version % (select count(*) from bench_templates)
      where r.superseded_at is null and r.pet_id <= ${storedPetId(count)}::uuid`
    await tx`insert into bench_items select d.run_id, each.at, each.document from bench_documents d, jsonb_array_elements(d.jsonb_document) with ordinality each(document, at)`
  })
  await owner`vacuum analyze bench_documents, bench_items`
  const pool = connect(databaseUrl, { max: CONNECTIONS })
  atEnd(pool.close)
  const draw = uniform(count)
  const tookOf = new Map<string, { ms: number[]; perSecond: number[] }>(Object.keys(WAYS).map((name) => [name, { ms: [], perSecond: [] }]))
  for (let round = 0; round <= rounds; round++) {
    for (const [name, statement] of Object.entries(WAYS)) {
      const took: number[] = []
      const began = performance.now()
      await Promise.all(
        Array.from({ length: CONNECTIONS }, async () => {
          for (let i = 0; i < READS_EACH / CONNECTIONS; i++) {
            const from = performance.now()
            const [row] = await pool.sql.unsafe(statement, [storedPetId(draw() + 1)], { prepare: true })
            const items: unknown = row?.['items']
            if (typeof items === 'string' && decodeItems(items) === undefined) throw new Error('a stored run cannot be read')
            took.push(performance.now() - from)
          }
        }),
      )
      // Round 0 warms up.
      if (round > 0) tookOf.get(name)?.perSecond.push((1_000 * took.length) / (performance.now() - began))
      if (round > 0) tookOf.get(name)?.ms.push(...took)
    }
  }
  const [today] = tookOf.values()
  const rows = [...tookOf].map(([name, { ms: took, perSecond }]) => {
    const { p50, p99 } = spread(took)
    const ratios = perSecond.map((one, i) => one / (today?.perSecond[i] ?? NaN))
    return [name, p50.toFixed(2), p99.toFixed(2), percentile(perSecond, 0.5).toFixed(0), `${percentile(ratios, 0.5).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`]
  })
  return `A pet's current run read and parsed, ${CONNECTIONS} at a time, ${count} pets, ${rounds} rounds of ${READS_EACH} in turn:\n\n${table([['stored as', 'p50 ms', 'p99 ms', 'reads/s', 'reads/s against today'], ...rows])}`
}
