import type { Fault, Read } from './history.ts'

/** `petId` and `at` say where in the history to look; a computation's key names its pet itself. */
export type Violation<Rule extends string> = { rule: Rule; what: string; petId: string; at: number }

export const BOUND_MS = 1_000
/** A clock that is read in whole milliseconds may say an instant before a commit that it came after. */
export const CLOCK_MS = 1
/** Postgres is counted as away this long after a fault of it: connections are made anew. */
const POSTGRES_BACK_MS = 1_000

/** Whether an answer may be old: it says so, and Postgres could not be asked. */
export function isExcused({ isUnverified, start, end }: Read, faults: readonly Fault[]): boolean {
  return isUnverified && faults.some((fault) => fault.touches === 'postgres' && overlaps(fault, start, end, POSTGRES_BACK_MS))
}

export function overlaps({ start, end }: Pick<Fault, 'start' | 'end'>, from: number, to: number, afterMs: number): boolean {
  return start <= to && from <= end + afterMs
}

export function describe({ client, process, petId, start, source }: Read): string {
  return `${client} at ${process}, pet ${petId.slice(-4)}, ${new Date(start).toISOString().slice(11, 23)}, ${source}:`
}
