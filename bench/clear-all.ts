import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ClearAllRecommendationCachesDocument } from '../schema/generated/graphql.ts'
import type { Keys } from '../src/cache/keys.ts'
import { keysIn } from '../test/support/lineage.ts'
import { waitUntil } from '../test/support/wait-until.ts'
import { besideStores } from './support/beside-stores.ts'
import { createClient, type Asked } from './support/client.ts'
import { ms, spread, table } from './support/figures.ts'
import { onStage, type Bench } from './support/stage.ts'

/*
  node bench/clear-all.ts [--keys 1000000]

  An admin clears everything while Redis holds a million keys of ours, and another client reads on. Half the keys are
  results (one in five of a real one's size, the rest small), half are their tags; the pets that are read are real and
  cached. The first call meets all the keys, four more meet what is left. Then twenty more beside 48 clients that store runs.
*/

const PETS = 40
const CHUNK = 1_000
const REAL_EVERY = 5
const TAGS_EACH = 10
const READ_MS = 3_000
const BESIDE_STORES = 20
const SLOW_US = 20_000

/** KEYS: result and tags of each pet. ARGV[1] value of most, ARGV[2] of one in ARGV[3], ARGV[4] members, ARGV[5] life, ms. */
const FILL = `
  for i = 1, #KEYS, 2 do
    local value = ARGV[1]
    if ((i - 1) / 2) % tonumber(ARGV[3]) == 0 then value = ARGV[2] end
    redis.call('SET', KEYS[i], value, 'PX', ARGV[5])
    for m = 1, tonumber(ARGV[4]) do
      redis.call('SADD', KEYS[i + 1], string.format('product:%08x-0000-4000-8000-%012x', (i * 7 + m * 13) % 4000, m))
    end
    redis.call('PEXPIRE', KEYS[i + 1], ARGV[5])
  end
  return #KEYS`

const { values } = parseArgs({ options: { keys: { type: 'string', default: '1000000' } } })
const keyCount = Number(values.keys)
if (!(keyCount >= 2)) throw new Error('Expected --keys of at least 2.')
const payloadSchema = z.object({
  data: z.object({ clearAllRecommendationCaches: z.object({ deletedRuns: z.int(), redisKeysDeleted: z.int(), invalidation: z.string() }) }),
})
const slowlogSchema = z.array(z.tuple([z.number(), z.number(), z.number(), z.array(z.string())]).rest(z.unknown()))
const sweptSchema = z.object({ runs: z.int(), keys: z.int() })

