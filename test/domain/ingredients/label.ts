import type { Label, ProductFeatures } from '../../../src/domain/product.ts'
import { analyseLabel } from '../../../src/domain/ingredients/analyse.ts'

export const UNKNOWN_NUTRITION: Label['nutrition'] = {
  proteinPct: null, fatPct: null, fiberPct: null, moisturePct: null, ashPct: null, calciumPct: null, phosphorusPct: null, kcalPer100g: null,
}

export const labelOf = (parts: Partial<Label>): Label => ({
  species: 'DOG',
  brandName: 'Birchwood',
  productName: 'Birchwood Dinner',
  form: 'DRY',
  lifeStage: null,
  ingredientsText: null,
  nutrition: UNKNOWN_NUTRITION,
  claims: [],
  breedSizeLabel: null,
  ...parts,
})

export const analyseText = (ingredientsText: string): ProductFeatures => analyseLabel(labelOf({ ingredientsText }))

/** Such as "CHICKEN" for high confidence, "CHICKEN?" for low. */
export const allergensIn = (ingredientsText: string): string[] => shortForm(analyseText(ingredientsText).allergens)

export const shortForm = (allergens: ProductFeatures['allergens']): string[] =>
  allergens.map(({ allergen, confidence }) => (confidence === 'high' ? allergen : `${allergen}?`))
