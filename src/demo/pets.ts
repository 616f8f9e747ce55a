import type { Allergen, HealthConcern, Sex, Species } from '../domain/codes.ts'
import { DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from './users.ts'

/** Ages are told in months, as of the day of seeding: a puppy is a puppy whenever the demo is tried. */
export type DemoPet = {
  id: string
  ownerId: string
  name: string
  species: Species
  breedCode: string | null
  sex: Sex
  isNeutered: boolean
  approxAgeMonths: number
  weightKg: number
  bodyConditionScore: number
  healthConcerns: readonly HealthConcern[]
  foodAllergies: readonly Allergen[]
  otherAllergies: string | null
  isPrimary: boolean
}

export const DEMO_ALLERGIC_DOG_ID = '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b01'
export const DEMO_NEUTERED_CAT_ID = '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b02'
export const DEMO_LARGE_PUPPY_ID = '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b03'
export const DEMO_SENIOR_DOG_ID = '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b04'
export const DEMO_NEIGHBOUR_CAT_ID = '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b05'

export const DEMO_PETS: readonly DemoPet[] = [
  {
    id: DEMO_ALLERGIC_DOG_ID, ownerId: DEMO_USER_ID, name: 'Bori', species: 'DOG', breedCode: 'MIXED_DOG', sex: 'FEMALE', isNeutered: true,
    approxAgeMonths: 50, weightKg: 6.4, bodyConditionScore: 5, healthConcerns: ['SKIN_ALLERGY'], foodAllergies: ['CHICKEN'], otherAllergies: null, isPrimary: true,
  },
  {
    id: DEMO_NEUTERED_CAT_ID, ownerId: DEMO_USER_ID, name: 'Nabi', species: 'CAT', breedCode: 'MIXED_CAT', sex: 'MALE', isNeutered: true,
    approxAgeMonths: 40, weightKg: 5.1, bodyConditionScore: 6, healthConcerns: ['URINARY', 'OBESITY'], foodAllergies: [], otherAllergies: null, isPrimary: false,
  },
  {
    id: DEMO_LARGE_PUPPY_ID, ownerId: DEMO_USER_ID, name: 'Duri', species: 'DOG', breedCode: 'LABRADOR_RETRIEVER', sex: 'MALE', isNeutered: false,
    approxAgeMonths: 5, weightKg: 16.5, bodyConditionScore: 5, healthConcerns: ['JOINT'], foodAllergies: [], otherAllergies: null, isPrimary: false,
  },
  {
    id: DEMO_SENIOR_DOG_ID, ownerId: DEMO_USER_ID, name: 'Haru', species: 'DOG', breedCode: 'MALTESE', sex: 'FEMALE', isNeutered: true,
    approxAgeMonths: 132, weightKg: 3.8, bodyConditionScore: 4, healthConcerns: ['HEART', 'DENTAL'], foodAllergies: ['DAIRY'], otherAllergies: 'shrimp', isPrimary: false,
  },
  {
    id: DEMO_NEIGHBOUR_CAT_ID, ownerId: DEMO_NEIGHBOUR_ID, name: 'Tori', species: 'CAT', breedCode: 'SIAMESE', sex: 'FEMALE', isNeutered: true,
    approxAgeMonths: 26, weightKg: 4, bodyConditionScore: 5, healthConcerns: [], foodAllergies: ['BEEF'], otherAllergies: null, isPrimary: true,
  },
]
