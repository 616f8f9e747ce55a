import type { Product } from '../product.ts'
import type { Profile } from './profile.ts'
import type { Exclusion } from './exclusion.ts'
import type { Note } from './reason-codes.ts'
import { roundTo } from './rounding.ts'
import { BUDGET_OVER, PRICE_OVER_MAXIMUM } from './weights.ts'

const DAYS = 30
const GRAMS_PER_KG = 1000

/** Whole KRW for 30 days of the daily amount; null where the amount or the price is unknown. */
export const monthlyCostKrw = (grams: number | null, pricePerKg: number | null): number | null =>
  grams === null || pricePerKg === null ? null : roundTo((grams / GRAMS_PER_KG) * DAYS * pricePerKg, 0)

/** What is unknown is not too dear: it costs confidence instead. */
export function pricePenalty({ preferences: { maxPricePerKg } }: Profile, { pricePerKg }: Product, note?: Note): number {
  if (maxPricePerKg === null || pricePerKg === null || pricePerKg <= maxPricePerKg) return 0
  note?.('PRICE_OVER_MAXIMUM', PRICE_OVER_MAXIMUM, { pricePerKg, maxPricePerKg })
  return PRICE_OVER_MAXIMUM
}

export function budgetExclusion({ conditions: { maxMonthlyBudget } }: Profile, monthlyCost: number | null): Exclusion | null {
  if (maxMonthlyBudget === null || monthlyCost === null || monthlyCost <= maxMonthlyBudget * BUDGET_OVER.excludedOver) return null
  return { code: 'EXCLUDED_BUDGET', points: null, params: { monthlyCost, maxMonthlyBudget } }
}

/** For what is over the budget and not excluded by it. */
export function budgetPenalty({ conditions: { maxMonthlyBudget } }: Profile, monthlyCost: number | null, note?: Note): number {
  if (maxMonthlyBudget === null || monthlyCost === null || monthlyCost <= maxMonthlyBudget) return 0
  const { least, most, excludedOver } = BUDGET_OVER
  const way = (monthlyCost - maxMonthlyBudget) / (maxMonthlyBudget * (excludedOver - 1))
  const points = roundTo(least + (most - least) * way, 2)
  note?.('BUDGET_EXCEEDED', points, { monthlyCost, maxMonthlyBudget })
  return points
}
