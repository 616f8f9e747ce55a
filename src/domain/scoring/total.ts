import { within } from './capped.ts'
import type { Profile } from './profile.ts'
import type { Note } from './reason-codes.ts'
import { roundTo } from './rounding.ts'
import {
  FITNESS_PARTS, LOW_SAFETY_SHARES, LOW_SAFETY_UNDER, SAFE_PRESET_SHARE, SAFETY_PARTS, SCORE_MAX, TOTAL_SHARES, VALUE_PRESET_FACTOR,
} from './weights.ts'

export type SafetyPoints = Record<keyof typeof SAFETY_PARTS, number>
export type FitnessPoints = Record<keyof typeof FITNESS_PARTS, number>

/** 0 to 100. */
export function safetyScore({ preferences }: Profile, parts: SafetyPoints, note?: Note): number {
  let points = parts.allergy + parts.harmful + parts.quality
  if (preferences.weightsPreset === 'SAFE') {
    const lacking = SAFETY_PARTS.allergy - parts.allergy + SAFETY_PARTS.harmful - parts.harmful
    const taken = roundTo(-lacking * SAFE_PRESET_SHARE, 2)
    if (taken < 0) note?.('SAFE_PRESET', taken)
    points += taken
  }
  return within('safety', points, SCORE_MAX, note)
}

/** 0 to 100: the parts may come to 110. */
export function fitnessScore({ preferences }: Profile, parts: FitnessPoints, note?: Note): number {
  let points = parts.species + parts.age + parts.health + parts.breed + parts.nutrition
  if (preferences.weightsPreset === 'VALUE') {
    const taken = roundTo((parts.health + parts.breed) * (VALUE_PRESET_FACTOR - 1), 2)
    note?.('VALUE_PRESET', taken)
    points += taken
  }
  return within('fitness', points, SCORE_MAX, note)
}

/** 0 to 100: safety and fitness in the preset's shares, less `penalties`, which are zero or negative. */
export function totalScore({ preferences }: Profile, safety: number, fitness: number, penalties: number, note?: Note): number {
  const { weightsPreset } = preferences
  const whole = weighed(TOTAL_SHARES[weightsPreset], safety, fitness)
  const isLow = safety < LOW_SAFETY_UNDER
  const weighted = isLow ? weighed(LOW_SAFETY_SHARES[weightsPreset], safety, fitness) : whole
  if (isLow) note?.('LOW_SAFETY', roundTo(weighted - whole, 2), { safety: roundTo(safety, 1) })
  return within('total', weighted + penalties, SCORE_MAX, note)
}

const weighed = (shares: { safety: number; fitness: number }, safety: number, fitness: number) =>
  shares.safety * safety + shares.fitness * fitness
