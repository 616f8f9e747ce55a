import type { ProductFeatures } from '../product.ts'
import { findAllergenEvidence } from './find-allergens.ts'
import { normaliseText } from './ingredient-names.ts'
import { understand } from './understand.ts'

// "Chicken-free" and "no corn" name what is promised to be absent. "Chicken free range" does not.
const ABSENT = /\b[a-z]{3,20}[ -]free\b(?![ -](?:range|run|roam))|\b(?:no|without|zero) [a-z]{3,20}\b/g

/**
 * What the front of a pack suggests, for a product whose ingredients are not known: always with low confidence.
 * Where there is a list it is the truth, and neither name nor claim adds or removes anything.
 */
export function allergensFromName(name: string, claims: readonly string[]): ProductFeatures['allergens'] {
  const words = [name, ...claims].map((text) => normaliseText(text).replace(ABSENT, ' '))
  const ingredients = words.map((text) => ({ text, within: null, isPartial: false, hasShare: false, isNote: false }))
  return findAllergenEvidence(understand(ingredients)).map(({ allergen, ingredient }) => ({ allergen, ingredient, confidence: 'low' }))
}
