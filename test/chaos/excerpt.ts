import type { History } from './history.ts'

const BEFORE_MS = 1_500
const AFTER_MS = 300
const MOST_READS = 12

/** What happened to one pet around a moment, a line each, in order: what a violation is understood by. */
export function excerpt({ writes, commits, reads, faults, computations }: History, petId: string, at: number): string {
  const isNear = (start: number, end = start) => start <= at + AFTER_MS && end >= at - BEFORE_MS
  const ofPet = <T extends { petId: string }>(all: readonly T[]) => all.filter((one) => one.petId === petId)
  const lines: [number, string][] = [
    ...ofPet(commits).filter((one) => isNear(one.at)).map((one): [number, string] => [one.at, `commit of version ${one.version}, ${one.weightKg} kg`]),
    ...ofPet(writes).filter((one) => isNear(one.start, one.end)).map((one): [number, string] => [one.start, `change to ${one.weightKg} kg at ${one.process}, ${one.outcome} after ${one.end - one.start} ms`]),
    ...ofPet(reads)
      .filter((one) => isNear(one.start, one.end))
      .toSorted((x, y) => Math.abs(x.start - at) - Math.abs(y.start - at))
      .slice(0, MOST_READS)
      .map((one): [number, string] => [one.start, `read by ${one.client} at ${one.process}: ${one.weightKg} kg from ${one.source}${one.isUnverified ? ', unverified' : ''}, ${one.end - one.start} ms`]),
    ...faults.filter((one) => isNear(one.start, one.end)).map((one): [number, string] => [one.start, `fault: ${one.kind}, ${Math.round(one.end - one.start)} ms`]),
    ...computations.filter((one) => one.key.includes(petId) && isNear(one.at)).map((one): [number, string] => [one.at, `${one.process} computed ${one.key}: ${one.outcome}`]),
  ]
  return lines.toSorted(([x], [y]) => x - y).map(([when, line]) => `    ${String(Math.round(when - at)).padStart(6)} ms  ${line}`).join('\n')
}
