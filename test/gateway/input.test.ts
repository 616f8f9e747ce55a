import { afterAll, beforeAll, expect, test } from 'vitest'
import { CreatePetDocument, UpdatePetDocument } from '../../schema/generated/graphql.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'

let stage: Stage
let user: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
})
afterAll(() => stage.close())

const everything = async () => JSON.stringify(await stage.database.sql`
  select pets.*, array(select concern::text from pet_health_concerns where pet_id = pets.id) c, array(select allergen::text from pet_food_allergies where pet_id = pets.id) a
  from pets order by id`)

const DOG = { name: 'Mong', species: 'DOG', weightKg: 5, approxAgeMonths: 20 }
const tomorrow = new Date(Date.now() + 3 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)

const BAD_PETS: [string, object, string][] = [
  ['an unknown species', { ...DOG, species: 'HORSE' }, 'input.species'],
  ['an unknown allergen', { ...DOG, foodAllergies: ['CHICKEN', 'GLITTER'] }, 'input.foodAllergies[1]'],
  ['an unknown concern', { ...DOG, healthConcerns: ['BOREDOM'] }, 'input.healthConcerns[0]'],
  ['an unknown breed', { ...DOG, breedCode: 'SIAMESE' }, 'input.breedCode'],
  ['no weight to speak of', { ...DOG, weightKg: 0.09 }, 'input.weightKg'],
  ['too much weight', { ...DOG, weightKg: 150.1 }, 'input.weightKg'],
  ['a condition score of 0', { ...DOG, bodyConditionScore: 0 }, 'input.bodyConditionScore'],
  ['a condition score of 10', { ...DOG, bodyConditionScore: 10 }, 'input.bodyConditionScore'],
  ['both ages', { ...DOG, birthdate: '2024-01-01' }, 'input.birthdate'],
  ['neither age', { name: 'Mong', species: 'DOG', weightKg: 5 }, 'input.approxAgeMonths'],
  ['a birthdate in the future', { name: 'Mong', species: 'DOG', weightKg: 5, birthdate: tomorrow }, 'input.birthdate'],
  ['a birthdate that is no date', { name: 'Mong', species: 'DOG', weightKg: 5, birthdate: '2024-02-30' }, 'input.birthdate'],
  ['a negative age', { ...DOG, approxAgeMonths: -1 }, 'input.approxAgeMonths'],
  ['no name', { ...DOG, name: '   ' }, 'input.name'],
  ['a name too long', { ...DOG, name: 'x'.repeat(51) }, 'input.name'],
  ['a name with a NUL', { ...DOG, name: 'a\0b' }, 'input.name'],
  ['a name of broken Unicode', { ...DOG, name: 'a\ud800b' }, 'input.name'],
  ['other allergies too long', { ...DOG, otherAllergies: 'x'.repeat(501) }, 'input.otherAllergies'],
  ['a photo that is no URL', { ...DOG, photoUrl: 'javascript:alert(1)' }, 'input.photoUrl'],
]

test.each(BAD_PETS)('a pet with %s is refused by the field, and nothing is written', async (_name, input, path) => {
  const before = await everything()
  const { errors } = await stage.gateway.askText(CreatePetDocument.toString(), { input }, user)
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  expect(errors?.flatMap(({ extensions }) => extensions.fields ?? []).map((field) => field.path)).toContain(path)
  expect(await everything()).toBe(before)
})

const BAD_CHANGES: [string, object, string][] = [
  ['null for a name', { name: null }, 'input.name'],
  ['null for a weight', { weightKg: null }, 'input.weightKg'],
  ['both ages', { birthdate: '2024-01-01', approxAgeMonths: 20 }, 'input.birthdate'],
  ['no age left', { approxAgeMonths: null }, 'input.approxAgeMonths'],
  ['a good field beside a bad one', { name: 'Fine', weightKg: 151 }, 'input.weightKg'],
  ['a breed of the other species', { breedCode: 'SIAMESE' }, 'input.breedCode'],
]

test.each(BAD_CHANGES)('a change with %s is refused by the field, and nothing is written', async (_name, patch, path) => {
  const before = await everything()
  const { errors } = await stage.gateway.askText(UpdatePetDocument.toString(), { input: { petId: BORI, ...patch } }, user)
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  expect(errors?.flatMap(({ extensions }) => extensions.fields ?? []).map((field) => field.path)).toContain(path)
  expect(await everything()).toBe(before)
})

test('a name that another pet of the same owner has is a CONFLICT, and nothing is written', async () => {
  const before = await everything()
  const created = await stage.gateway.askText(CreatePetDocument.toString(), { input: { ...DOG, name: 'bORI' } }, user)
  expect(created.errors?.[0]?.extensions.code).toBe('CONFLICT')
  const renamed = await stage.gateway.askText(UpdatePetDocument.toString(), { input: { petId: BORI, name: 'Nabi' } }, user)
  expect(renamed.errors?.[0]?.extensions.code).toBe('CONFLICT')
  expect(await everything()).toBe(before)
})

test('a field left out stays, null clears it, and a birthdate takes the place of an approximate age', async () => {
  const change = async (patch: object) => {
    const { data, errors } = await stage.gateway.askText(
      `mutation ($input: UpdatePetInput!) { updatePet(input: $input) { pet { name breedCode birthdate approxAgeMonths otherAllergies foodAllergies } } }`,
      { input: { petId: BORI, ...patch } },
      user,
    )
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return data?.['updatePet']
  }
  expect(await change({ otherAllergies: 'shrimp', birthdate: '2023-05-06' })).toEqual({
    pet: { name: 'Bori', breedCode: 'MIXED_DOG', birthdate: '2023-05-06', approxAgeMonths: null, otherAllergies: 'shrimp', foodAllergies: ['CHICKEN'] },
  })
  expect(await change({ otherAllergies: null, breedCode: null, foodAllergies: null, approxAgeMonths: 30 })).toEqual({
    pet: { name: 'Bori', breedCode: null, birthdate: null, approxAgeMonths: 30, otherAllergies: null, foodAllergies: [] },
  })
})

test('one pet of a user is the primary one, whatever is created, chosen or deleted', async () => {
  const primaries = async () => (await stage.database.sql`select name from pets where user_id = ${DEMO_USER_ID} and is_primary`).map((row) => row['name'])
  const { data } = await stage.gateway.ask(CreatePetDocument, { input: { name: 'Mong', species: 'DOG', weightKg: 5, approxAgeMonths: 20, isPrimary: true } }, user)
  expect(await primaries()).toEqual(['Mong'])
  await stage.gateway.askText(`mutation { deletePet(petId: "${data?.createPet.pet.id}") { petId } }`, {}, user)
  expect(await primaries()).toHaveLength(1)
})
