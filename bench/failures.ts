import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createTcpProxy } from '../test/support/tcp-proxy.ts'
import { waitUntil } from '../test/support/wait-until.ts'
import { createClient, type Asked } from './support/client.ts'
import { cpuSeconds } from './support/cpu.ts'
import { ms, percentile, spread, table, times } from './support/figures.ts'
import type { GatewayProcess } from './support/gateway-process.ts'
import { onStage, type Bench } from './support/stage.ts'

/*
  node bench/failures.ts [--n 1000] [--episodes 3] [--only <word>]

  What a reader notices when Redis fails. One gateway process whose Redis is made to fail, and beside it a second one of
  the same code on the same Postgres whose REDIS_URL is a port where nobody listens and whose circuit has been open for
  long: the Postgres tier alone. Every client asks the two in turn, so whatever else the machine does meets both.

    before   asked after Redis began to fail and before the log said that the circuit is open; each failure is made
             `episodes` times for one client and as often for eight, and healed in between
    after    asked when the log had said so, `n` queries to each gateway

  `n` counts each gateway's queries. The last control row compares two gateways that both have no Redis: what of a ratio
  is noise.
*/

const PETS = 40
const BEFORE_MS = 2_000
const ALLOWED_BEFORE_MS = 100
const ALLOWED_AFTER = 1.3
const CONCURRENCIES = [1, 8] as const

