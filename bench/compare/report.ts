import { shares, sum, type AnswersBySource } from '../support/answers-by-source.ts'
import { percentile, table } from '../support/figures.ts'
import { loadGenerator, type Measured } from '../support/load.ts'
import { describePackages } from '../support/machine.ts'
import type { Shape } from '../support/operations.ts'
import { python } from '../support/python.ts'
import type { Workload } from '../support/workload.ts'
import { REFERENCE, type Contestant } from './contestants.ts'

export type What = 'single' | 'several' | 'postgres' | 'reads beside mixed' | 'mixed' | 'computed'
/** `sources`: the tiers that answered meanwhile, where it is one of ours. */
export type InRound = Measured & { sources: AnswersBySource }
/** One thing that is measured in every round. */
export type Cell = {
  contestant: string
  what: What
  connections: number
  server: { url: string; pid: number }
  workload: Workload
  /** One of each round. */
  measured: InRound[]
}
/** `smallest`, `median`, `largest`: bytes of the answer for one pet. `updates`: of a hundred requests. `leftOut`: titles, each with why. */
export type Facts = {
  catalogue: string; pets: number; petsEach: number; smallest: number; median: number; largest: number
  rounds: number; seconds: number; isZipf: boolean; updates: number
  shape: Shape
  leftOut: readonly string[]
}

const median = (values: readonly number[]) => percentile(values, 0.5)
const whole = (value: number) => Math.round(value).toLocaleString('en')
const kb = (bytes: number) => (bytes / 1_000).toFixed(1)

/** Of two cells' measures, round by round: the median, and how far the rounds lie apart. */
function ratio(cell: Cell | undefined, other: Cell | undefined): string {
  const rounds = (cell?.measured ?? []).flatMap(({ perSecond }, i) => {
    const beside = other?.measured[i]
    return beside === undefined ? [] : [perSecond / beside.perSecond]
  })
  if (rounds.length === 0) return '-'
  return `${median(rounds).toFixed(2)} (${Math.min(...rounds).toFixed(2)}-${Math.max(...rounds).toFixed(2)})`
}

const of = (cell: Cell | undefined, figure: keyof Measured) => median((cell?.measured ?? []).map((one) => one[figure]))
const latency = (cell: Cell | undefined) => `${of(cell, 'p50').toFixed(2)} / ${of(cell, 'p99').toFixed(1)}`

/** Markdown, as it may stand in docs/performance.md. */
export function report({ cells, contestants, machine, facts }: { cells: readonly Cell[]; contestants: readonly Contestant[]; machine: string; facts: Facts }): string {
  const find = (name: string, what: What, connections: number) =>
    cells.find((cell) => cell.contestant === name && cell.what === what && cell.connections === connections)
  const peers = contestants.filter((one) => one.kind === 'peer')
  const graphqlPeers = peers.filter(({ packages, name }) => packages.includes('graphql') || name.startsWith('yoga') || name === 'apollo')
  const bestPeer = (what: What, connections: number) =>
    graphqlPeers.map(({ name }) => find(name, what, connections)).filter((cell) => cell !== undefined).toSorted((a, b) => of(b, 'perSecond') - of(a, 'perSecond'))[0]

  const tableOf = (what: What, sizes: readonly number[]) => {
    const [first = 64, last = first] = sizes
    const rows = contestants.flatMap(({ name, title }) => {
      const [many, few] = [find(name, what, first), find(name, what, last)]
      if (many === undefined) return []
      const ratios = sizes.flatMap((size) => [ratio(find(name, what, size), find(REFERENCE, what, size)), ratio(find(name, what, size), bestPeer(what, size))])
      return [[title, whole(of(many, 'perSecond')), ...(few === many ? [] : [latency(few)]), latency(many), whole(of(many, 'cpuUs')), ...ratios]]
    })
    const ratioHeads = sizes.flatMap((size) => [`against the reference, ${size}`, `against the best GraphQL peer, ${size}`])
    return table([['contestant', `req/s, ${first} connections`, ...[...new Set([last, first])].map((size) => `p50 / p99 ms, ${size}`), 'server CPU us a request', ...ratioHeads], ...rows])
  }
  const tiers: [string, Cell | undefined, Cell | undefined][] = [
    ['hit, 8 connections', find('ours', 'single', 8), find('ours', 'single', 8)],
    ['Postgres tier (nobody at the address of its Redis), 8 connections', find('ours', 'postgres', 8), find('ours', 'single', 8)],
    ['computed (forceRefresh), 8 connections', find('ours', 'computed', 8), find('ours', 'single', 8)],
    ['hit, 64 connections, before updates', find('ours', 'reads beside mixed', 64), find('ours', 'reads beside mixed', 64)],
    [`mixed with ${facts.updates} % updates of weight, 64 connections`, find('ours', 'mixed', 64), find('ours', 'reads beside mixed', 64)],
  ]
  const tierRows = tiers.flatMap(([name, cell, beside]) => (cell === undefined ? [] : [[name, whole(of(cell, 'perSecond')), latency(cell), whole(of(cell, 'cpuUs')), ratio(cell, beside)]]))
  const hits = cells
    .filter(({ contestant, what }) => contestant.startsWith('ours') && (what === 'single' || what === 'several'))
    .map(({ contestant, what, connections, measured }) => `${contestant}, ${what}, ${connections} connections: ${shares(sum(measured.map(({ sources }) => sources)))}`)
  const packages = [...new Set(peers.flatMap((peer) => peer.packages))]

  return [
    `${machine}. Load by ${loadGenerator}; ${facts.rounds} interleaved rounds of ${facts.seconds} s, medians (of two the lower); ratios of requests a second are made within a round: median (least-most).`,
    `${whole(facts.pets)} pets asked for ${facts.isZipf ? 'by Zipf' : 'alike'}, ${facts.shape === 'all' ? 'every field' : 'without the lists and texts of each item'}, answers of ${kb(facts.smallest)} to ${kb(facts.largest)} kB (median ${kb(facts.median)}) over ${facts.catalogue}; each answer compared with the expected one before timing, and the peers' caches seen to hit.`,
    `The peers authenticate nobody and limit nothing; the gateway does all it does: bearer token, ownership, metrics, trust. Peers: ${[describePackages(packages), ...(peers.some(({ file }) => file.endsWith('.py')) && python !== undefined ? [python.versions] : [])].join(', ')}.`,
    ...(hits.length === 0 ? [] : [`While hits were timed, the gateway answered from: ${hits.join('; ')}.`]),
    ...(facts.leftOut.length === 0 ? [] : [`Not measured: ${facts.leftOut.join('; ')}.`]),
    '',
    'One pet, hit:',
    '',
    tableOf('single', [64, 8]),
    '',
    `${facts.petsEach} pets in one operation, hit; the reference passes one MGET through:`,
    '',
    tableOf('several', [8]),
    ...(tierRows.length === 0 ? [] : ['', 'The tiers of the gateway, one pet:', '', table([['tier', 'req/s', 'p50 / p99 ms', 'server CPU us a request', 'against the hit beside it'], ...tierRows])]),
  ].join('\n')
}
