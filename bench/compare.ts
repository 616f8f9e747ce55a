import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { waitUntil } from '../test/support/wait-until.ts'
import { CONTESTANTS, NOTHING_REFUSED, whyLeftOut, type Contestant } from './compare/contestants.ts'
import { report, type Cell } from './compare/report.ts'
import { answersBySource, less } from './support/answers-by-source.ts'
import { askAll, check, documentsOf, type Document } from './support/checked.ts'
import { closedPort } from './support/closed-port.ts'
import { startContestant } from './support/contestant-process.ts'
import { keepOffServerCore } from './support/cores.ts'
import { insertHouseholds } from './support/households.ts'
import { load } from './support/load.ts'
import { describeMachine } from './support/machine.ts'
import { installPeers } from './support/peers.ts'
import { createOperations, forEachPet, SHAPES, type SignedIn } from './support/operations.ts'
import { useRealProducts } from './support/real-products.ts'
import { onStage, type Bench } from './support/stage.ts'
import { prepareWorkload, uniform, zipf, type Prepared, type Workload } from './support/workload.ts'

/*
  npm run bench [-- --quick] [--only name,name] [--rounds 7] [--seconds 4] [--zipf] [--households 50] [--shape short]

  The gateway beside its peers, on servers of their own. Every contestant is a process of its own and answers the same
  operation (schema/operations/Recommendations.graphql: every field) over the same documents in the same Redis. Its
  answers are compared with the expected ones, field by field, before anything is timed. Then the contestants take turns,
  round by round; ratios are made within a round, and medians of rounds are shown.
*/

const PETS_EACH = 20
const DOCUMENT_PREFIX = 'bench:document:'
const ANSWER_PREFIX = 'bench:answer:'
/** Of a hundred requests of the mixed workload. */
const UPDATES = 2
const HITS = ['REDIS', 'MEMORY']
/** One of so many is asked again to see it hit. */
const SAMPLE = 5
const PASSES = 10
const RECOVERY_MS = 10_000
const WEIGHTS = [4.5, 5.5, 6.5, 7.5, 8.5]

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    households: { type: 'string' },
    shape: { type: 'string', default: 'all' },
    zipf: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds ?? (values.quick ? 2 : 7))
const seconds = Number(values.seconds ?? (values.quick ? 1 : 4))
const warmUpSeconds = values.quick ? 1 : 4
const householdCount = Number(values.households ?? (values.quick ? 10 : 50))
if (!(rounds >= 1) || !(seconds >= 1) || !(householdCount >= 1)) throw new Error('Expected --rounds, --seconds and --households of at least 1.')
const shape = SHAPES.find((one) => one === values.shape)
if (shape === undefined) throw new Error(`Expected --shape to be ${SHAPES.join(' or ')}.`)
const { singlePet, severalPets, forcedRefresh, newWeight } = createOperations(shape)
const only = values.only.split(',').filter((name) => name !== '')
const strangers = only.filter((name) => !CONTESTANTS.some((one) => one.name === name))
if (strangers.length > 0) throw new Error(`--only: there is no ${strangers.join(', ')}; there are ${CONTESTANTS.map(({ name }) => name).join(', ')}`)
const wanted = CONTESTANTS.filter(({ name }) => only.length === 0 || only.includes(name))
const chosen = wanted.filter((one) => whyLeftOut(one) === undefined)
const leftOut = wanted.flatMap((one) => {
  const why = whyLeftOut(one)
  return why === undefined ? [] : [`${one.title} (${why})`]
})

type Running = { contestant: Contestant; url: string; pid: number; loads?: () => Promise<number> }