const { values } = parseArgs({
  options: { n: { type: 'string', default: '1000' }, episodes: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
})
const [n, episodes] = [Number(values.n), Number(values.episodes)]
if (!(n >= 1) || !(episodes >= 1)) throw new Error('Expected --n and --episodes of at least 1.')

/** `cpuMs`: of each gateway's process while it was asked. */
type Pair = { tested: Asked[]; baseline: Asked[]; cpuMs?: { tested: number; baseline: number } }
type Row = { phase: string; when: string; clients: number; pair: Pair; opened?: readonly number[] }
type Failure = { name: string; gateway: GatewayProcess; fail(): Promise<unknown>; heal(): Promise<unknown> }

await onStage('failures', PETS, async (bench) => {
  const { redis, petIds, tokens } = bench
  const client = createClient(tokens.user)
  const closedPort = await aClosedPort()
  const rows: Row[] = []
  const proxy = await createTcpProxy(redis.port)
  bench.atEnd(proxy.close)

  /** `clients` loops, each asking the tested and the baseline gateway in turn, until `isOver`. */
  const inTurn = async (tested: GatewayProcess, baseline: GatewayProcess, clients: number, isOver: (asked: number) => boolean): Promise<Pair> => {
    const pair: Pair = { tested: [], baseline: [] }
    const loop = async () => {
      while (!isOver(pair.tested.length)) {
        const petId = petIds[Math.floor(Math.random() * petIds.length)] ?? ''
        pair.tested.push(await client.recommendations(tested.url, petId))
        pair.baseline.push(await client.recommendations(baseline.url, petId))
      }
    }
    const cpu = () => Promise.all([cpuSeconds(tested.pid), cpuSeconds(baseline.pid)])
    const [before, connections] = [await cpu(), proxy.accepted]
    await Promise.all(Array.from({ length: clients }, loop))
    const after = await cpu()
    pair.cpuMs = { tested: 1_000 * (after[0] - before[0]), baseline: 1_000 * (after[1] - before[1]) }
    if (proxy.accepted > connections) tell(`${proxy.accepted - connections} new connections to Redis while ${pair.tested.length} queries were asked`)
    return pair
  }
  const enough = (asked: number) => asked >= n
  const untilHits = async (gateway: GatewayProcess) => {
    const isClosed = () => (gateway.log.findLast(({ msg }) => msg === 'redis circuit')?.fields['state'] ?? 'CLOSED') === 'CLOSED'
    await waitUntil('the circuit is closed', isClosed, { withinMs: 90_000 })
    let all: Asked[] = []
    const readAll = async () => {
      await delay(100)
      all = []
      for (const petId of petIds) all.push(await client.recommendations(gateway.url, petId))
      return all.every(({ source }) => source === 'REDIS' || source === 'MEMORY')
    }
    await waitUntil('every pet is a hit', readAll, { withinMs: 20_000 }).catch((error: unknown) => {
      process.stderr.write(`${sourcesOf(all)}; ${all.find(({ problem }) => problem !== undefined)?.problem}\n${gateway.log.slice(-5).map((line) => JSON.stringify(line)).join('\n')}\n`)
      throw error
    })
  }
  const tell = (what: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`)

  tell('starting')
  // All of them begin without Redis: the Postgres tier is warm in each before anything is compared.
  process.kill(redis.pid, 'SIGKILL')
  const noRedis = { redisUrl: `redis://127.0.0.1:${closedPort}` }
  const [baseline, control] = [await bench.gateway(noRedis), await bench.gateway(noRedis)]
  const [direct, proxied] = [await bench.gateway({ redisUrl: redis.url }), await bench.gateway({ redisUrl: `redis://127.0.0.1:${proxy.port}` })]
  for (const other of [control, direct, proxied]) await inTurn(other, baseline, 4, (asked) => asked >= 150)
  tell('control')
  rows.push(...(await controlRows()))
  tell('Redis is started again')
  await redis.start()
  await untilHits(direct)
  await untilHits(proxied)
  await inTurn(direct, proxied, 4, (asked) => asked >= 150)

  async function controlRows(): Promise<Row[]> {
    const rows: Row[] = []
    for (const clients of CONCURRENCIES) rows.push({ phase: 'control: no Redis either', when: '-', clients, pair: await inTurn(control, baseline, clients, enough) })
    return rows
  }

  tell('healthy')
  for (const clients of CONCURRENCIES) rows.push({ phase: 'healthy', when: '-', clients, pair: await inTurn(direct, baseline, clients, enough) })

  const failures: Failure[] = [
    { name: 'stopped (SIGKILL)', gateway: direct, fail: async () => process.kill(redis.pid, 'SIGKILL'), heal: () => redis.start() },
    { name: 'paused (SIGSTOP)', gateway: direct, fail: async () => process.kill(redis.pid, 'SIGSTOP'), heal: async () => process.kill(redis.pid, 'SIGCONT') },
    { name: 'refusing writes (full)', gateway: direct, fail: () => setRedis(bench, { 'maxmemory-policy': 'noeviction', maxmemory: '1mb' }), heal: () => setRedis(bench, { maxmemory: '0' }) },
    { name: 'read-only (no replica)', gateway: direct, fail: () => setRedis(bench, { 'min-replicas-max-lag': '1', 'min-replicas-to-write': '9' }), heal: () => setRedis(bench, { 'min-replicas-to-write': '0' }) },
    { name: 'answering garbage', gateway: proxied, fail: async () => proxy.retarget(await garbage(bench)), heal: async () => proxy.retarget(redis.port) },
  ]
  for (const failure of failures.filter(({ name }) => name.includes(values.only))) {
    tell(failure.name)
    rows.push(...(await measure(failure)))
  }
  print(rows)

  async function measure({ name, gateway, fail, heal }: Failure): Promise<Row[]> {
    const rows: Row[] = []
    let isFailing = false
    try {
      for (const clients of CONCURRENCIES) {
        const before: Pair = { tested: [], baseline: [] }
        const opened: number[] = []
        for (let episode = 1; episode <= episodes; episode++) {
          if (isFailing) await heal()
          isFailing = false
          await untilHits(gateway)
          await delay(300) // one good check at least: failures of the way back are forgotten
          const logged = gateway.log.length
          const openedAt = () => gateway.log.slice(logged).find(({ msg, fields }) => msg === 'redis circuit' && fields['state'] === 'OPEN')?.at
          await fail()
          isFailing = true
          const failedAt = Date.now()
          const pair = await inTurn(gateway, baseline, clients, () => Date.now() - failedAt > BEFORE_MS || openedAt() !== undefined)
          await waitUntil('the circuit is open', () => openedAt() !== undefined, { withinMs: 20_000 })
          const at = openedAt() ?? Infinity
          opened.push(at - failedAt)
          before.tested.push(...pair.tested.filter(({ began }) => began < at))
          before.baseline.push(...pair.baseline)
        }
        rows.push({ phase: name, when: 'before', clients, pair: before, opened })
      }
      for (const clients of CONCURRENCIES) rows.push({ phase: name, when: 'after', clients, pair: await inTurn(gateway, baseline, clients, enough) })
    } finally {
      if (isFailing) await heal()
    }
    await untilHits(gateway)
    return rows.toSorted((a, b) => b.when.localeCompare(a.when))
  }
})

function print(rows: readonly Row[]): void {
  const head = ['Redis', 'circuit', 'clients', 'n', 'sources', 'unanswered', 'p50', 'p99', 'max', 'tier p50', 'tier p99', 'tier max', 'p50 ratio', 'p99 ratio', 'CPU a query', 'tier CPU', 'opened after', 'verdict']
  const lines = rows.map(({ phase, when, clients, pair, opened }) => {
    const [tested, tier] = [spread(pair.tested.map(({ tookMs }) => tookMs)), spread(pair.baseline.map(({ tookMs }) => tookMs))]
    const problems = [...pair.tested, ...pair.baseline].filter(({ problem }) => problem !== undefined)
    for (const { problem } of problems.slice(0, 3)) process.stdout.write(`UNANSWERED (${phase}, ${when}): ${problem}\n`)
    const isMet = when === 'before' ? tested.p99 <= tier.p99 + ALLOWED_BEFORE_MS : when === 'after' ? tested.p99 <= tier.p99 * ALLOWED_AFTER : undefined
    return [
      phase, when, String(clients), `${tested.n}/${tier.n}`, sourcesOf(pair.tested), String(problems.length),
      ms(tested.p50), ms(tested.p99), ms(tested.max), ms(tier.p50), ms(tier.p99), ms(tier.max),
      times(tested.p50 / tier.p50), times(tested.p99 / tier.p99),
      ms((pair.cpuMs?.tested ?? NaN) / tested.n), ms((pair.cpuMs?.baseline ?? NaN) / tier.n),
      opened === undefined ? '' : `${Math.round(percentile(opened, 0.5))} ms`,
      isMet === undefined ? '' : isMet ? 'met' : 'MISSED',
    ]
  })
  process.stdout.write(`\nMilliseconds over HTTP; 'tier' is the Postgres tier alone, asked in turn.\n\n${table([head, ...lines])}\n`)
}

function sourcesOf(asked: readonly Asked[]): string {
  const counts = Map.groupBy(asked, ({ source }) => source)
  return [...counts].map(([source, { length }]) => `${source} ${length}`).sort().join(', ')
}

async function setRedis({ redis }: Bench, settings: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) await redis.client.config('SET', name, value)
}

/** The port of a server that answers each byte with a random one. */
async function garbage(bench: Bench): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => socket.write(randomBytes(bytes.length)))
  })
  const port = await listen(server)
  bench.atEnd(async () => server.close())
  return port
}

/** A port where nobody listens, as long as the system gives it to nobody else. */
async function aClosedPort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('got no port')
  return address.port
}
