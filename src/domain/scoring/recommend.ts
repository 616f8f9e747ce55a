import type { EmptyReason } from '../codes.ts'
import type { Conditions, PetTraits, Preferences } from '../pet.ts'
import type { Product } from '../product.ts'
import type { Recommendation, RunItem } from '../run.ts'
import { evaluate } from './evaluate.ts'
import { speciesExclusion } from './exclusion.ts'
import { compareText } from './priced-offer.ts'
import { profileOf } from './profile.ts'
import { explain } from './score-product.ts'
import { RECOMMENDED_AT_MOST } from './weights.ts'

type Candidate = { product: Product; total: number; safety: number }
/** Active products: all, those of the pet's species, the foods among them, and the foods that a rule left out. */
type Tally = { active: number; ofSpecies: number; foods: number; unsafe: number; overBudget: number }

/** What is asked of a catalogue. */
export type Asked = { pet: PetTraits; preferences: Preferences; conditions: Conditions }
export type Ranking = { add(product: Product): void; recommendation(): Recommendation }

/**
 * The ten best of the products added for one pet, best first with rank from 1, or the reason why there are none. No clock,
 * no randomness: same in, same out, in whatever order the products come and however long lies between them. Every product
 * is scored by arithmetic alone; only the ten are explained.
 */
export function startRanking({ pet, preferences, conditions }: Asked): Ranking {
  const profile = profileOf(pet, preferences, conditions)
  const compare = preferences.sortPreference === 'PRICE_ASC' ? byTotalThenPrice : byTotal
  const best: Candidate[] = []
  const tally: Tally = { active: 0, ofSpecies: 0, foods: 0, unsafe: 0, overBudget: 0 }

  return {
    add: (product) => {
      if (!product.isActive) return
      tally.active++
      if (speciesExclusion(profile, product)) return
      tally.ofSpecies++
      // The rules rank what a pet lives on. A treat is no complete diet, whatever it would score, so it is never one of the ten.
      if (product.form === 'TREAT') return
      tally.foods++
      const scores = evaluate(profile, product)
      if (scores.kind === 'scored') keepBest(best, { product, total: scores.total, safety: scores.safety }, compare)
      else if (scores.code === 'EXCLUDED_BUDGET') tally.overBudget++
      else tally.unsafe++
    },
    recommendation: () => {
      const items = best.flatMap(({ product }, at): RunItem[] => {
        const score = explain(profile, product)
        if (score.kind === 'excluded') return []
        const { kind: _kind, ...item } = score
        return [{ rank: at + 1, ...item, explanations: {} }]
      })
      return { items, emptyReason: items.length > 0 ? null : emptyReason(tally) }
    },
  }
}

/** All of a catalogue at once. */
export function recommend({ catalogue, ...asked }: Asked & { catalogue: readonly Product[] }): Recommendation {
  const ranking = startRanking(asked)
  for (const product of catalogue) ranking.add(product)
  return ranking.recommendation()
}

/** `best` stays sorted, and no longer than what is recommended: most of a catalogue is compared with its last alone. */
function keepBest(best: Candidate[], candidate: Candidate, compare: (a: Candidate, b: Candidate) => number): void {
  let at = best.length
  for (let before = best[at - 1]; before !== undefined && compare(candidate, before) < 0; before = best[at - 1]) at--
  if (at === RECOMMENDED_AT_MOST) return
  best.splice(at, 0, candidate)
  if (best.length > RECOMMENDED_AT_MOST) best.pop()
}

// What is compared are the scores as shown, so that nobody sees two equal totals in an order the safety contradicts.
const byTotal = (a: Candidate, b: Candidate): number => b.total - a.total || b.safety - a.safety || compareText(a.product.id, b.product.id)
const byTotalThenPrice = (a: Candidate, b: Candidate): number => b.total - a.total || byPricePerKg(a.product, b.product) || byTotal(a, b)

/** An unknown price comes last. */
function byPricePerKg({ pricePerKg: a }: Product, { pricePerKg: b }: Product): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a - b
}

function emptyReason({ active, ofSpecies, foods, unsafe, overBudget }: Tally): EmptyReason {
  if (active === 0) return 'NO_PRODUCTS'
  if (ofSpecies === 0) return 'NO_SPECIES_MATCH'
  if (foods > 0 && unsafe === foods) return 'ALL_UNSAFE'
  return foods > 0 && overBudget === foods - unsafe ? 'OVER_BUDGET' : 'NO_MATCH'
}
