import type { Commit, Fault, History, Read } from './history.ts'

/** What is promised, by the letters of docs/consistency.md. */
export type Rule = 'a' | 'b' | 'c' | 'd' | 'e'
/** `petId` and `at` say where in the history to look; a computation's key names its pet itself. */
export type Violation = { rule: Rule; what: string; petId: string; at: number }
export type Findings = { violations: Violation[]; worstStalenessMs: number; readsJudged: number; readsUnverified: number; mostComputationsOfAVersion: number }

const BOUND_MS = 1_000
/** A lease that a fault has cut off is gone this long after. */
const LEASE_MS = 5_000
/** Postgres is counted as away this long after a fault of it: connections are made anew. */
const POSTGRES_BACK_MS = 1_000
/** A clock that is read in whole milliseconds may say an instant before a commit that it came after. */
const CLOCK_MS = 1
/** Reads of the last moments count for rule (d). */
const FINAL_CLIENT = 'final'

/**
 * Judges a history. A read shows a weight; of the commits that gave this pet that weight, it shows the newest that was
 * there when it ended, so a weight that comes back after hundreds of others is never mistaken for an old one.
 */
export function check(history: History, gateways: number): Findings {
  const commitsOf = Map.groupBy(history.commits.toSorted((x, y) => x.version - y.version), ({ petId }) => petId)
  const violations: Violation[] = []
  let worstStalenessMs = 0
  let readsUnverified = 0
  const shownOf = new Map<Read, Commit>()

  for (const read of history.reads) {
    const commits = commitsOf.get(read.petId) ?? []
    const shown = commits.findLast(({ weightKg, at }) => weightKg === read.weightKg && at <= read.end + CLOCK_MS)
    if (shown === undefined) {
      violations.push({ rule: 'b', what: `${describe(read)} shows ${read.weightKg} kg, which was never committed`, petId: read.petId, at: read.start })
      continue
    }
    shownOf.set(read, shown)
    const missed = commits.find(({ version, at }) => version > shown.version && at < read.start)
    if (missed === undefined) continue
    const staleMs = read.start - missed.at
    // To say so of an answer is an excuse only while nobody could have asked Postgres.
    if (isExcused(read, history.faults)) readsUnverified++
    else {
      worstStalenessMs = Math.max(worstStalenessMs, staleMs)
      if (staleMs > BOUND_MS) violations.push({ rule: 'b', what: `${describe(read)} shows version ${shown.version}, ${staleMs} ms after ${missed.version} was committed`, petId: read.petId, at: read.start })
    }
  }

  violations.push(...clearedButOlder(history, commitsOf, shownOf), ...wentBack(history.reads, shownOf), ...lost(history, commitsOf, shownOf, gateways))
  const { found, most } = computedTooOften(history, gateways)
  violations.push(...found)
  return { violations, worstStalenessMs, readsJudged: shownOf.size, readsUnverified, mostComputationsOfAVersion: most }
}

/** (a) While Redis kept what it acknowledged: no read that began after a CLEARED answer shows what was before. */
function clearedButOlder({ writes, faults, reads }: History, commitsOf: Map<string, Commit[]>, shownOf: Map<Read, Commit>): Violation[] {
  const forgets = faults.filter(({ losesData }) => losesData)
  const cleared = writes.filter(({ outcome }) => outcome === 'CLEARED')
  const acknowledgedOf = Map.groupBy(
    cleared.flatMap((write) => {
      const commit = commitsOf.get(write.petId)?.find(({ weightKg, at }) => weightKg === write.weightKg && at >= write.start - 1 && at <= write.end + 1)
      return commit === undefined ? [] : [{ commit, end: write.end }]
    }),
    ({ commit }) => commit.petId,
  )
  const found: Violation[] = []
  for (const [read, shown] of shownOf) {
    if (isExcused(read, faults) || forgets.some((fault) => overlaps(fault, read.start, read.end, BOUND_MS))) continue
    const missed = acknowledgedOf.get(read.petId)?.find(({ commit, end }) => commit.version > shown.version && end < read.start)
    if (missed !== undefined) found.push({ rule: 'a', what: `${describe(read)} shows version ${shown.version}, ${read.start - missed.end} ms after ${missed.commit.version} was answered CLEARED`, petId: read.petId, at: read.start })
  }
  return reads.length === 0 ? [] : found
}

