import type { Explain, ExplanationStore } from '../db/explanations.ts'
import { traitsOf } from '../domain/age.ts'
import type { Locale } from '../domain/codes.ts'
import { NO_CONDITIONS } from '../domain/conditions.ts'
import { explainItem } from '../domain/explaining/explain-item.ts'
import type { AfterCommit } from './after-commit.ts'
import type { Answer, Asker, Ladder, Question } from './ladder.ts'

export type Explainer = {
  /** The pet's recommendation without conditions, explained in this language. */
  explain(petId: string, locale: Locale, asker: Asker): Promise<Answer | { kind: 'keeps-changing' }>
}

/** So often a change may come between writing and reading before the client is told to try again. */
const ATTEMPTS = 4

/**
 * Explains the current run where it lies, see db/explanations.ts, and answers as the ladder does right after. Where no
 * valid run is, the ladder makes one first. A change in between retires what was explained: then once more.
 */
export function createExplainer({ store, ladder, afterCommit }: {
  store: ExplanationStore
  ladder: Pick<Ladder, 'answer' | 'answerFresh'>
  afterCommit: AfterCommit
}): Explainer {
  const attempt = async (question: Question, locale: Locale, asker: Asker): Promise<Answer> => {
    let outcome: Awaited<ReturnType<ExplanationStore['explainRun']>>
    try {
      outcome = await store.explainRun(asker, question.petId, locale, explainIn(locale))
    } catch (cause) {
      return { kind: 'unavailable', cause }
    }
    if (outcome.kind === 'not-found') return outcome
    if (outcome.kind === 'written') await afterCommit(outcome.entries)
    // Past the cache: what it holds is no use where Postgres has no run to write into.
    if (outcome.kind === 'no-run') return ladder.answerFresh(question, asker)
    const [answer] = await ladder.answer([question], asker)
    return answer ?? { kind: 'not-found' }
  }

  return {
    explain: async (petId, locale, asker) => {
      const question = { petId, conditionsHash: '', conditions: NO_CONDITIONS }
      for (let left = ATTEMPTS; left > 0; left--) {
        const answer = await attempt(question, locale, asker)
        if (answer.kind !== 'answered' || answer.run.items.every(({ explanations }) => explanations[locale] !== undefined)) return answer
      }
      return { kind: 'keeps-changing' }
    },
  }
}

const explainIn = (locale: Locale): Explain => (items, pet, { now, today }) => {
  const explained = { ...traitsOf(pet, today), bodyConditionScore: pet.bodyConditionScore }
  return items.map((item) => explainItem(item, explained, locale, now))
}
