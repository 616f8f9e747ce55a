import type { Product } from '../product.ts'
import { within } from './capped.ts'
import type { Energy } from './daily-amount.ts'
import type { Profile } from './profile.ts'
import type { Note } from './reason-codes.ts'
import { roundTo } from './rounding.ts'
import { DRY_FOOD_KCAL_PER_100G, DRY_FOOD_RANGE, FITNESS_PARTS, NUTRITION, NUTRITION_NEUTERED } from './weights.ts'

export type AmountRange = { minG: number; maxG: number }

/**
 * Grams a day that are usual for the pet's weight. Whatever is not dry has its range scaled by energy: twice the grams
 * at half the energy. A bound that was asked for takes the place of its own and is not scaled; where the two then cross,
 * the one asked for stands.
 */
export function amountRange({ pet, conditions }: Profile, form: Product['form'], energy: Energy): AmountRange {
  const row = DRY_FOOD_RANGE.find(({ underKg }) => pet.weightKg < underKg) ?? DRY_FOOD_RANGE[2]
  const scale = form === 'DRY' ? 1 : DRY_FOOD_KCAL_PER_100G / energy.kcalPer100g
  const usual = { minG: row.minGPerKg * pet.weightKg * scale, maxG: row.maxGPerKg * pet.weightKg * scale }
  const { minDailyAmountG: min, maxDailyAmountG: max } = conditions
  return { minG: min ?? Math.min(usual.minG, max ?? Infinity), maxG: max ?? Math.max(usual.maxG, min ?? 0) }
}

/** Of 20, by where the daily amount lies. `grams` and `energy` are null together. */
export function nutritionPoints(profile: Profile, product: Product, grams: number | null, energy: Energy | null, note?: Note): number {
  const isNeutered = profile.pet.isNeutered === true
  let points: number = NUTRITION.energyUnknown
  if (grams === null || energy === null) {
    note?.('ENERGY_UNKNOWN', points)
  } else {
    const range = amountRange(profile, product.form, energy)
    points = pointsWithin(range, grams, note)
    if (energy.isEstimated) note?.('ENERGY_ESTIMATED', null, { kcal: roundTo(energy.kcalPer100g, 0) })
    if (isNeutered && grams > range.maxG) {
      points += NUTRITION_NEUTERED.aboveRange
      note?.('NEUTERED_ABOVE_RANGE', NUTRITION_NEUTERED.aboveRange)
    }
  }
  if (isNeutered && product.features.benefitTags.includes('weight')) {
    points += NUTRITION_NEUTERED.weightProduct
    note?.('NEUTERED_WEIGHT_PRODUCT', NUTRITION_NEUTERED.weightProduct)
  }
  return within('nutrition', points, FITNESS_PARTS.nutrition, note)
}

const STEPS = [
  { widening: 0, points: NUTRITION.inside, code: 'AMOUNT_IN_RANGE' },
  { widening: 0.2, points: NUTRITION.within20, code: 'AMOUNT_NEAR_RANGE' },
  { widening: 0.4, points: NUTRITION.within40, code: 'AMOUNT_OFF_RANGE' },
] as const
const BEYOND = { points: NUTRITION.beyond, code: 'AMOUNT_FAR_OFF_RANGE' } as const

function pointsWithin({ minG, maxG }: AmountRange, grams: number, note?: Note): number {
  const step = STEPS.find(({ widening }) => grams >= minG * (1 - widening) && grams <= maxG * (1 + widening)) ?? BEYOND
  note?.(step.code, step.points, { grams, minG: roundTo(minG, 0), maxG: roundTo(maxG, 0) })
  return step.points
}