installPeers()
keepOffServerCore()
await onStage('compare', 0, async (bench) => {
  const tell = (what: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`)
  const folder = await mkdtemp(join(tmpdir(), 'petfood-bench-load-'))
  bench.atEnd(() => rm(folder, { recursive: true, force: true }))
  tell('products and pets')
  const catalogue = await useRealProducts(bench.database)
  const people = await signedIn(bench)
  const reads = forEachPet(people, singlePet)
  const pick = (values.zipf ? zipf : uniform)(reads.length)

  tell(`computing for ${reads.length} pets`)
  // With nobody at the address of its Redis, and the circuit open: the Postgres tier alone.
  const postgresTier = await bench.gateway({ redisUrl: `redis://127.0.0.1:${await closedPort()}`, variables: NOTHING_REFUSED, pinned: true })
  await askAll(postgresTier.url, reads)
  const expected = new Map<string, Document>()
  for (const document of (await askAll(postgresTier.url, reads)).flatMap(documentsOf)) {
    if (document['source'] !== 'POSTGRES') throw new Error(`expected an answer of the Postgres tier, got one from ${String(document['source'])}`)
    expected.set(String(document['petId']), { ...document, source: 'REDIS' })
  }
  const sizes = await storeDocuments(bench, expected)

  const single = await prepareWorkload(folder, 'single', reads, pick)
  const severalOf = people.map(({ token, petIds }) => ({ token, body: severalPets(petIds) }))
  const several = await prepareWorkload(folder, 'several', severalOf, (values.zipf ? zipf : uniform)(severalOf.length))

  await load(postgresTier, single, 8, warmUpSeconds)
  const running: Running[] = []
  for (const contestant of chosen) {
    tell(`starting and checking ${contestant.name}`)
    const one = await start(bench, contestant)
    running.push(one)
    await fillAndCheck(one, reads, expected)
    if (asksSeveral(contestant)) await fillAndCheck(one, severalOf, expected)
    // V8 compiles what is hot on the server's own core, for some seconds.
    await load(one, single, 64, warmUpSeconds)
    if (asksSeveral(contestant) && !values.quick) await load(one, several, 8, warmUpSeconds)
  }

  /** A gateway begins with hits: what another load did to it (an open circuit) is over by then, or is told. */
  const measure = async ({ contestant, server, workload, connections, what, measured }: Cell) => {
    const isOurs = contestant.startsWith('ours')
    if (isOurs && what !== 'postgres') await untilHit(server.url, reads.slice(0, 1))
    const before = isOurs ? await answersBySource(server.url) : undefined
    const figures = await load(server, workload, connections, seconds)
    measured.push({ ...figures, sources: isOurs ? less(await answersBySource(server.url), before) : new Map() })
  }

  const cells: Cell[] = running.flatMap(({ contestant: { name }, url, pid }): Cell[] => [
    { contestant: name, what: 'single', connections: 64, server: { url, pid }, workload: single, measured: [] },
    { contestant: name, what: 'single', connections: 8, server: { url, pid }, workload: single, measured: [] },
  ])
  for (const { contestant, url, pid } of running) {
    if (asksSeveral(contestant)) cells.push({ contestant: contestant.name, what: 'several', connections: 8, server: { url, pid }, workload: several, measured: [] })
  }
  const first = running.find(({ contestant }) => contestant.name === 'ours')
  if (first !== undefined) {
    cells.push({ contestant: 'ours', what: 'postgres', connections: 8, server: postgresTier, workload: single, measured: [] })
  }
  for (let round = 1; round <= rounds; round++) {
    tell(`round ${round} of ${rounds}`)
    for (const cell of cells) await measure(cell)
  }
  if (first !== undefined) cells.push(...(await measureChanges(first, single, folder)))

  const facts = { ...sizes, catalogue, rounds, seconds, isZipf: values.zipf, pets: reads.length, petsEach: PETS_EACH, updates: UPDATES, shape, leftOut }
  process.stdout.write(`\n${report({ cells, contestants: chosen, machine: await describeMachine(bench, { isPinned: true }), facts })}\n`)

  /** Last, for they change the documents: mixed with updates beside reads alone, and forced refreshes. */
  async function measureChanges(ours: Running, readsAlone: Workload, inFolder: string): Promise<Cell[]> {
    const updates = WEIGHTS.flatMap((weightKg) => forEachPet(people, (petId) => newWeight(petId, weightKg)))
    const pickUpdate = uniform(updates.length)
    const mixed = await prepareWorkload(inFolder, 'mixed', [...reads, ...updates], () => (Math.random() * 100 < UPDATES ? reads.length + pickUpdate() : pick()))
    const refreshes = await prepareWorkload(inFolder, 'refresh', forEachPet(people, forcedRefresh), uniform(reads.length))
    const changing: Cell[] = [
      { contestant: 'ours', what: 'reads beside mixed', connections: 64, server: ours, workload: readsAlone, measured: [] },
      { contestant: 'ours', what: 'mixed', connections: 64, server: ours, workload: mixed, measured: [] },
      { contestant: 'ours', what: 'computed', connections: 8, server: ours, workload: refreshes, measured: [] },
    ]
    for (let round = 1; round <= rounds; round++) {
      tell(`changes, round ${round} of ${rounds}`)
      for (const cell of changing) await measure(cell)
    }
    return changing
  }
})

async function signedIn(bench: Bench): Promise<SignedIn[]> {
  const households = await insertHouseholds(bench.database, householdCount, PETS_EACH)
  return Promise.all(households.map(async (household) => ({ ...household, token: await bench.sign(household.userId) })))
}

function asksSeveral(contestant: Contestant): boolean {
  return contestant.kind === 'ours' || contestant.severalPets
}

async function start(bench: Bench, contestant: Contestant): Promise<Running> {
  if (contestant.kind === 'ours') {
    const { url, pid } = await bench.gateway({ redisUrl: bench.redis.url, variables: { ...NOTHING_REFUSED, ...contestant.variables }, pinned: true })
    return { contestant, url, pid }
  }
  const peer = await startContestant(contestant.file, {
    BENCH_REDIS_URL: bench.redis.url, BENCH_DOCUMENT_PREFIX: DOCUMENT_PREFIX, BENCH_ANSWER_PREFIX: ANSWER_PREFIX,
  })
  bench.atEnd(peer.stop)
  return { contestant, url: peer.url, pid: peer.pid, loads: peer.loads }
}

/**
 * The first pass fills what the contestant keeps; the gateway may answer from Postgres until it trusts a Redis that it
 * has just met. Then all of a sample must be hits.
 */
async function fillAndCheck({ contestant, url, loads }: Running, asked: readonly Prepared[], expected: ReadonlyMap<string, Document>): Promise<void> {
  const { kind, name } = contestant
  check(name, await askAll(url, asked), expected)
  const until = performance.now() + RECOVERY_MS
  for (let pass = 1; pass <= PASSES || performance.now() < until; pass++) {
    const before = await loads?.()
    const sources = check(name, await askAll(url, asked.filter((_, i) => i % SAMPLE === pass % SAMPLE)), expected)
    const after = await loads?.()
    const isHit = kind === 'ours' ? [...sources].every((source) => HITS.includes(source)) : !contestant.keeps || before === after
    if (isHit) return
  }
  throw new Error(`${name} still misses what it has answered before`)
}

async function untilHit(url: string, asked: readonly Prepared[]): Promise<void> {
  const isHit = async () => (await askAll(url, asked)).flatMap(documentsOf).every(({ source }) => HITS.includes(String(source)))
  await waitUntil('the gateway answers hits', isHit, { withinMs: RECOVERY_MS }).catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
}

/** What a peer reads where its cache misses, and what the plain servers pass through. Bytes of an answer. */
async function storeDocuments({ redis }: Bench, expected: ReadonlyMap<string, Document>): Promise<{ smallest: number; largest: number; median: number }> {
  const lengths: number[] = []
  for (const [petId, document] of expected) {
    const answer = JSON.stringify({ data: { recommendations: document } })
    lengths.push(Buffer.byteLength(answer))
    await redis.client.mset(DOCUMENT_PREFIX + petId, JSON.stringify(document), ANSWER_PREFIX + petId, answer)
  }
  const sorted = lengths.toSorted((a, b) => a - b)
  return { smallest: sorted[0] ?? NaN, largest: sorted.at(-1) ?? NaN, median: sorted[sorted.length >> 1] ?? NaN }
}
