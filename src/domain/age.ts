import { findBreed } from './breeds.ts'
import type { AgeStage, Species } from './codes.ts'
import type { Pet, PetTraits } from './pet.ts'

type Dated = Pick<Pet, 'birthdate' | 'approxAgeMonths' | 'approxAgeRecordedOn'>
type Stages = { adultFromMonths: number; seniorFromMonths: number }

/**
 * Large dogs grow until a year and a half and age sooner: AAHA canine life stage guidelines (2019) put senior in the last
 * quarter of the expected life. Cats: AAHA/AAFP feline life stage guidelines (2021), kitten to one year, senior from ten.
 */
const STAGES: Record<Species, Stages> & { LARGE_DOG: Stages } = {
  DOG: { adultFromMonths: 12, seniorFromMonths: 84 },
  LARGE_DOG: { adultFromMonths: 18, seniorFromMonths: 72 },
  CAT: { adultFromMonths: 12, seniorFromMonths: 120 },
}

/**
 * Whole months on `today` (ISO date), by the birthdate or else the approximate age, which grows from the day it was
 * recorded. Never negative. Null where the pet has neither.
 */
export function ageInMonths({ birthdate, approxAgeMonths, approxAgeRecordedOn }: Dated, today: string): number | null {
  if (birthdate !== null) return monthsBetween(birthdate, today)
  if (approxAgeMonths === null) return null
  return approxAgeMonths + (approxAgeRecordedOn === null ? 0 : monthsBetween(approxAgeRecordedOn, today))
}

/** A pet whose age nobody knows is taken for an adult: the stage whose food does least harm at either end. */
export function ageStage(pet: Dated & Pick<Pet, 'species' | 'breedCode'>, today: string): AgeStage {
  const months = ageInMonths(pet, today)
  if (months === null) return 'ADULT'
  const isLarge = pet.breedCode !== null && findBreed(pet.species, pet.breedCode)?.size === 'large'
  const { adultFromMonths, seniorFromMonths } = STAGES[isLarge && pet.species === 'DOG' ? 'LARGE_DOG' : pet.species]
  if (months < adultFromMonths) return 'PUPPY'
  return months < seniorFromMonths ? 'ADULT' : 'SENIOR'
}

/** What scoring looks at, on `today` (ISO date). */
export const traitsOf = (pet: Dated & Omit<PetTraits, 'ageStage'>, today: string): PetTraits => ({
  species: pet.species,
  breedCode: pet.breedCode,
  ageStage: ageStage(pet, today),
  isNeutered: pet.isNeutered,
  weightKg: pet.weightKg,
  healthConcerns: pet.healthConcerns,
  foodAllergies: pet.foodAllergies,
  otherAllergies: pet.otherAllergies,
})

function monthsBetween(from: string, to: string): number {
  const [start, end] = [new Date(from), new Date(to)]
  const months = (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth()
  // Who was born on the 31st is a month older on the last day of a shorter month.
  const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
  const isDayReached = end.getUTCDate() >= Math.min(start.getUTCDate(), lastDay)
  return Math.max(0, isDayReached ? months : months - 1)
}
