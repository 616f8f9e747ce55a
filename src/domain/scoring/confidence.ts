import type { Product } from '../product.ts'
import type { Energy } from './daily-amount.ts'
import { CONFIDENCE } from './weights.ts'

type Gap = { points: number; isOpen: (product: Product, energy: Energy | null) => boolean }

const GAPS: readonly Gap[] = [
  { points: CONFIDENCE.ingredientsUnknown, isOpen: ({ features }) => features.ingredients.length === 0 },
  { points: CONFIDENCE.energyUnknown, isOpen: (_, energy) => energy === null },
  { points: CONFIDENCE.energyEstimated, isOpen: (_, energy) => energy?.isEstimated === true },
  { points: CONFIDENCE.lowConfidenceAllergen, isOpen: ({ features }) => features.allergens.some(({ confidence }) => confidence === 'low') },
  { points: CONFIDENCE.lifeStageUnknown, isOpen: ({ features }) => features.lifeStage === null },
  { points: CONFIDENCE.mineralsUnknown, isOpen: ({ nutrition }) => nutrition.calciumPct === null || nutrition.phosphorusPct === null },
  { points: CONFIDENCE.analysisOver100, isOpen: (product) => analysisPct(product) > 100 },
  { points: CONFIDENCE.priceUnknown, isOpen: ({ pricePerKg }) => pricePerKg === null },
]

/** 0 to 100: how far the data behind an item can be trusted. 100 less what its label leaves open. */
export const confidenceScore = (product: Product, energy: Energy | null): number =>
  GAPS.reduce((score, { points, isOpen }) => (isOpen(product, energy) ? score + points : score), 100)

const analysisPct = ({ nutrition: { proteinPct, fatPct, fiberPct, moisturePct, ashPct } }: Product) =>
  (proteinPct ?? 0) + (fatPct ?? 0) + (fiberPct ?? 0) + (moisturePct ?? 0) + (ashPct ?? 0)
