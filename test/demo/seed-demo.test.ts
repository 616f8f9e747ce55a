import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCatalogue } from '../../src/db/catalogue.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createComputeInputReader } from '../../src/db/compute-input.ts'
import { DEMO_ALLERGIC_DOG_ID, DEMO_LARGE_PUPPY_ID, DEMO_NEUTERED_CAT_ID, DEMO_PETS } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_DEVICE_UID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { ageStage, traitsOf } from '../../src/domain/age.ts'
import { findBreed } from '../../src/domain/breeds.ts'
import { recommend } from '../../src/domain/scoring/recommend.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildConditions } from '../support/build-pet.ts'

const krwRates = { asOf: '2026-11-01', perUnit: { USD: 1390 } }
let database: TestDatabase
let connection: DbConnection
let today: string

beforeAll(async () => {
  database = await createTestDatabase()
  connection = connect(database.url)
  today = new Date().toISOString().slice(0, 10)
  await seedDemo(connection.db, today)
})
afterAll(async () => {
  await connection.close()
  await database.drop()
})

const inputsOf = (petIds: readonly string[]) => createComputeInputReader(connection.db)(petIds)

test('seeding twice at once, and again, is seeding once', async () => {
  const fresh = await createTestDatabase()
  const other = connect(fresh.url)
  try {
    const [one, two] = await Promise.all([seedDemo(other.db, today), seedDemo(other.db, today)])
    expect(one.products + two.products).toBe(134)
    expect({ users: one.users + two.users, pets: one.pets + two.pets }).toEqual({ users: 3, pets: DEMO_PETS.length })
    expect(await seedDemo(other.db, '2030-01-01')).toEqual({ users: 0, pets: 0, products: 0 })
  } finally {
    await other.close()
    await fresh.drop()
  }
})

test('a demo user who was deleted stays deleted, pets and all', async () => {
  const fresh = await createTestDatabase()
  const other = connect(fresh.url)
  try {
    await seedDemo(other.db, today)
    await other.sql`delete from users where id = ${DEMO_USER_ID}`
    expect(await seedDemo(other.db, today)).toEqual({ users: 0, pets: 0, products: 0 })
    await other.sql`delete from users`
    expect(await seedDemo(other.db, today)).toEqual({ users: 0, pets: 0, products: 0 })
  } finally {
    await other.close()
    await fresh.drop()
  }
})

test.for(DEMO_PETS.map(({ name, id }) => [name, id] as const))('%s gets ten items, free of what it cannot eat', async ([, id]) => {
  const input = (await inputsOf([id])).get(id)
  if (input === undefined) throw new Error('the pet is not there')
  const { products } = await createCatalogue({ db: connection.db, krwRates }).at(input.catalogueVersion, input.lineage)
  const { items } = recommend({ pet: traitsOf(input.pet, today), preferences: input.preferences, conditions: buildConditions(), catalogue: products })
  expect(items).toHaveLength(10)
  for (const { product } of items) expect(input.pet.foodAllergies.filter((allergen) => product.allergens.includes(allergen))).toEqual([])
})

test('the device of the demo is the demo user, with a dog that must not have chicken, a neutered cat and a large puppy', async () => {
  expect(await connection.sql`select id from users where device_uid = ${DEMO_DEVICE_UID}`).toEqual([{ id: DEMO_USER_ID }])
  const inputs = await inputsOf(DEMO_PETS.map(({ id }) => id))
  const petOf = (id: string) => inputs.get(id)?.pet
  expect(petOf(DEMO_ALLERGIC_DOG_ID)).toMatchObject({ ownerId: DEMO_USER_ID, species: 'DOG', foodAllergies: ['CHICKEN'], isPrimary: true })
  expect(petOf(DEMO_NEUTERED_CAT_ID)).toMatchObject({ ownerId: DEMO_USER_ID, species: 'CAT', isNeutered: true })
  const puppy = petOf(DEMO_LARGE_PUPPY_ID)
  expect(puppy && ageStage(puppy, today)).toBe('PUPPY')
  for (const { species, breedCode } of DEMO_PETS) expect(breedCode === null ? undefined : findBreed(species, breedCode), String(breedCode)).toBeDefined()
})

test('a pet of the demo that was changed or deleted stays so', async () => {
  await connection.sql`update pets set name = 'Renamed', weight_kg = 9 where id = ${DEMO_ALLERGIC_DOG_ID}`
  await connection.sql`delete from pets where id = ${DEMO_NEUTERED_CAT_ID}`
  const before = await connection.sql`select * from pets order by id`
  expect(await seedDemo(connection.db, today)).toEqual({ users: 0, pets: 0, products: 0 })
  expect(await connection.sql`select * from pets order by id`).toEqual(before)
})
