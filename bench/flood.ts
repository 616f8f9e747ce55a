import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { createGuest, type Served } from './flood/guest.ts'
import { cpuSeconds } from './support/cpu.ts'
import { ms, spread, table } from './support/figures.ts'
import { insertHouseholds } from './support/households.ts'
import { describeMachine } from './support/machine.ts'
import { onStage } from './support/stage.ts'

/*
  npm run bench:flood [-- --rate 2000 --seconds 30 --slow 600]

  A gateway as in production, with its limits as they are by default, is flooded from the loopback while well-behaved clients, each with an
  address and a user of its own, ask for recommendations beside it: pets that were asked for before, and every three seconds one that nobody
  has asked for. Three parts: nobody else; the flood from one address; the flood from so many addresses that hardly any reaches the limit of an
  address. What is sent is in flood/mix.ts and flood/slow.ts.
*/

const GUESTS = 3
const PER_SECOND = 8
const KNOWN_PETS = 6
const PETS_EACH = 50
const SAMPLE_MS = 1_000
const QUIET_S = 10
const MANY_ADDRESSES = 250

const { values } = parseArgs({ options: { rate: { type: 'string', default: '2000' }, seconds: { type: 'string', default: '30' }, slow: { type: 'string', default: '600' } } })
const seconds = Number(values.seconds)
if (!(Number(values.rate) > 0) || !(seconds > 0)) throw new Error('Expected a --rate and --seconds above 0.')

const tally = z.object({ sent: z.number(), late: z.number(), closed: z.number(), unanswered: z.number(), statuses: z.record(z.string(), z.number()) })
const report = z.object({ tookS: z.number(), cpuS: z.number(), opened: z.number(), kinds: z.record(z.string(), tally), slow: z.object({ held: z.number(), closedByGateway: z.number() }) })
type Report = z.output<typeof report>

/** Of the last minute before anything was started: above a few tenths the machine is busy with something else. */
const [loadBefore = 0] = loadavg()

await onStage('flood', 0, async (bench) => {
  const gateway = await bench.gateway({
    redisUrl: bench.redis.url,
    variables: { NODE_ENV: 'production', RATE_LIMIT_PER_MINUTE: '600', RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '1200', MUTATIONS_PER_MINUTE: '60' },
  })
  const port = Number(new URL(gateway.url).port)
  const households = await insertHouseholds(bench.database, GUESTS, PETS_EACH)
  const guests = await Promise.all(
    households.map(async ({ userId, petIds }, i) =>
      createGuest({ port, address: `127.0.0.${2 + i}`, token: await bench.sign(userId), knownPets: petIds.slice(0, KNOWN_PETS), newPets: petIds.slice(KNOWN_PETS), perSecond: PER_SECOND }),
    ),
  )
  const dine = async (isOver: () => boolean) => (await Promise.all(guests.map((guest) => guest.dine(isOver)))).flat()

  /** `flood` under way for as long as it takes, with a look at the process every second. */
  const part = async (name: string, flood: () => Promise<Report | undefined>): Promise<Part> => {
    let isOver = false
    const rss: number[] = []
    const before = await cpuSeconds(gateway.pid)
    const began = performance.now()
    const watching = (async () => {
      for (; !isOver; await delay(SAMPLE_MS)) rss.push(await rssMb(gateway.pid))
    })()
    const dining = dine(() => isOver)
    const flooded = await flood()
    isOver = true
    const served = await dining
    await watching
    const cores = (1_000 * ((await cpuSeconds(gateway.pid)) - before)) / (performance.now() - began)
    return { name, served, flooded, rss, cores }
  }
  const flood = (addresses: number) => () => generate(port, addresses)

  // The pets that are known by then.
  await part('warming', async () => void (await delay(3_000)))
  const parts = [
    await part('nobody else', async () => void (await delay(QUIET_S * 1_000))),
    await part('a flood from one address', flood(1)),
    await part(`a flood from ${MANY_ADDRESSES} addresses`, flood(MANY_ADDRESSES)),
  ]
  for (const guest of guests) guest.close()
  const errors = gateway.log.filter(({ msg }) => msg === 'unexpected error').length
  print(parts, await describeMachine(bench, { isPinned: false }), errors)
})

