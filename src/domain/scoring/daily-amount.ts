import type { PetTraits } from '../pet.ts'
import type { Product } from '../product.ts'
import { roundTo } from './rounding.ts'
import { ATWATER, ENERGY_FACTOR, RESTING_ENERGY, USUAL_CONTENT } from './weights.ts'

/** Kcal a day: 70 x kg^0.75 x life-stage factor (WSAVA, AAHA). Neutering counts in adults only; unknown is not neutered. */
export function energyRequirementKcal(pet: Pick<PetTraits, 'species' | 'ageStage' | 'isNeutered' | 'weightKg'>): number {
  const { species, ageStage, isNeutered, weightKg } = pet
  const stage = ageStage === 'ADULT' && isNeutered === true ? 'NEUTERED_ADULT' : ageStage
  return RESTING_ENERGY.kcal * weightKg ** RESTING_ENERGY.exponent * ENERGY_FACTOR[species][stage]
}

export type Energy = { kcalPer100g: number; isEstimated: boolean }

/** As printed, else estimated; null where protein, fat and fibre are not all known either. */
export function energyOf(product: Pick<Product, 'nutrition' | 'form'>): Energy | null {
  const printed = product.nutrition.kcalPer100g
  if (printed !== null && printed > 0) return { kcalPer100g: printed, isEstimated: false }
  const estimated = atwaterKcalPer100g(product)
  return estimated === null ? null : { kcalPer100g: estimated, isEstimated: true }
}

/** Kcal per 100 g as fed, by the modified Atwater factors; nitrogen-free extract is what the other parts leave of 100. */
export function atwaterKcalPer100g({ nutrition, form }: Pick<Product, 'nutrition' | 'form'>): number | null {
  const { proteinPct, fatPct, fiberPct } = nutrition
  if (proteinPct === null || fatPct === null || fiberPct === null) return null
  const moisturePct = nutrition.moisturePct ?? USUAL_CONTENT[form].moisturePct
  const ashPct = nutrition.ashPct ?? USUAL_CONTENT[form].ashPct
  // Labels print minima and maxima, so the parts may pass 100: then there is no extract, not less than none.
  const extractPct = Math.max(0, 100 - proteinPct - fatPct - fiberPct - moisturePct - ashPct)
  const kcal = ATWATER.protein * proteinPct + ATWATER.fat * fatPct + ATWATER.nitrogenFreeExtract * extractPct
  return kcal > 0 ? kcal : null
}

/** Grams a day to one decimal: what is judged, priced and shown is one and the same amount. */
export const dailyAmountG = (energyKcal: number, energy: Energy): number => roundTo((energyKcal / energy.kcalPer100g) * 100, 1)