/** (c) A client that stays with one process never goes back. */
function wentBack(reads: readonly Read[], shownOf: Map<Read, Commit>): Violation[] {
  const found: Violation[] = []
  for (const ofOne of Map.groupBy(reads, ({ client, process, petId }) => `${client}|${process}|${petId}`).values()) {
    let highest = 0
    for (const read of ofOne) {
      const version = shownOf.get(read)?.version
      if (version === undefined) continue
      if (version < highest) found.push({ rule: 'c', what: `${describe(read)} went back from version ${highest} to ${version}`, petId: read.petId, at: read.start })
      highest = Math.max(highest, version)
    }
  }
  return found
}

/** (d) What was acknowledged was committed; and at the end, all healed, every process shows the newest state. */
function lost({ writes, reads }: History, commitsOf: Map<string, Commit[]>, shownOf: Map<Read, Commit>, gateways: number): Violation[] {
  const found: Violation[] = []
  for (const { petId, weightKg, start, end, outcome } of writes) {
    const isThere = commitsOf.get(petId)?.some((commit) => commit.weightKg === weightKg && commit.at >= start - 1 && commit.at <= end + 1)
    if (outcome !== 'unknown' && isThere !== true) found.push({ rule: 'd', what: `pet ${petId}: ${weightKg} kg was answered ${outcome} and is not in Postgres`, petId, at: end })
  }
  const finals = reads.filter(({ client }) => client === FINAL_CLIENT)
  for (const petId of commitsOf.keys()) {
    const answered = new Set(finals.filter((read) => read.petId === petId).map((read) => read.process)).size
    if (answered < gateways) found.push({ rule: 'd', what: `pet ${petId}: ${answered} of ${gateways} gateways answered at the end`, petId, at: commitsOf.get(petId)?.at(-1)?.at ?? 0 })
  }
  for (const read of finals) {
    const newest = commitsOf.get(read.petId)?.at(-1)
    if (shownOf.get(read)?.version !== newest?.version) found.push({ rule: 'd', what: `${describe(read)} does not show the newest state at the end`, petId: read.petId, at: read.start })
  }
  return found
}

/** (e) One computation of a version; where a fault may have cost a lease, one in each process at most. */
function computedTooOften({ computations, faults }: History, gateways: number): { found: Violation[]; most: number } {
  const found: Violation[] = []
  let most = 0
  const counted = computations.filter(({ outcome }) => outcome === 'stored' || outcome === 'gave-way')
  for (const [key, ofOne] of Map.groupBy(counted, (one) => one.key)) {
    most = Math.max(most, ofOne.length)
    const [first, last] = [Math.min(...ofOne.map(({ at }) => at)), Math.max(...ofOne.map(({ at }) => at))]
    const isExcused = faults.some((fault) => fault.touches !== 'postgres' && overlaps(fault, first - LEASE_MS, last, LEASE_MS))
    const allowed = isExcused ? gateways : 1
    if (ofOne.length > allowed) found.push({ rule: 'e', what: `${key} was computed ${ofOne.length} times, ${allowed} allowed: ${ofOne.map(({ process }) => process).join(', ')}`, petId: key.split(/[ ,]/)[1] ?? '', at: last })
  }
  return { found, most }
}

function isExcused({ isUnverified, start, end }: Read, faults: readonly Fault[]): boolean {
  return isUnverified && faults.some((fault) => fault.touches === 'postgres' && overlaps(fault, start, end, POSTGRES_BACK_MS))
}

function overlaps({ start, end }: Pick<Fault, 'start' | 'end'>, from: number, to: number, afterMs: number): boolean {
  return start <= to && from <= end + afterMs
}

function describe({ client, process, petId, start, source }: Read): string {
  return `${client} at ${process}, pet ${petId.slice(-4)}, ${new Date(start).toISOString().slice(11, 23)}, ${source}:`
}
