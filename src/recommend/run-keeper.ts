import type { RefreshBudget } from '../cache/refresh-budget.ts'
import type { PetStore } from '../db/pets.ts'
import type { RunStore } from '../db/runs.ts'
import type { AfterCommit } from './after-commit.ts'
import type { Delivery } from './deliver.ts'
import type { Answer, Asker, Ladder, Question } from './ladder.ts'

export type RunKeeper = ReturnType<typeof createRunKeeper>

export type ClearOutcome =
  | { kind: 'cleared'; deletedRuns: number; redisKeysDeleted: number; invalidation: Delivery['invalidation'] }
  | { kind: 'not-found' }

export type RefreshOutcome = Answer | { kind: 'budget-spent'; retryAfterMs: number }

/** Renewing and clearing what is kept of one pet. Both draw a new version, so nothing made before can come back. */
export function createRunKeeper({ pets, runs, ladder, afterCommit, refreshBudget }: {
  pets: PetStore
  runs: Pick<RunStore, 'deleteOfPet'>
  ladder: Ladder
  afterCommit: AfterCommit
  refreshBudget: RefreshBudget
}) {
  return {
    /** Compute anew. The new version keeps this from joining a flight that began before it was asked for. */
    refresh: async (question: Question, asker: Asker): Promise<RefreshOutcome> => {
      const budget = await refreshBudget.spend(asker.userId)
      if (budget.kind === 'spent') return { kind: 'budget-spent', retryAfterMs: budget.retryAfterMs }
      let touched: Awaited<ReturnType<PetStore['touchPet']>>
      try {
        touched = await pets.touchPet(asker, question.petId)
      } catch (cause) {
        return { kind: 'unavailable', cause }
      }
      if (touched.kind === 'not-found') return touched
      await afterCommit(touched.entries)
      return ladder.answerFresh(question, asker)
    },

    /** Both tiers of one pet. */
    clear: async (petId: string, asker: Asker): Promise<ClearOutcome> => {
      const touched = await pets.touchPet(asker, petId, (tx) => runs.deleteOfPet(tx, petId))
      if (touched.kind === 'not-found') return touched
      const { invalidation, keysDropped } = await afterCommit(touched.entries)
      return { kind: 'cleared', deletedRuns: touched.count, redisKeysDeleted: keysDropped, invalidation }
    },
  }
}
