import { BEFORE_ALL_PETS, type PetsWithoutRun, type PetWithoutRun } from '../db/pets-without-run.ts'
import { isPostgresUnavailable } from '../db/errors.ts'
import { NO_CONDITIONS } from '../domain/conditions.ts'
import type { Computation } from './computation.ts'

/** `overtaken`: the pet or a product changed while it was computed; its next reader computes. `gone`: deleted meanwhile. */
export type WarmUpCounts = { stored: number; overtaken: number; gone: number; failed: number }
/** `firstFailure`: of the failed ones. */
export type WarmUpOutcome = { counts: WarmUpCounts; firstFailure: unknown }

const PAGE = 500
/** So often a pet may change between being found and being computed. */
const ATTEMPTS = 3

/**
 * Computes a run for every pet that has none, in the order of ids, a few at once, and stores it in Postgres; the first
 * reader of each fills Redis from there. It takes no lease: where a gateway computes the same pet at the same time, the store
 * lets one run stand. What is stored is not computed again, so a warm-up that was stopped goes on where it was.
 * One pet that fails does not stop the others; a Postgres that cannot be used does, by its error.
 */
export function createWarmUp({ petsWithoutRun, compute, atOnce, onProgress }: {
  petsWithoutRun: Pick<PetsWithoutRun, 'after'>
  compute: Computation
  atOnce: number
  onProgress: (counts: Readonly<WarmUpCounts>) => void
}) {
  const computeOne = async ({ petId, ...stamp }: PetWithoutRun): Promise<Exclude<keyof WarmUpCounts, 'failed'>> => {
    let at = stamp
    for (let left = ATTEMPTS; left > 0; left--) {
      const outcome = await compute({ petId, conditionsHash: '', conditions: NO_CONDITIONS, ...at })
      if (outcome.kind === 'stored' || outcome.kind === 'gone') return outcome.kind
      if (outcome.kind === 'moved') at = { version: outcome.version, epoch: outcome.epoch, lineage: outcome.lineage }
    }
    return 'overtaken'
  }

  return async (): Promise<WarmUpOutcome> => {
    const counts: WarmUpCounts = { stored: 0, overtaken: 0, gone: 0, failed: 0 }
    let firstFailure: unknown
    const countOne = async (pet: PetWithoutRun): Promise<void> => {
      try {
        counts[await computeOne(pet)]++
      } catch (error) {
        if (isPostgresUnavailable(error)) throw error
        counts.failed++
        firstFailure ??= error
      }
      onProgress(counts)
    }
    for (let page = await petsWithoutRun.after(BEFORE_ALL_PETS, PAGE); page.length > 0; ) {
      const waiting = page.values()
      // An iterator that all share: each takes the next pet.
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (const pet of waiting) await countOne(pet)
        }),
      )
      page = await petsWithoutRun.after(page.at(-1)?.petId ?? BEFORE_ALL_PETS, PAGE)
    }
    return { counts, firstFailure }
  }
}
