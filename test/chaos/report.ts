import type { Findings, Rule } from './checker.ts'
import type { History } from './history.ts'
import type { Counts } from './workload.ts'

const RULES: Record<Rule, string> = {
  a: 'older than a CLEARED change, while Redis kept its word',
  b: 'older than a change committed over a second before',
  c: 'a client went back',
  d: 'an acknowledged change was lost',
  e: 'a version was computed too often',
  f: 'an answer of the other database',
  g: 'a product that was taken away, or lacks though it is back',
  h: 'unverified though Postgres was only slow',
  i: 'a device was answered for its former user',
}

const AFTER_MS = 10_000

/** What a run found, as tables for a terminal. */
export function report({ history, findings, counts, seed, minutes, gateways }: {
  history: History
  findings: Findings
  counts: Counts
  seed: number
  minutes: number
  gateways: number
}): string {
  const byName = (rows: [string, number][]) => rows.toSorted(([one], [other]) => one.localeCompare(other))
  const tally = (keys: readonly string[]) => byName([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length]))
  const isDown = (at: number, touches: readonly string[]) => history.faults.some((fault) => touches.includes(fault.touches) && fault.start <= at && at <= fault.end + AFTER_MS)
  const outside = history.failures.filter(({ at }) => !isDown(at, ['postgres', 'gateway']))
  const tables: [string, [string, number | string][]][] = [
    ['operations', byName(Object.entries(counts))],
    ['reads answered, by tier', tally(history.reads.map(({ source }) => source))],
    ['changes, by what was answered', tally(history.writes.map(({ outcome }) => outcome))],
    ['faults injected', tally(history.faults.map(({ kind }) => kind))],
    ['errors while Postgres or a gateway was down', tally(history.failures.filter((failure) => !outside.includes(failure)).map(({ kind, code }) => `${kind}: ${code}`))],
    ['errors at any other time', tally(outside.map(({ kind, code }) => `${kind}: ${code}`))],
    ['violations', Object.entries(RULES).map(([rule, what]) => [`(${rule}) ${what}`, findings.violations.filter((one) => one.rule === rule).length])],
    [
      'figures',
      [
        ['reads judged', findings.readsJudged],
        ['of these unverified and older (said so)', findings.readsUnverified],
        ['commits', history.commits.length],
        ['reads of the copy', history.readsOfCopy.length],
        ['reads by devices', history.deviceReads.length],
        ['times that a gateway found Redis too slow or away', history.troubles.length],
        ['promotions', history.promotions.length],
        ['computations', history.computations.length],
        ['most computations of one version', findings.mostComputationsOfAVersion],
        ['worst staleness seen, ms', Math.round(findings.worstStalenessMs)],
        ['gateways', gateways],
        ['minutes', minutes],
        ['seed', seed],
      ],
    ],
  ]
  return tables.map(([title, rows]) => `${title}\n${rows.map(([name, value]) => `  ${name.padEnd(62)} ${String(value).padStart(10)}`).join('\n')}\n`).join('\n')
}
