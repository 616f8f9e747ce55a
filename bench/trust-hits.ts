import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { patchedCopy, type Patch } from '../test/guards/patched-copy.ts'
import { answersBySource, less, shares, sum, type AnswersBySource } from './support/answers-by-source.ts'
import { askAll } from './support/checked.ts'
import { keepOffServerCore } from './support/cores.ts'
import { percentile, table } from './support/figures.ts'
import { insertHouseholds } from './support/households.ts'
import { load, loadGenerator, type Measured } from './support/load.ts'
import { describeMachine } from './support/machine.ts'
import { createOperations, forEachPet } from './support/operations.ts'
import { useRealProducts } from './support/real-products.ts'
import { onStage } from './support/stage.ts'
import { prepareWorkload, uniform } from './support/workload.ts'

/*
  npm run bench:trust-hits [-- --rounds 7] [--seconds 4]

  What trust costs a hit: the gateway beside a copy of it that checks nothing and reads no heartbeat. No switch turns
  trust off, so the copy is patched, as `npm run guards` does it. Both read the same Redis and take turns.
*/

const PATCHES: readonly Patch[] = [
  { file: 'src/cache/cache-tier.ts', from: 'createTrust: (needs) => createTrust({ ...needs, redis, circuit, monotonicNow, logger })', to: 'createTrust: () => constantTrust(true)' },
  { file: 'src/cache/redis-cache.ts', from: 'const heartbeatKeys = redis.heartbeatKeys()', to: 'const heartbeatKeys: string[] = []' },
]
const HOUSEHOLDS = 5
const PETS_EACH = 20

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' }, seconds: { type: 'string', default: '4' } } })
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)]
if (!(rounds >= 1) || !(seconds >= 1)) throw new Error('Expected --rounds and --seconds of at least 1.')

keepOffServerCore()
await onStage('trust-hits', 0, async (bench) => {
  const folder = await mkdtemp(join(tmpdir(), 'petfood-bench-load-'))
  bench.atEnd(() => rm(folder, { recursive: true, force: true }))
  const catalogue = await useRealProducts(bench.database)
  const households = await insertHouseholds(bench.database, HOUSEHOLDS, PETS_EACH)
  const people = await Promise.all(households.map(async (household) => ({ ...household, token: await bench.sign(household.userId) })))
  const reads = forEachPet(people, createOperations('all').singlePet)
  const copy = await patchedCopy(PATCHES)
  bench.atEnd(copy.remove)
  // First the one that checks: finding data without a heartbeat it would drop them.
  const checked = await bench.gateway({ redisUrl: bench.redis.url, pinned: true })
  for (let pass = 1; pass <= 3; pass++) await askAll(checked.url, reads)
  const unchecked = await bench.gateway({ redisUrl: bench.redis.url, pinned: true, folder: copy.folder })
  await askAll(unchecked.url, reads)

  const workload = await prepareWorkload(folder, 'hits', reads, uniform(reads.length))
  for (const gateway of [checked, unchecked]) await load(gateway, workload, 8, seconds)
  const rows = [['connections', 'with trust, req/s', 'check off, req/s', 'ratio of req/s', 'with trust, CPU us a request', 'check off, CPU us a request', 'ratio of CPU']]
  const from: Record<'with trust' | 'check off', AnswersBySource[]> = { 'with trust': [], 'check off': [] }
  for (const connections of [8, 64]) {
    const pairs: [Measured, Measured][] = []
    for (let round = 1; round <= rounds; round++) {
      const before = await Promise.all([checked, unchecked].map(({ url }) => answersBySource(url)))
      // Who goes first takes turns too.
      const order = round % 2 === 0 ? [unchecked, checked] : [checked, unchecked]
      const [one, other] = [await load(order[0] ?? checked, workload, connections, seconds), await load(order[1] ?? unchecked, workload, connections, seconds)]
      pairs.push(round % 2 === 0 ? [other, one] : [one, other])
      from['with trust'].push(less(await answersBySource(checked.url), before[0]))
      from['check off'].push(less(await answersBySource(unchecked.url), before[1]))
    }
    const median = (pick: (pair: [Measured, Measured]) => number) => percentile(pairs.map(pick), 0.5)
    const spread = (pick: (pair: [Measured, Measured]) => number) => `${median(pick).toFixed(2)} (${Math.min(...pairs.map(pick)).toFixed(2)}-${Math.max(...pairs.map(pick)).toFixed(2)})`
    rows.push([
      String(connections), median(([trusted]) => trusted.perSecond).toFixed(0), median(([, off]) => off.perSecond).toFixed(0),
      spread(([trusted, off]) => trusted.perSecond / off.perSecond), median(([trusted]) => trusted.cpuUs).toFixed(0), median(([, off]) => off.cpuUs).toFixed(0),
      spread(([trusted, off]) => trusted.cpuUs / off.cpuUs),
    ])
  }
  const sources = Object.entries(from).map(([name, counts]) => `${name} ${shares(sum(counts))}`)
  process.stdout.write(`\n${await describeMachine(bench, { isPinned: true })}. Load by ${loadGenerator}, ${rounds} interleaved rounds of ${seconds} s, medians (least-most). ${HOUSEHOLDS * PETS_EACH} pets, every field, ${catalogue}. Answers came from: ${sources.join('; ')}.\n\n${table(rows)}\n`)
})
