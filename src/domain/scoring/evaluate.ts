import type { Product } from '../product.ts'
import { agePenalty, agePoints } from './age.ts'
import { allergyPoints } from './allergy.ts'
import { breedPoints } from './breed.ts'
import { dailyAmountG, energyOf, type Energy } from './daily-amount.ts'
import { allergenExclusion, speciesExclusion, type Exclusion } from './exclusion.ts'
import { harmfulPoints } from './harmful.ts'
import { healthPoints } from './health.ts'
import { nutritionPoints } from './nutrition.ts'
import { ingredientText } from './owner-words.ts'
import { budgetExclusion, budgetPenalty, monthlyCostKrw, pricePenalty } from './price.ts'
import type { Profile } from './profile.ts'
import { qualityPoints } from './quality.ts'
import type { Note } from './reason-codes.ts'
import { roundTo } from './rounding.ts'
import { speciesPoints } from './species.ts'
import { fitnessScore, safetyScore, totalScore, type FitnessPoints, type SafetyPoints } from './total.ts'

/** The three scores are rounded to one decimal, the parts to two. `energy` and `grams` are null together. */
export type Scores = {
  kind: 'scored'
  safetyParts: SafetyPoints
  fitnessParts: FitnessPoints
  safety: number
  fitness: number
  total: number
  energy: Energy | null
  grams: number | null
  monthlyCost: number | null
}

/**
 * Holds one product against one pet. With `note` every reason is told; without, it is arithmetic alone, which is how
 * thousands are ranked before ten are explained. Both ways give the same scores, being the same code.
 */
export function evaluate(profile: Profile, product: Product, note?: Note): Scores | ({ kind: 'excluded' } & Exclusion) {
  const wantsWords = profile.excludedWords.length > 0 || profile.avoidedWords.length > 0
  const otherSpecies = speciesExclusion(profile, product)
  if (otherSpecies) return { kind: 'excluded', ...otherSpecies }
  const folded = wantsWords ? ingredientText(product) : ''
  const energy = energyOf(product)
  const grams = energy && dailyAmountG(profile.energyKcal, energy)
  const monthlyCost = monthlyCostKrw(grams, product.pricePerKg)
  const excluded = allergenExclusion(profile, product, folded) ?? budgetExclusion(profile, monthlyCost)
  if (excluded) return { kind: 'excluded', ...excluded }

  const safetyParts = {
    allergy: allergyPoints(profile, product, folded, note),
    harmful: harmfulPoints(product, note),
    quality: qualityPoints(product, note),
  }
  const safety = safetyScore(profile, safetyParts, note)
  const fitnessParts = {
    species: speciesPoints(profile, product, note),
    age: agePoints(profile, product, note),
    health: healthPoints(profile, product, note),
    breed: breedPoints(profile, product, note),
    nutrition: nutritionPoints(profile, product, grams, energy, note),
  }
  const fitness = fitnessScore(profile, fitnessParts, note)
  const penalties = agePenalty(profile, product, note) + pricePenalty(profile, product, note) + budgetPenalty(profile, monthlyCost, note)
  const total = totalScore(profile, safety, fitness, penalties, note)
  return {
    kind: 'scored',
    safetyParts,
    fitnessParts,
    safety: roundTo(safety, 1),
    fitness: roundTo(fitness, 1),
    total: roundTo(total, 1),
    energy,
    grams,
    monthlyCost,
  }
}
