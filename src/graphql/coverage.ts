import { policies } from '../cache/policies.ts'
import type { Run } from '../domain/run.ts'
import type { Answer } from '../recommend/ladder.ts'
import type { PetFound } from '../recommend/pet-summaries.ts'

/** Of a pet: what its fence said when the answer was made from it. */
export type CoveredPet = { petId: string; version: number; epoch: number; fenceText: string }

/**
 * What an answer was made from, as far as fences in Redis tell of it: as long as each of them reads the same, the same
 * request has the same answer. Undefined where anything in it is told by no fence.
 * `until`: milliseconds since 1970, after which the answer is another one by itself. `runs`: how many are in it.
 * `isFromMemory`: whether this process had all of them, as it will have when it is asked again.
 */
export type Covered = { pets: readonly CoveredPet[]; until: number; runs: number; isFromMemory: boolean }

/** Filled by the resolvers of one operation. */
export type Coverage = {
  run(answer: Extract<Answer, { kind: 'answered' }>): void
  pet(found: PetFound): void
  /** Something in the answer changes with the day. */
  today(): void
  result(): Covered | undefined
}

/** `now` in milliseconds since 1970. */
export function createCoverage(now: () => number): Coverage {
  const pets = new Map<string, CoveredPet>()
  let isCovered = true
  let isFromMemory = true
  const runs = new Set<Run>()
  let until = Infinity

  /** Two reads of one operation may have seen two fences, one of each side of a change. */
  const add = (petId: string, version: number, epoch: number, fenceText: string | undefined): void => {
    const known = pets.get(petId)
    if (fenceText === undefined || (known !== undefined && (known.fenceText !== fenceText || known.epoch !== epoch))) isCovered = false
    else pets.set(petId, { petId, version, epoch, fenceText })
  }

  return {
    run: ({ run, source, fenceText }) => {
      add(run.petId, run.version, run.epoch, fenceText)
      runs.add(run)
      if (source !== 'MEMORY') isFromMemory = false
      // A run on its last day goes the long way, which renews it.
      until = Math.min(until, run.expiresAt - policies.refreshAheadMs)
    },
    pet: ({ pet, epoch, fenceText }) => add(pet.id, pet.version, epoch, fenceText),
    today: () => {
      const day = new Date(now())
      until = Math.min(until, day.setUTCHours(24, 0, 0, 0))
    },
    result: () => (isCovered && pets.size > 0 ? { pets: [...pets.values()], until, runs: runs.size, isFromMemory } : undefined),
  }
}
