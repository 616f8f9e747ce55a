import { constants, brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { parseArgs } from 'node:util'
import { unpack } from '../src/cache/payload.ts'
import { decodeRun } from '../src/domain/run-codec.ts'
import { keysIn, lineageOf } from '../test/support/lineage.ts'
import { askAll } from './support/checked.ts'
import { percentile, table } from './support/figures.ts'
import { insertHouseholds } from './support/households.ts'
import { describeMachine } from './support/machine.ts'
import { createOperations, forEachPet } from './support/operations.ts'
import { useRealProducts } from './support/real-products.ts'
import { onStage } from './support/stage.ts'

/*
  npm run bench:payload [-- --households 10]

  What a cached pet takes in Redis, and what a smaller value would cost. Real runs, as the gateway has stored them, packed
  by each encoding; then beginnings of them of several lengths: from where on does compressing pay? And Redis's own word
  for the memory of all keys of a pet (MEMORY USAGE).
*/

const PETS_EACH = 20
const LENGTHS = [256, 512, 1_024, 2_048, 4_096, 8_192, 16_384]
const PASSES = 5

type Encoding = { name: string; pack(plain: Buffer): Buffer; unpack(packed: Buffer): Buffer }
const zstd = (level: number): Encoding => ({
  name: `zstd ${level}`,
  pack: (plain) => zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: level } }),
  unpack: (packed) => zstdDecompressSync(packed),
})
const ENCODINGS: readonly Encoding[] = [
  { name: 'plain', pack: (plain) => Buffer.from(plain), unpack: (packed) => Buffer.from(packed) },
  zstd(1), zstd(2), zstd(3),
  { name: 'brotli 1', pack: (plain) => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }), unpack: (packed) => brotliDecompressSync(packed) },
  { name: 'gzip 1', pack: (plain) => gzipSync(plain, { level: 1 }), unpack: (packed) => gunzipSync(packed) },
]

const { values } = parseArgs({ options: { households: { type: 'string', default: '10' } } })
const householdCount = Number(values.households)
if (!(householdCount >= 1)) throw new Error('Expected --households of at least 1.')

await onStage('payload', 0, async (bench) => {
  const catalogue = await useRealProducts(bench.database)
  const households = await insertHouseholds(bench.database, householdCount, PETS_EACH)
  const people = await Promise.all(households.map(async (household) => ({ ...household, token: await bench.sign(household.userId) })))
  const gateway = await bench.gateway({ redisUrl: bench.redis.url })
  const { client } = bench.redis
  const [keys, lineage] = await Promise.all([keysIn(bench.database.sql), lineageOf(bench.database.sql)])
  for (let pass = 1; pass <= 2; pass++) await askAll(gateway.url, forEachPet(people, createOperations('all').singlePet))
  const petIds = households.flatMap((household) => household.petIds)

  const runs: Buffer[] = []
  const stored: { json: number; text: number; value: number; all: number }[] = []
  for (const petId of petIds) {
    const value = await client.getBuffer(keys.result(petId))
    const text = value === null ? undefined : unpack(value)?.text
    const run = text === undefined ? undefined : decodeRun(text, lineage)
    if (value === null || text === undefined || run === undefined) continue
    const usages = await Promise.all([keys.result(petId), keys.fence(petId), keys.tags(petId)].map((key) => client.memory('USAGE', key)))
    const written = Buffer.from(text)
    runs.push(written)
    stored.push({ json: Buffer.byteLength(JSON.stringify(run)), text: written.length, value: value.length, all: usages.reduce<number>((sum, usage) => sum + (usage ?? 0), 0) })
  }
  if (runs.length === 0) throw new Error('The gateway kept nothing that this can read.')

  const kept = (pick: (one: (typeof stored)[number]) => number) => percentile(stored.map(pick), 0.5)
  const keptRows = [
    ['of a cached pet', 'bytes, median', 'of the JSON'],
    ...([['JSON of the run', ({ json }) => json], ['the run as it is written', ({ text }) => text], ['value in Redis', ({ value }) => value], ['memory of result, fence and tags', ({ all }) => all]] satisfies [string, (one: (typeof stored)[number]) => number][])
      .map(([name, pick]) => [name, kept(pick).toFixed(0), (kept(pick) / kept(({ json }) => json)).toFixed(2)]),
  ]
  const whole = [['encoding', 'bytes, median', 'of the text', 'pack, us', 'unpack, us'], ...ENCODINGS.map((encoding) => {
    const { bytes, share, packUs, unpackUs } = measure(encoding, runs)
    return [encoding.name, bytes.toFixed(0), share.toFixed(2), packUs.toFixed(0), unpackUs.toFixed(0)]
  })]
  const parts = [['encoding: share of the text, pack + unpack us', ...LENGTHS.map((length) => `${length} B`)], ...ENCODINGS.slice(1).map((encoding) => [
    encoding.name,
    ...LENGTHS.map((length) => {
      const cut = runs.filter((run) => run.length >= length).map((run) => run.subarray(0, length))
      if (cut.length === 0) return '-'
      const { share, packUs, unpackUs } = measure(encoding, cut)
      return `${share.toFixed(2)}, ${packUs.toFixed(0)} + ${unpackUs.toFixed(0)}`
    }),
  ])]
  process.stdout.write(`\n${await describeMachine(bench, { isPinned: false })}. ${runs.length} real runs, ${catalogue}; times are medians.\n\n${table(keptRows)}\n\n${table(whole)}\n\nBeginnings of the same runs:\n\n${table(parts)}\n`)
})

/** Medians over all of them; the first passes warm up. */
function measure(encoding: Encoding, plains: readonly Buffer[]): { bytes: number; share: number; packUs: number; unpackUs: number } {
  let measured: { bytes: number; share: number; packUs: number; unpackUs: number }[] = []
  for (let pass = 1; pass <= PASSES; pass++) {
    measured = plains.map((plain) => {
      const began = performance.now()
      const packed = encoding.pack(plain)
      const between = performance.now()
      encoding.unpack(packed)
      return { bytes: packed.length, share: packed.length / plain.length, packUs: 1_000 * (between - began), unpackUs: 1_000 * (performance.now() - between) }
    })
  }
  const median = (pick: (one: (typeof measured)[number]) => number) => percentile(measured.map(pick), 0.5)
  return { bytes: median(({ bytes }) => bytes), share: median(({ share }) => share), packUs: median(({ packUs }) => packUs), unpackUs: median(({ unpackUs }) => unpackUs) }
}
