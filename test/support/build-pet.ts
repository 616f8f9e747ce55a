import { DEFAULT_PREFERENCES, type Conditions, type PetTraits, type Preferences } from '../../src/domain/pet.ts'

/** An adult dog of 10 kg, not neutered, of a mixed breed, without concerns or allergies. */
export const buildPet = (overrides: Partial<PetTraits> = {}): PetTraits => ({
  species: 'DOG',
  breedCode: 'MIXED_DOG',
  ageStage: 'ADULT',
  isNeutered: false,
  weightKg: 10,
  healthConcerns: [],
  foodAllergies: [],
  otherAllergies: null,
  ...overrides,
})

export const buildPreferences = (overrides: Partial<Preferences> = {}): Preferences => ({ ...DEFAULT_PREFERENCES, ...overrides })

/** Nothing asked for, unless said. */
export const buildConditions = (overrides: Partial<Conditions> = {}): Conditions => ({
  minDailyAmountG: null,
  maxDailyAmountG: null,
  maxMonthlyBudget: null,
  emphasizedConcerns: null,
  healthConcernPriority: null,
  ...overrides,
})