type Part = { name: string; served: Served[]; flooded: Report | undefined; rss: number[]; cores: number }

async function generate(port: number, addresses: number): Promise<Report> {
  const file = fileURLToPath(new URL('flood/generator.ts', import.meta.url))
  const args = Object.entries({ port, addresses, ...values }).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await new Promise((resolve) => child.once('close', resolve))
  return report.parse(JSON.parse(text))
}

async function rssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024
}

function print(parts: readonly Part[], machine: string, errors: number): void {
  const out = (text: string) => process.stdout.write(`${text}\n`)
  out(`\n${machine}; load before: ${loadBefore.toFixed(1)}.\n${GUESTS} well-behaved clients, ${PER_SECOND} requests a second each, answers of all fields; the limits of a gateway in production by default.\n`)
  const head = ['beside', 'asked', 'answered', 'hit p50 / p99 / max ms', 'misses', 'miss p50 / max ms', 'from', 'gateway, cores']
  out(table([head, ...parts.map(guestRow)]))
  for (const { name, flooded, rss, served } of parts) {
    for (const { problem } of served.filter((one) => one.problem !== undefined).slice(0, 3)) out(`\nNOT ANSWERED beside ${name}: ${problem}`)
    if (flooded === undefined) continue
    const kinds = Object.entries(flooded.kinds)
    const [sent, late] = [sum(kinds.map(([, kind]) => kind.sent)), sum(kinds.map(([, kind]) => kind.late))]
    out(`\n${name}: ${Math.round(sent / flooded.tookS)} requests a second for ${flooded.tookS.toFixed(1)} s (${sent} sent, ${late} found no free connection; ${flooded.opened} connections; the generator used ${(flooded.cpuS / flooded.tookS).toFixed(2)} cores).`)
    out(`Held open by slow clients at the end: ${flooded.slow.held}; closed by the gateway meanwhile: ${flooded.slow.closedByGateway}.\n`)
    out(table([['kind', 'sent', 'answered with', 'closed without', 'no answer in 10 s'], ...kinds.map(([kind, { sent: count, statuses, closed, unanswered }]) => [kind, String(count), Object.entries(statuses).map(([status, n]) => `${status}: ${n}`).join(', '), String(closed), String(unanswered)])]))
    out(`\nRSS of the gateway, MB, each second: ${rss.map((one) => one.toFixed(0)).join(' ')}`)
    const [middle, last] = thirds(rss).slice(1).map(mean)
    out(`Mean of the middle third ${middle?.toFixed(0)}, of the last ${last?.toFixed(0)}.`)
  }
  out(`\nUnexpected errors in the gateway's log: ${errors}.`)
}

function guestRow({ name, served, cores }: Part): string[] {
  const good = served.filter(({ problem }) => problem === undefined)
  const [hits, misses] = ['hit', 'miss'].map((kind) => spread(good.filter((one) => one.kind === kind).map(({ tookMs }) => tookMs)))
  const sources = [...Map.groupBy(good, ({ source }) => source)].map(([source, { length }]) => `${source} ${length}`).sort()
  return [name, String(served.length), String(good.length), [hits?.p50, hits?.p99, hits?.max].map((one) => ms(one ?? NaN)).join(' / '), String(misses?.n), [misses?.p50, misses?.max].map((one) => ms(one ?? NaN)).join(' / '), sources.join(', '), cores.toFixed(2)]
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0)
}

function mean(all: readonly number[]): number {
  return sum(all) / all.length
}

function thirds(all: readonly number[]): number[][] {
  return [0, 1, 2].map((i) => all.slice(Math.floor((i * all.length) / 3), Math.floor(((i + 1) * all.length) / 3)))
}