await onStage('clear-all', PETS, async (bench) => {
  const { redis, petIds, tokens } = bench
  // First the gateway: one that finds data without a heartbeat drops them.
  const gateway = await bench.gateway({ redisUrl: redis.url, logLevel: 'info' })
  const reader = createClient(tokens.user)
  const admin = createClient(tokens.admin)
  const read = (petId: string) => reader.recommendations(gateway.url, petId)
  for (let round = 0; round < 5; round++) for (const petId of petIds) await read(petId)
  const keys = await keysIn(bench.database.sql)
  const largest = await redis.client.strlen(keys.result(petIds[0] ?? ''))
  const fillingFrom = performance.now()
  await fill(bench, keys, largest)
  process.stderr.write(`filled in ${((performance.now() - fillingFrom) / 1_000).toFixed(1)} s\n`)

  const reads: Asked[] = []
  let isReading = true
  const reading = (async () => {
    while (isReading) reads.push(await read(petIds[Math.floor(Math.random() * petIds.length)] ?? ''))
  })()
  const settle = () => new Promise((resolve) => setTimeout(resolve, READ_MS))
  const sweeps = () => gateway.log.filter(({ msg }) => msg === 'caches swept')
  const now = () => performance.timeOrigin + performance.now()

  // Whose fault a lost deadline is: Redis's own time is in its slowlog, microseconds.
  await redis.client.config('SET', 'slowlog-log-slower-than', SLOW_US)
  await redis.client.slowlog('RESET')
  await settle()
  const [size, memory] = [await redis.client.dbsize(), /used_memory_human:(\S+)/.exec(await redis.client.info('memory'))?.[1]]
  const hitsBefore = await Promise.all(petIds.map(read))
  const calls = [['call', 'keys before', 'ms over HTTP', 'deletedRuns', 'redisKeysDeleted', 'invalidation', 'sweep took, ms', 'sweep deleted', 'answers after it with a run from before it']]
  const windows: { from: number; to: number }[] = []
  for (let call = 1; call <= 5; call++) {
    const before = await redis.client.dbsize()
    const done = sweeps().length
    const from = now()
    const { body, tookMs } = await admin.post(gateway.url, ClearAllRecommendationCachesDocument.toString(), {})
    const answeredAt = now()
    const { deletedRuns, redisKeysDeleted, invalidation } = payloadSchema.parse(body).data.clearAllRecommendationCaches
    await waitUntil('caches are swept', () => sweeps().length > done, { withinMs: 300_000 })
    const swept = sweeps().at(-1)
    const count = sweptSchema.parse(swept?.fields)
    const to = swept?.at ?? NaN
    windows.push({ from, to })
    const after = reads.filter(({ began }) => began > answeredAt)
    const retired = new Set(reads.filter(({ began }) => began < from).map(({ runId }) => runId))
    const stale = after.filter(({ runId }) => retired.has(runId)).length
    calls.push([String(call), String(before), ms(tookMs), String(deletedRuns), String(redisKeysDeleted), invalidation, ms(to - from), `${count.keys} keys, ${count.runs} runs`, `${stale} of ${after.length}`])
  }
  const left = await redis.client.dbsize()
  await settle()
  isReading = false
  await reading

  const [first] = windows
  const inWindow = (from: number, to: number) => reads.filter(({ began }) => began >= from && began < to)
  const startOfAll = first?.from ?? NaN
  const phases: [string, Asked[]][] = [
    ['before', inWindow(startOfAll - READ_MS, startOfAll)],
    ['during the sweep of all', inWindow(startOfAll, first?.to ?? NaN)],
    ['after the last', inWindow(windows.at(-1)?.to ?? NaN, Infinity)],
  ]
  const readRows = phases.flatMap(([name, asked]) =>
    [['all', asked] as const, ...Map.groupBy(asked, ({ source }) => source)].map(([source, some]) => {
      const { n, p50, p99, max } = spread(some.map(({ tookMs }) => tookMs))
      return [name, source, String(n), String(some.filter(({ problem }) => problem !== undefined).length), ms(p50), ms(p99), ms(max)]
    }),
  )
  process.stdout.write(
    `\n${size} keys in ${memory}, a real result has ${largest} bytes; before it the ${PETS} pets were answered by ${sourcesOf(hitsBefore)}; ${left} keys are left.\n\n` +
      `${table(calls)}\n\nReads by one other client, ms:\n\n${table([['when', 'source', 'n', 'unanswered', 'p50', 'p99', 'max'], ...readRows])}\n`,
  )
  for (const { at, msg, fields } of gateway.log.filter(({ msg }) => /sweep ended|circuit|no trust|fence is missing/.test(msg))) process.stdout.write(`LOGGED ${ms(at - startOfAll)} ms after the first call: ${msg} ${JSON.stringify(fields).slice(0, 200)}\n`)
  const slow = slowlogSchema.parse(await redis.client.slowlog('GET', 128))
  const slowest = slow.map(([, , us, [command = '']]) => `${command} ${ms(us / 1_000)} ms`)
  process.stdout.write(`SLOWLOG over ${SLOW_US / 1_000} ms: ${slowest.join(', ') || 'nothing'}\n`)
  const make = async () => {
    const { body } = await admin.post(gateway.url, ClearAllRecommendationCachesDocument.toString(), {})
    return payloadSchema.safeParse(body).success ? undefined : JSON.stringify(body)
  }
  process.stdout.write(`\n${await besideStores(bench, gateway.url, { name: 'clear-all', times: BESIDE_STORES, make })}\n`)
})

async function fill({ redis }: Bench, keys: Keys, largest: number): Promise<void> {
  const real = randomBytes(largest)
  for (let done = 0; done < keyCount / 2; done += CHUNK) {
    const names = Array.from({ length: Math.min(CHUNK, keyCount / 2 - done) }, (_, i) => {
      const petId = `${(done + i).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`
      return [keys.result(petId), keys.tags(petId)]
    }).flat()
    await redis.client.eval(FILL, names.length, ...names, 'pa small value', real, REAL_EVERY, TAGS_EACH, 7 * 24 * 60 * 60 * 1_000)
  }
}

function sourcesOf(asked: readonly Asked[]): string {
  return [...Map.groupBy(asked, ({ source }) => source)].map(([source, { length }]) => `${source} ${length}`).sort().join(', ')
}
