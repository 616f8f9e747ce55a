import type { History } from './history.ts'
import { isOfCopy } from './weights.ts'
import { BOUND_MS, CLOCK_MS, describe, isExcused, overlaps, type Violation } from './windows.ts'

/** What is judged by something else than the order of one pet's states. */
export type BesideRule = 'f' | 'g' | 'h' | 'i'

export const SLOW_SNAPSHOT = 'slow snapshot'
/** A device is known for its former user no longer than this. */
const DEVICE_MS = 5_000

export function brokenBeside(history: History): Violation<BesideRule>[] {
  return [...ofAnotherDatabase(history), ...againstTheMark(history), ...unverifiedForNothing(history), ...forTheFormerUser(history)]
}

/** (f) A database and its copy share a Redis and no answer. Their pets have the same ids and never the same weight. */
function ofAnotherDatabase({ reads, readsOfCopy }: History): Violation<'f'>[] {
  const crossed = [
    ...reads.filter(({ weightKg }) => isOfCopy(weightKg)),
    ...readsOfCopy.filter(({ weightKg }) => weightKg !== null && !isOfCopy(weightKg)),
  ]
  return crossed.map((read) => ({ rule: 'f', what: `${describe(read)} shows ${read.weightKg} kg, of the other database`, petId: read.petId, at: read.start }))
}

/** (g) A second after the marked product was taken away no answer holds it, and a second after it came back every one. */
function againstTheMark({ reads, marks, faults }: History): Violation<'g'>[] {
  const inOrder = marks.toSorted((x, y) => x.at - y.at)
  return reads.flatMap((read) => {
    const last = inOrder.findLastIndex(({ at }) => at <= read.start - BOUND_MS)
    const [mark, next] = [inOrder[last], inOrder[last + 1]]
    const isJudged = mark !== undefined && read.weightKg !== null && (next === undefined || next.at > read.end + CLOCK_MS)
    if (!isJudged || read.holds === (mark.must === 'hold') || isExcused(read, faults)) return []
    const what = `${describe(read)} ${read.holds ? 'holds' : 'lacks'} the marked product, ${read.start - mark.at} ms after it had to ${mark.must}`
    return [{ rule: 'g', what, petId: read.petId, at: read.start }]
  })
}

/** (h) Slow is not away: a snapshot that is held open makes no answer unverified. */
function unverifiedForNothing({ reads, faults }: History): Violation<'h'>[] {
  const slow = faults.filter(({ kind }) => kind === SLOW_SNAPSHOT)
  return reads
    .filter(({ isUnverified, start, end }) => isUnverified && slow.some((fault) => overlaps(fault, start, end, 0)))
    .map((read) => ({ rule: 'h', what: `${describe(read)} is unverified though Postgres was only slow`, petId: read.petId, at: read.start }))
}

/** (i) A device that was given to another user is not answered for the pets of the former one. */
function forTheFormerUser({ deviceReads, holders }: History): Violation<'i'>[] {
  return deviceReads
    .filter(({ isAnswered }) => isAnswered)
    .flatMap(({ device, process, petId, ownerId, start, end }) => {
      const ofDevice = holders.filter((one) => one.device === device).toSorted((x, y) => x.at - y.at)
      const wasTheirs = ofDevice.some(({ userId, at }, i) => userId === ownerId && at <= end + CLOCK_MS && (ofDevice[i + 1]?.at ?? Infinity) >= start - DEVICE_MS)
      if (wasTheirs) return []
      return [{ rule: 'i', what: `${device} at ${process} was answered for pet ${petId.slice(-4)}, whose user has another device`, petId, at: start }]
    })
}
