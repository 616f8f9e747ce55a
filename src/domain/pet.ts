import type { AgeStage, Allergen, HealthConcern, Sex, SortPreference, Species, WeightsPreset } from './codes.ts'

/** Of one owner: all of them may be asked for in one operation. */
export const MOST_PETS = 100

/** A pet as it stands in Postgres. Dates are ISO 8601 (`2024-03-01`), instants are milliseconds since 1970. */
export type Pet = {
  id: string
  ownerId: string
  name: string
  species: Species
  breedCode: string | null
  sex: Sex
  isNeutered: boolean | null
  birthdate: string | null
  /** Age in months on `approxAgeRecordedOn`; the pet grows older from there. */
  approxAgeMonths: number | null
  approxAgeRecordedOn: string | null
  weightKg: number
  /** 1 (emaciated) to 9 (obese). */
  bodyConditionScore: number
  healthConcerns: HealthConcern[]
  foodAllergies: Allergen[]
  otherAllergies: string | null
  photoUrl: string | null
  isPrimary: boolean
  version: number
  createdAt: number
  updatedAt: number
}

/** The part of a pet that scoring looks at. The age is already a stage: scoring has no clock. */
export type PetTraits = {
  species: Species
  breedCode: string | null
  ageStage: AgeStage
  isNeutered: boolean | null
  weightKg: number
  healthConcerns: readonly HealthConcern[]
  foodAllergies: readonly Allergen[]
  otherAllergies: string | null
}

/** What the owner prefers for all their pets. */
export type Preferences = {
  weightsPreset: WeightsPreset
  hardExcludeAllergens: Allergen[]
  softAvoidIngredients: string[]
  /** KRW per kg. */
  maxPricePerKg: number | null
  sortPreference: SortPreference
  healthConcernPriority: boolean
}

export const DEFAULT_PREFERENCES: Preferences = {
  weightsPreset: 'BALANCED',
  hardExcludeAllergens: [],
  softAvoidIngredients: [],
  maxPricePerKg: null,
  sortPreference: 'DEFAULT',
  healthConcernPriority: false,
}

/** What a viewer asks for this once. An absent field has no effect. */
export type Conditions = {
  minDailyAmountG: number | null
  maxDailyAmountG: number | null
  /** KRW a month. */
  maxMonthlyBudget: number | null
  emphasizedConcerns: readonly HealthConcern[] | null
  healthConcernPriority: boolean | null
}
