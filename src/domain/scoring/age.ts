import type { Product } from '../product.ts'
import type { Profile } from './profile.ts'
import type { Note } from './reason-codes.ts'
import { AGE_PENALTY, AGE_POINTS } from './weights.ts'

/** Of 25, by the table of the pet's stage and the product's. */
export function agePoints({ pet }: Profile, { features: { lifeStage } }: Product, note?: Note): number {
  const points = AGE_POINTS[pet.ageStage][lifeStage ?? 'UNKNOWN']
  if (lifeStage === null) note?.('LIFE_STAGE_UNKNOWN', points, { petStage: pet.ageStage })
  else if (lifeStage === pet.ageStage) note?.('LIFE_STAGE_MATCH', points, { petStage: pet.ageStage })
  else if (lifeStage === 'ALL') note?.('LIFE_STAGE_ALL', points, { petStage: pet.ageStage })
  else note?.('LIFE_STAGE_OTHER', points, { petStage: pet.ageStage, productStage: lifeStage })
  return points
}

/** Taken from the total, where the food of one end of life would be fed at the other. Zero or less. */
export function agePenalty({ pet }: Profile, { features: { lifeStage } }: Product, note?: Note): number {
  const points = lifeStage === null ? 0 : (AGE_PENALTY[pet.ageStage][lifeStage] ?? 0)
  if (points < 0) note?.('AGE_PENALTY', points, { petStage: pet.ageStage, productStage: lifeStage ?? '' })
  return points
}
