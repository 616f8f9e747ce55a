import { z } from 'zod'
import { ALLERGENS, HEALTH_CONCERNS, SEXES, SPECIES, type Species } from '../domain/codes.ts'
import { findBreed } from '../domain/breeds.ts'
import type { Pet } from '../domain/pet.ts'
import type { PetFields } from '../db/pets.ts'
import { badInput, type FieldProblem } from './errors.ts'
import { codeList, humanText, isPrintable, parseInput } from './input.ts'

const HOUR_MS = 60 * 60 * 1000
const OLDEST_BIRTHDATE = '1980-01-01'

const name = humanText('The name', 50)
const weightKg = z.number().min(0.1, 'Expected 0.1 kg or more.').max(150, 'Expected 150 kg or less.')
const bodyConditionScore = z.int().min(1, 'Expected 1 or more.').max(9, 'Expected 9 or less.')
const approxAgeMonths = z.int().min(0, 'Expected 0 or more.').max(480, 'Expected 480 or less.')
const photoUrl = z
  .url({ protocol: /^https?$/, error: 'Expected an http or https URL.' })
  .max(2_048, 'Expected 2,048 characters or less.')
  .refine(isPrintable, 'Expected a URL without control characters or broken Unicode.')
const birthdate = z.iso.date()
const otherAllergies = humanText('Other allergies', 500, 'many lines')
const concerns = codeList(HEALTH_CONCERNS)
const allergies = codeList(ALLERGENS)
/** Far above the longest code there is; what is shorter and unknown is told by the table of breeds. */
const breedCode = z.string().max(100, 'Expected 100 characters or less.')

const common = {
  breedCode: breedCode.nullish(),
  isNeutered: z.boolean().nullish(),
  birthdate: birthdate.nullish(),
  approxAgeMonths: approxAgeMonths.nullish(),
  healthConcerns: concerns.nullish(),
  foodAllergies: allergies.nullish(),
  otherAllergies: otherAllergies.nullish(),
  photoUrl: photoUrl.nullish(),
}

const createSchema = z.object({
  ...common,
  name,
  species: z.enum(SPECIES),
  weightKg,
  sex: z.enum(SEXES).nullish(),
  bodyConditionScore: bodyConditionScore.nullish(),
  isPrimary: z.boolean().nullish(),
})

/** Null is no value for these: they are never empty. `undefined` leaves them. */
const updateSchema = z.object({
  ...common,
  name: name.optional(),
  weightKg: weightKg.optional(),
  sex: z.enum(SEXES).optional(),
  bodyConditionScore: bodyConditionScore.optional(),
})

export type NewPet = { species: Species; fields: PetFields; isPrimary: boolean | undefined }
/** Applied to the pet as it is under its lock; throws BAD_USER_INPUT where the two do not fit together. */
export type PetPatch = (pet: Pet) => PetFields

/** Throws BAD_USER_INPUT. `now` in milliseconds since 1970. */
export function parseNewPet(input: unknown, now: number): NewPet {
  const parsed = parseInput(createSchema, input, 'input')
  const age = { birthdate: parsed.birthdate ?? null, approxAgeMonths: parsed.approxAgeMonths ?? null }
  const fields: PetFields = {
    name: parsed.name,
    breedCode: parsed.breedCode ?? null,
    sex: parsed.sex ?? 'UNKNOWN',
    isNeutered: parsed.isNeutered ?? null,
    ...age,
    approxAgeRecordedOn: age.approxAgeMonths === null ? null : dateOf(now),
    weightKg: parsed.weightKg,
    bodyConditionScore: parsed.bodyConditionScore ?? 5,
    healthConcerns: parsed.healthConcerns ?? [],
    foodAllergies: parsed.foodAllergies ?? [],
    otherAllergies: parsed.otherAllergies ?? null,
    photoUrl: parsed.photoUrl ?? null,
  }
  refuse([...ageProblems(age, now), ...breedProblems(parsed.species, fields.breedCode)])
  return { species: parsed.species, fields, isPrimary: parsed.isPrimary ?? undefined }
}

/** A field left out stays; null clears it where it can be empty. A new birthdate takes the place of an approximate age, and the other way round. */
export function parsePetPatch(input: unknown, now: number): PetPatch {
  const patch = parseInput(updateSchema, input, 'input')
  if (patch.birthdate != null || patch.approxAgeMonths != null) {
    refuse(ageProblems({ birthdate: patch.birthdate ?? null, approxAgeMonths: patch.approxAgeMonths ?? null }, now))
  }
  return (pet) => {
    const age = patchedAge(patch, pet, now)
    const breedCode = kept(patch.breedCode, pet.breedCode)
    refuse([...ageProblems(age, now), ...breedProblems(pet.species, breedCode)])
    return {
      name: patch.name ?? pet.name,
      breedCode,
      sex: patch.sex ?? pet.sex,
      isNeutered: kept(patch.isNeutered, pet.isNeutered),
      ...age,
      weightKg: patch.weightKg ?? pet.weightKg,
      bodyConditionScore: patch.bodyConditionScore ?? pet.bodyConditionScore,
      healthConcerns: kept(patch.healthConcerns, pet.healthConcerns) ?? [],
      foodAllergies: kept(patch.foodAllergies, pet.foodAllergies) ?? [],
      otherAllergies: kept(patch.otherAllergies, pet.otherAllergies),
      photoUrl: kept(patch.photoUrl, pet.photoUrl),
    }
  }
}

type Age = Pick<Pet, 'birthdate' | 'approxAgeMonths' | 'approxAgeRecordedOn'>

function patchedAge(patch: z.output<typeof updateSchema>, pet: Pet, now: number): Age {
  if (patch.birthdate != null) return { birthdate: patch.birthdate, approxAgeMonths: null, approxAgeRecordedOn: null }
  if (patch.approxAgeMonths != null) return { birthdate: null, approxAgeMonths: patch.approxAgeMonths, approxAgeRecordedOn: dateOf(now) }
  const approxAgeMonths = kept(patch.approxAgeMonths, pet.approxAgeMonths)
  return {
    birthdate: kept(patch.birthdate, pet.birthdate),
    approxAgeMonths,
    approxAgeRecordedOn: approxAgeMonths === null ? null : pet.approxAgeRecordedOn,
  }
}

function kept<T>(patched: T | null | undefined, before: T | null): T | null {
  return patched === undefined ? before : patched
}

function ageProblems({ birthdate: born, approxAgeMonths: months }: Pick<Pet, 'birthdate' | 'approxAgeMonths'>, now: number): FieldProblem[] {
  if ((born === null) === (months === null)) {
    const message = `Expected exactly one of birthdate and approxAgeMonths, found ${born === null ? 'neither' : 'both'}.`
    return [{ path: 'input.birthdate', message }, { path: 'input.approxAgeMonths', message }]
  }
  if (born === null) return []
  // Somewhere on earth it is tomorrow already: the owner's calendar may be up to 14 hours ahead of UTC.
  if (born > dateOf(now + 14 * HOUR_MS)) return [{ path: 'input.birthdate', message: 'Expected a date that is not in the future.' }]
  return born < OLDEST_BIRTHDATE ? [{ path: 'input.birthdate', message: `Expected ${OLDEST_BIRTHDATE} or later.` }] : []
}

function breedProblems(species: Species, code: string | null): FieldProblem[] {
  if (code === null || findBreed(species, code) !== undefined) return []
  return [{ path: 'input.breedCode', message: `There is no ${species.toLowerCase()} breed of this code.` }]
}

function refuse(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw badInput(problems)
}

const dateOf = (instant: number) => new Date(instant).toISOString().slice(0, 10)
