import type { Product } from '../product.ts'
import { findOwnerWord } from './owner-words.ts'
import type { Profile } from './profile.ts'
import type { ExclusionCode, ReasonParams } from './reason-codes.ts'

export type Exclusion = { code: ExclusionCode; points: null; params: ReasonParams }

/** Another species' food is none at all for this pet. A product without a species is for both. */
export const speciesExclusion = ({ pet }: Profile, product: Product): Exclusion | null =>
  product.species === null || product.species === pet.species
    ? null
    : { code: 'EXCLUDED_SPECIES', points: null, params: { productSpecies: product.species } }

/**
 * An allergen of the pet or of its owner's list excludes with any confidence: "chicken fat" may hold no chicken protein,
 * and the pet is not the one to find out. So does a word of the pet's other allergies, and, for a pet that must avoid
 * anything, a list of ingredients that nobody knows.
 */
export function allergenExclusion(profile: Profile, product: Product, folded: string): Exclusion | null {
  const found = product.features.allergens.find(({ allergen }) => profile.excludedAllergens.has(allergen))
  if (found) return { code: 'EXCLUDED_ALLERGEN', points: null, params: { allergen: found.allergen, ingredient: found.ingredient } }
  const word = findOwnerWord(profile.excludedWords, folded)
  if (word) return { code: 'EXCLUDED_OWNER_WORD', points: null, params: { word: word.written } }
  const mustAvoid = profile.excludedAllergens.size > 0 || profile.excludedWords.length > 0
  return mustAvoid && product.features.ingredients.length === 0 ? { code: 'EXCLUDED_INGREDIENTS_UNKNOWN', points: null, params: {} } : null
}
