import type { Conditions, PetTraits, Preferences } from '../pet.ts'
import type { Product } from '../product.ts'
import { snapshotOf, type Reason, type ScoreComponent, type UnrankedItem } from '../run.ts'
import { doubtfulIngredients } from './allergy.ts'
import { confidenceScore } from './confidence.ts'
import { evaluate, type Scores } from './evaluate.ts'
import { pricedOffer } from './priced-offer.ts'
import { profileOf, type Profile } from './profile.ts'
import { qualityChecks, safetyBadges } from './quality-checks.ts'
import type { ExclusionCode, ReasonCode } from './reason-codes.ts'
import { roundTo } from './rounding.ts'
import { FITNESS_PARTS, SAFETY_PARTS } from './weights.ts'

export type ScoredItem = { kind: 'scored' } & UnrankedItem
export type ProductScore = ScoredItem | { kind: 'excluded'; reason: Reason & { code: ExclusionCode } }

/**
 * What the rules say of one product for one pet, whether it could be recommended or not: an inactive product and a treat
 * are scored like any other. Pure: same in, same out.
 */
export function scoreProduct(input: { pet: PetTraits; preferences: Preferences; conditions: Conditions; product: Product }): ProductScore {
  return explain(profileOf(input.pet, input.preferences, input.conditions), input.product)
}

/** Evaluates once more, this time with every reason written down. */
export function explain(profile: Profile, product: Product): ProductScore {
  const reasons: (Reason & { code: ReasonCode })[] = []
  const scores = evaluate(profile, product, (code, points, params = {}) => reasons.push({ code, points, params }))
  if (scores.kind === 'excluded') return { kind: 'excluded', reason: { code: scores.code, points: null, params: scores.params } }
  const { features } = product
  return {
    kind: 'scored',
    product: snapshotOf(product),
    offer: pricedOffer(product),
    matchScore: scores.total,
    safetyScore: scores.safety,
    fitnessScore: scores.fitness,
    scoreComponents: components(scores),
    reasons,
    ingredientCount: features.ingredients.length === 0 ? null : features.ingredients.length,
    mainIngredients: features.ingredients.slice(0, MAIN_INGREDIENTS),
    allergyIngredients: doubtfulIngredients(profile, product),
    harmfulIngredients: Array.from(new Set(features.harmful.map(({ ingredient }) => ingredient))),
    qualityChecks: qualityChecks(profile, product, scores.energy),
    dailyAmountG: scores.grams,
    monthlyCost: scores.monthlyCost,
    safetyBadges: safetyBadges(profile, product, scores.safetyParts),
    confidenceScore: confidenceScore(product, scores.energy),
  }
}

const MAIN_INGREDIENTS = 5

/**
 * Eight parts, named allergy, harmful, quality, species, age, health, breed and nutrition, always all and in this order.
 * The first three add up to the safety score, the others to fitness, before presets and the cap at 100.
 */
const components = ({ safetyParts, fitnessParts }: Scores): ScoreComponent[] => [
  ...parts(SAFETY_PARTS, safetyParts),
  ...parts(FITNESS_PARTS, fitnessParts),
]

const parts = (most: Record<string, number>, points: Record<string, number>): ScoreComponent[] =>
  Object.entries(most).map(([name, maxPoints]) => ({ name, points: roundTo(points[name] ?? 0, 2), maxPoints }))
