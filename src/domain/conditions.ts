import { createHash } from 'node:crypto'
import type { Conditions } from './pet.ts'

export const NO_CONDITIONS: Conditions = {
  minDailyAmountG: null,
  maxDailyAmountG: null,
  maxMonthlyBudget: null,
  emphasizedConcerns: null,
  healthConcernPriority: null,
}

/**
 * One form for all ways of asking the same: concerns sorted and without repetition. An empty list of concerns stands as
 * asked: it replaces the pet's own by none.
 */
export function canonicalConditions(conditions: Conditions): Conditions {
  const { emphasizedConcerns } = conditions
  return { ...conditions, emphasizedConcerns: emphasizedConcerns === null ? null : [...new Set(emphasizedConcerns)].sort() }
}

/** '' where nothing is asked, else 128 bits in hex. Equal for, and only for, equal canonical conditions. */
export function conditionsHash(conditions: Conditions): string {
  const { minDailyAmountG, maxDailyAmountG, maxMonthlyBudget, emphasizedConcerns, healthConcernPriority } = canonicalConditions(conditions)
  const asked = [minDailyAmountG, maxDailyAmountG, maxMonthlyBudget, emphasizedConcerns, healthConcernPriority]
  if (asked.every((value) => value === null)) return ''
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 32)
}
