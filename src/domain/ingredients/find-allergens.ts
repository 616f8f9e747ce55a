import { ALLERGENS, type Allergen } from '../codes.ts'
import type { Confidence, ProductFeatures } from '../product.ts'
import type { Mention, UnderstoodIngredient } from './understand.ts'

type Evidence = ProductFeatures['allergens'][number]

/**
 * The best evidence for each allergen, in the order of ALLERGENS. Low confidence still excludes the product for an
 * allergic pet; it only spares others the points. Natural flavours, purified sugars and vitamins without a
 * named source are not counted: nearly every food holds them, and nothing would be left to recommend.
 */
export function findAllergens(ingredients: readonly UnderstoodIngredient[]): Evidence[] {
  const best = new Map<Allergen, Evidence>()
  for (const ingredient of ingredients) {
    for (const mention of ingredient.mentions) {
      const confidence: Confidence = ingredient.isNote || ingredient.isOfTrace || isTraceOf(mention) ? 'low' : mention.meaning.confidence
      for (const allergen of mention.meaning.allergens) {
        const known = best.get(allergen)
        if (known === undefined || (known.confidence === 'low' && confidence === 'high')) {
          best.set(allergen, { allergen, confidence, ingredient: ingredient.text })
        }
      }
    }
  }
  return ALLERGENS.flatMap((allergen) => best.get(allergen) ?? [])
}

// Fat and oil carry little protein, a flavour often none, and a hydrolysate has it cut small; none is free of it. A
// chicken's egg is egg first.
const BEHIND = /\b(?:fat|oil|tallow|lard|suet|grease|flavor|lecithin)\b|^egg\b|^(?:유|지|향|맛)(?: |$)|지방|오일|기름|추출향|레시틴/
const HYDROLYSED = /\bhydroly[sz](?:ed|ate)\b|가수 ?분해/

const isTraceOf = ({ before, behind }: Mention) => BEHIND.test(behind) || HYDROLYSED.test(before) || HYDROLYSED.test(behind)
