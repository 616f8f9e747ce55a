import { sql } from 'drizzle-orm'
import type { Allergen, HealthConcern } from '../domain/codes.ts'
import { DEFAULT_PREFERENCES, type Pet, type Preferences } from '../domain/pet.ts'
import { petFoodAllergies, petHealthConcerns, pets } from './tables/pets.ts'
import { recommendationPreferences } from './tables/users.ts'

/** What a statement selects to make a whole `Pet` of one row. */
export const petSelection = {
  pet: pets,
  healthConcerns: sql<HealthConcern[]>`array(
    select ${petHealthConcerns.concern}::text from ${petHealthConcerns}
    where ${petHealthConcerns.petId} = ${pets.id} order by ${petHealthConcerns.concern})`.as('health_concerns'),
  foodAllergies: sql<Allergen[]>`array(
    select ${petFoodAllergies.allergen}::text from ${petFoodAllergies}
    where ${petFoodAllergies.petId} = ${pets.id} order by ${petFoodAllergies.allergen})`.as('food_allergies'),
}

type PetRow = { pet: typeof pets.$inferSelect; healthConcerns: HealthConcern[]; foodAllergies: Allergen[] }

export function toPet({ pet, healthConcerns, foodAllergies }: PetRow): Pet {
  const { userId, recommendationVersion, createdAt, updatedAt, ...same } = pet
  return {
    ...same,
    ownerId: userId,
    version: recommendationVersion,
    createdAt: createdAt.getTime(),
    updatedAt: updatedAt.getTime(),
    healthConcerns,
    foodAllergies,
  }
}

export function toPreferences(row: typeof recommendationPreferences.$inferSelect | null | undefined): Preferences {
  if (row === null || row === undefined) return DEFAULT_PREFERENCES
  const { weightsPreset, hardExcludeAllergens, softAvoidIngredients, maxPricePerKg, sortPreference, healthConcernPriority } = row
  return { weightsPreset, hardExcludeAllergens, softAvoidIngredients, maxPricePerKg, sortPreference, healthConcernPriority }
}
