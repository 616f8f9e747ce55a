import { ALLERGENS, type Allergen } from '../codes.ts'
import type { Confidence, ProductFeatures } from '../product.ts'
import type { Mention, UnderstoodIngredient } from './understand.ts'

type Evidence = ProductFeatures['allergens'][number]

/**
 * All evidence: each ingredient with each allergen it holds, in label order. Low confidence still excludes the product
 * for an allergic pet; it only spares others the points. Natural flavours, purified sugars and vitamins without a
 * named source are not counted: nearly every food holds them, and nothing would be left to recommend.
 */
export function findAllergenEvidence(ingredients: readonly UnderstoodIngredient[]): Evidence[] {
  return ingredients.flatMap((ingredient) => {
    const held = new Map<Allergen, Confidence>()
    for (const mention of ingredient.mentions) {
      const confidence: Confidence = ingredient.isNote || ingredient.isOfTrace || isTraceOf(mention) ? 'low' : mention.meaning.confidence
      for (const allergen of mention.meaning.allergens) if (held.get(allergen) !== 'high') held.set(allergen, confidence)
    }
    return [...held].map(([allergen, confidence]) => ({ allergen, confidence, ingredient: ingredient.text }))
  })
}

/** The best evidence for each allergen, the first of equals, in the order of ALLERGENS. */
export function bestEvidence(found: readonly Evidence[]): Evidence[] {
  return ALLERGENS.flatMap((allergen) => {
    const ofIt = found.filter((one) => one.allergen === allergen)
    return ofIt.find(({ confidence }) => confidence === 'high') ?? ofIt[0] ?? []
  })
}

// Fat and oil carry little protein, a flavour often none, and a hydrolysate has it cut small; none is free of it. A
// chicken's egg is egg first.
const BEHIND = /\b(?:fat|oil|tallow|lard|suet|grease|flavor|lecithin)\b|^egg\b|^(?:유|지|향|맛)(?: |$)|지방|오일|기름|추출향|레시틴/
const HYDROLYSED = /\bhydroly[sz](?:ed|ate)\b|가수 ?분해/

const isTraceOf = ({ before, behind }: Mention) => BEHIND.test(behind) || HYDROLYSED.test(before) || HYDROLYSED.test(behind)
