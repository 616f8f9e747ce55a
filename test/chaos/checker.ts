import { brokenBeside, type BesideRule } from './checker-beside.ts'
import type { Fault, History, Promotion, Read } from './history.ts'
import { isAfter, isKnownAt, isOf, lostIn, nameOf, statesOf, type State } from './states.ts'
import { isOfCopy } from './weights.ts'
import { BOUND_MS, CLOCK_MS, describe, isExcused, overlaps, type Violation as ViolationOf } from './windows.ts'

/** What is promised, by the letters of docs/consistency.md; (f) to (i) are what follows from them beside one pet's states. */
export type Rule = 'a' | 'b' | 'c' | 'd' | 'e' | BesideRule
export type Violation = ViolationOf<Rule>
export type Findings = { violations: Violation[]; worstStalenessMs: number; readsJudged: number; readsUnverified: number; mostComputationsOfAVersion: number }

/** A lease that a fault has cut off is gone this long after. */
const LEASE_MS = 5_000
/** Reads of the last moments count for rule (d). */
const FINAL_CLIENT = 'final'

/**
 * Judges a history. A read shows a weight; of the states in which this pet had that weight, it shows the newest that was
 * there when it ended, so a weight that comes back after hundreds of others is never mistaken for an old one.
 */
export function check(history: History, gateways: number): Findings {
  const states = statesOf(history)
  const violations: Violation[] = []
  let worstStalenessMs = 0
  let readsUnverified = 0
  const shownOf = new Map<Read, State>()

  for (const read of history.reads) {
    const ofPet = states.get(read.petId) ?? []
    const found = (rule: Rule, what: string) => violations.push({ rule, what: `${describe(read)} ${what}`, petId: read.petId, at: read.start })
    const fits = ({ weightKg, at }: State) => weightKg === read.weightKg && at <= read.end + CLOCK_MS
    const shown = ofPet.findLast((state) => fits(state) && isKnownAt(state, read.start)) ?? ofPet.findLast(fits)
    if (shown === undefined) {
      // A weight of the copy is told by (f).
      if (!isOfCopy(read.weightKg)) found('b', `shows ${read.weightKg} kg, which was never committed`)
      continue
    }
    shownOf.set(read, shown)
    const missed = ofPet.find((state) => isAfter(state, shown) && state.by < read.start && isKnownAt(state, read.start))
    const forgottenMs = shown.forgottenBy === undefined ? 0 : read.start - shown.forgottenBy.end
    if (missed === undefined && forgottenMs <= BOUND_MS) continue
    // To say so of an answer is an excuse only while nobody could have asked Postgres.
    if (isExcused(read, history.faults)) {
      readsUnverified++
      continue
    }
    const staleMs = missed === undefined ? 0 : read.start - missed.by
    worstStalenessMs = Math.max(worstStalenessMs, staleMs)
    if (missed !== undefined && staleMs > BOUND_MS) found('b', `shows ${nameOf(shown)}, ${staleMs} ms after ${nameOf(missed)} was committed`)
    else if (forgottenMs > BOUND_MS) found('b', `shows ${nameOf(shown)}, ${forgottenMs} ms after it`)
  }

  violations.push(...clearedButOlder(history, states, shownOf), ...wentBack(history, shownOf), ...lost(history, states, shownOf, gateways))
  const { found, most } = computedTooOften(history, gateways)
  violations.push(...found, ...brokenBeside(history))
  return { violations, worstStalenessMs, readsJudged: shownOf.size, readsUnverified, mostComputationsOfAVersion: most }
}

/** (a) While Redis kept what it acknowledged: no read that began after a CLEARED answer shows what was before. */
function clearedButOlder({ writes, faults, promotions }: History, states: Map<string, State[]>, shownOf: Map<Read, State>): Violation[] {
  const forgets = [...faults.filter(({ losesData }) => losesData), ...promotions]
  const cleared = writes.filter(({ outcome }) => outcome === 'CLEARED')
  const acknowledgedOf = Map.groupBy(
    cleared.flatMap((write) => {
      const state = states.get(write.petId)?.find((one) => isOf(one, write))
      return state === undefined ? [] : [{ state, end: write.end }]
    }),
    ({ state }) => state.petId,
  )
  const found: Violation[] = []
  for (const [read, shown] of shownOf) {
    if (isExcused(read, faults) || forgets.some((fault) => overlaps(fault, read.start, read.end, BOUND_MS))) continue
    const missed = acknowledgedOf.get(read.petId)?.find(({ state, end }) => isAfter(state, shown) && end < read.start && isKnownAt(state, read.start))
    if (missed !== undefined) found.push({ rule: 'a', what: `${describe(read)} shows ${nameOf(shown)}, ${read.start - missed.end} ms after ${nameOf(missed.state)} was answered CLEARED`, petId: read.petId, at: read.start })
  }
  return found
}

