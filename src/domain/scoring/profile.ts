import { findBreed } from '../breeds.ts'
import type { Allergen, HealthConcern } from '../codes.ts'
import type { Conditions, PetTraits, Preferences } from '../pet.ts'
import type { BreedSize } from '../product.ts'
import { energyRequirementKcal } from './daily-amount.ts'
import { wordsOfFreeText } from './owner-text.ts'
import { ownerWord, type OwnerWord } from './owner-words.ts'
import { COMMON_ALLERGENS } from './weights.ts'

/** What the rules ask of a pet, worked out once and then held against every product. */
export type Profile = {
  pet: PetTraits
  preferences: Preferences
  conditions: Conditions
  size: BreedSize | null
  isFlatFaced: boolean
  energyKcal: number
  excludedAllergens: ReadonlySet<Allergen>
  excludedWords: readonly OwnerWord[]
  commonAllergens: ReadonlySet<Allergen>
  avoidedWords: readonly OwnerWord[]
  concerns: readonly HealthConcern[]
  /** The concerns were asked for this once and stand in for the pet's own. */
  areEmphasized: boolean
  hasConcernPriority: boolean
}

export function profileOf(pet: PetTraits, preferences: Preferences, conditions: Conditions): Profile {
  // An unknown breed, like a mixed one, has no size: it loses no points, it only cannot win those of a size.
  const breed = pet.breedCode === null ? undefined : findBreed(pet.species, pet.breedCode)
  const emphasized = conditions.emphasizedConcerns ?? []
  return {
    pet,
    preferences,
    conditions,
    size: breed?.size ?? null,
    isFlatFaced: breed?.isBrachycephalic ?? false,
    energyKcal: energyRequirementKcal(pet),
    excludedAllergens: new Set([...pet.foodAllergies, ...preferences.hardExcludeAllergens]),
    excludedWords: wordsOfFreeText(pet.otherAllergies ?? ''),
    commonAllergens: new Set(COMMON_ALLERGENS[pet.species]),
    // A list is typed entry by entry, so an entry counts as it stands: "corn syrup" is not corn.
    avoidedWords: preferences.softAvoidIngredients.flatMap(ownerWord),
    concerns: Array.from(new Set(emphasized.length > 0 ? emphasized : pet.healthConcerns)),
    areEmphasized: emphasized.length > 0,
    hasConcernPriority: conditions.healthConcernPriority ?? preferences.healthConcernPriority,
  }
}
