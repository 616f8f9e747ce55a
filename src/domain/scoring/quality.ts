import type { Product } from '../product.ts'
import type { Note } from './reason-codes.ts'
import { roundTo } from './rounding.ts'
import { PROTEIN_QUALITY, QUALITY } from './weights.ts'

/** Of 30: what comes first, what the protein is, and the product's own quality score. */
export function qualityPoints({ features }: Product, note?: Note): number {
  const first = features.firstIngredientIsMeat ? QUALITY.firstIngredientIsMeat : 0
  if (first > 0) note?.('FIRST_INGREDIENT_IS_MEAT', first, { ingredient: features.ingredients[0] ?? '' })

  const protein = PROTEIN_QUALITY[features.proteinQuality]
  if (protein > 0) note?.(features.proteinQuality === 'high' ? 'PROTEIN_QUALITY_HIGH' : 'PROTEIN_QUALITY_MEDIUM', protein)

  const score = roundTo(features.qualityScore * QUALITY.perQualityPoint, 2)
  note?.('QUALITY_SCORE', score, { score: roundTo(features.qualityScore, 1) })
  return first + protein + score
}
