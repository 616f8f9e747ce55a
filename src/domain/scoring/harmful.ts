import type { Product } from '../product.ts'
import type { Note } from './reason-codes.ts'
import { HARMFUL, SAFETY_PARTS } from './weights.ts'

/** Of 20. Every harmful ingredient found takes its 5, two colours take 10. */
export function harmfulPoints({ features }: Product, note?: Note): number {
  const most = SAFETY_PARTS.harmful
  const isChecked = features.ingredients.length > 0
  if (features.harmful.length === 0) note?.(isChecked ? 'NO_HARMFUL_INGREDIENT' : 'HARMFUL_UNCHECKED', most)
  else note?.('HARMFUL_CHECKED', most)

  let points: number = most
  for (const { code, ingredient } of features.harmful) {
    const taken = Math.max(HARMFUL.each, 0 - points)
    points += taken
    note?.('HARMFUL_INGREDIENT', taken, { harmful: code, ingredient })
  }
  return points
}
