import type { Product } from '../product.ts'
import { findOwnerWord, fold } from './owner-words.ts'
import type { Profile } from './profile.ts'
import type { Note } from './reason-codes.ts'
import { ALLERGY, SAFETY_PARTS } from './weights.ts'

/** Of 50, for a product that holds nothing excluded. Each kind of doubt is taken once, however often it is found. */
export function allergyPoints(profile: Profile, product: Product, folded: string, note?: Note): number {
  const { allergens, ingredients } = product.features
  let points: number = SAFETY_PARTS.allergy
  note?.(ingredients.length > 0 ? 'NO_EXCLUDED_ALLERGEN' : 'ALLERGENS_UNCHECKED', points)

  const common = allergens.find(({ allergen, confidence }) => confidence === 'high' && profile.commonAllergens.has(allergen))
  if (common) {
    points += ALLERGY.commonAllergen
    const { allergen, ingredient } = common
    note?.('COMMON_ALLERGEN', ALLERGY.commonAllergen, { allergen, ingredient, species: profile.pet.species })
  }
  const avoided = findOwnerWord(profile.avoidedWords, folded)
  if (avoided) {
    points += ALLERGY.softlyAvoided
    note?.('SOFTLY_AVOIDED', ALLERGY.softlyAvoided, { word: avoided.written })
  }
  return points
}

/** For people to look at, so with any confidence: common allergens of the species, and what the owner avoids. */
export function doubtfulIngredients(profile: Profile, product: Product): string[] {
  const { allergens, ingredients } = product.features
  const common = allergens.filter(({ allergen }) => profile.commonAllergens.has(allergen)).map(({ ingredient }) => ingredient)
  const avoided = ingredients.filter((ingredient) => findOwnerWord(profile.avoidedWords, fold(ingredient)))
  return Array.from(new Set([...common, ...avoided]))
}