/** (c) A client that stays with one process never goes back. A promotion begins it anew. */
function wentBack({ reads, promotions }: History, shownOf: Map<Read, State>): Violation[] {
  const found: Violation[] = []
  const settled = reads.filter((read) => !promotions.some((promotion) => overlaps(promotion, read.start, read.end, BOUND_MS)))
  const ofOneClient = Map.groupBy(settled, (read) => `${read.client}|${read.process}|${read.petId}|${termOf(promotions, read.start)}`)
  for (const ofOne of ofOneClient.values()) {
    let highest: State | undefined
    for (const read of ofOne) {
      const shown = shownOf.get(read)
      if (shown === undefined) continue
      if (highest !== undefined && isAfter(highest, shown)) found.push({ rule: 'c', what: `${describe(read)} went back from ${nameOf(highest)} to ${nameOf(shown)}`, petId: read.petId, at: read.start })
      if (highest === undefined || shown.order > highest.order) highest = shown
    }
  }
  return found
}

/** How many promotions were before. */
const termOf = (promotions: readonly Promotion[], at: number): number => promotions.filter(({ start }) => start <= at).length

/**
 * (d) What was acknowledged was committed, and is there unless a failover lost it; and at the end, all healed, every
 * process shows the newest state.
 */
function lost({ writes, reads, promotions }: History, states: Map<string, State[]>, shownOf: Map<Read, State>, gateways: number): Violation[] {
  const found: Violation[] = []
  for (const write of writes) {
    const { petId, weightKg, end, outcome } = write
    const isThere = states.get(petId)?.some((state) => state.forgottenBy === undefined && isOf(state, write)) === true
    const isAccountedFor = outcome === 'unknown' || isThere || lostIn(write, promotions) !== undefined
    if (!isAccountedFor) found.push({ rule: 'd', what: `pet ${petId}: ${weightKg} kg was answered ${outcome} and is not in Postgres`, petId, at: end })
  }
  const newestOf = (petId: string) => states.get(petId)?.findLast(({ forgottenBy }) => forgottenBy === undefined)
  const finals = reads.filter(({ client }) => client === FINAL_CLIENT)
  for (const petId of states.keys()) {
    const answered = new Set(finals.filter((read) => read.petId === petId).map((read) => read.process)).size
    if (answered < gateways) found.push({ rule: 'd', what: `pet ${petId}: ${answered} of ${gateways} gateways answered at the end`, petId, at: newestOf(petId)?.at ?? 0 })
  }
  for (const read of finals) {
    if (shownOf.get(read) !== newestOf(read.petId)) found.push({ rule: 'd', what: `${describe(read)} does not show the newest state at the end`, petId: read.petId, at: read.start })
  }
  return found
}

/**
 * (e) One computation of a version; where a lease may have been lost, or nobody can say who holds it, one in each process
 * at most. After a promotion versions are drawn again.
 */
function computedTooOften({ computations, faults, promotions, troubles }: History, gateways: number): { found: Violation[]; most: number } {
  const found: Violation[] = []
  let most = 0
  const counted = computations.filter(({ outcome }) => outcome === 'stored' || outcome === 'gave-way')
  const costLeases = [...faults.filter(({ touches }) => touches === 'redis' || touches === 'gateway'), ...promotions, ...troubles]
  for (const ofOne of Map.groupBy(counted, ({ key, at }) => `${termOf(promotions, at)} ${key}`).values()) {
    const key = ofOne[0]?.key ?? ''
    most = Math.max(most, ofOne.length)
    const [first, last] = [Math.min(...ofOne.map(({ at }) => at)), Math.max(...ofOne.map(({ at }) => at))]
    const allowed = costLeases.some((fault: Pick<Fault, 'start' | 'end'>) => overlaps(fault, first - LEASE_MS, last, LEASE_MS)) ? gateways : 1
    if (ofOne.length > allowed) found.push({ rule: 'e', what: `${key} was computed ${ofOne.length} times, ${allowed} allowed: ${ofOne.map(({ process }) => process).join(', ')}`, petId: key.split(/[ ,]/)[1] ?? '', at: last })
  }
  return { found, most }
}
