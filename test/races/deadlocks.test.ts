import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createPetStore, type PetFields, type PetStore } from '../../src/db/pets.ts'
import { createUserStore, type UserStore } from '../../src/db/users.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import type { Pet, Preferences } from '../../src/domain/pet.ts'
import { createTestDatabase } from '../support/database.ts'
import { waitUntil } from '../support/wait-until.ts'

let created: Awaited<ReturnType<typeof createTestDatabase>>
/** A person in psql. */
let psql: DbConnection
let ours: DbConnection
let pets: PetStore
let users: UserStore
beforeAll(async () => {
  created = await createTestDatabase()
  psql = connect(created.url, { max: 3, statementTimeoutMs: 60_000 })
  ours = connect(created.url, { max: 4 })
  pets = createPetStore(ours.db)
  users = createUserStore(ours.db)
  await seedDemo(psql.db, '2026-11-24')
})
afterAll(async () => {
  await ours.close()
  await psql.close()
  await created.drop()
})

const actor = { userId: DEMO_USER_ID, isAdmin: false }
let petIds: string[]
let names = 0
beforeEach(async () => {
  await psql.sql`delete from pets where user_id = ${DEMO_USER_ID}`
  const rows = await psql.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg, is_primary)
    select ${DEMO_USER_ID}, 'deadlock ' || ${names++} || ' ' || i, 'DOG', 30, current_date, 9, i = 1 from generate_series(1, 2) i returning id`
  petIds = rows.map(({ id }) => String(id)).toSorted()
})

const waiting = async () => (await psql.sql`select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`).length
const untilWaiting = (count: number) => waitUntil(`${count} wait for a lock`, async () => (await waiting()) === count)

/** What it is to be, and how often that was asked: once, where nobody had to be rolled back. */
function counting<T, R>(merge: (current: T) => R): { merge: (current: T) => R; times: () => number } {
  let times = 0
  return { merge: (current) => (times++, merge(current)), times: () => times }
}

const otherAllergens = (current: Preferences): Preferences => ({ ...current, hardExcludeAllergens: current.hardExcludeAllergens.length > 0 ? [] : ['LAMB'] })

test("a pet's weight and allergies, and its owner's preferences, are changed together and neither waits for what the other holds", async () => {
  const [petId = ''] = petIds
  const blocker = await psql.sql.reserve()
  try {
    await blocker`begin`
    // Holds the change of the pet between its first and its second write.
    await blocker`lock table pet_food_allergies in share row exclusive mode`
    const ofPet = counting(({ id: _id, ownerId: _owner, version: _version, createdAt: _created, updatedAt: _updated, isPrimary: _primary, species: _species, ...fields }: Pet): PetFields => ({
      ...fields,
      weightKg: 10,
      foodAllergies: ['CHICKEN'],
    }))
    const changingPet = pets.updatePet(actor, petId, ofPet.merge)
    await untilWaiting(1)
    const ofPreferences = counting(otherAllergens)
    const changingPreferences = users.updatePreferences(DEMO_USER_ID, ofPreferences.merge)
    await untilWaiting(2)
    await blocker`commit`
    const [petChange, preferencesChange] = await Promise.all([changingPet, changingPreferences])
    expect(petChange).toMatchObject({ kind: 'changed', pet: { foodAllergies: ['CHICKEN'] } })
    expect(preferencesChange.kind === 'changed' && preferencesChange.entries.length).toBeGreaterThan(0)
    expect([ofPet.times(), ofPreferences.times()]).toEqual([1, 1])
  } finally {
    await blocker`rollback`
    blocker.release()
  }
})

test('who becomes the primary pet is settled in the order in which others touch pets', async () => {
  const [first = '', last = ''] = petIds
  // The mark goes from the last pet to the first: written in that order it would be taken against the order of ids.
  await psql.sql`update pets set is_primary = (id = ${last}) where user_id = ${DEMO_USER_ID} and is_primary <> (id = ${last})`
  const other = await psql.sql.reserve()
  try {
    await other`begin`
    await other`set local deadlock_timeout = '1min'`
    await other`select touch_pets(array[${first}::uuid])`
    const setting = pets.setPrimaryPet(actor, first)
    await untilWaiting(1)
    // It waits for the first, and does not hold this one.
    await other`set local lock_timeout = '300ms'`
    await other`select touch_pets(array[${last}::uuid])`
    await other`commit`
    expect(await setting).toMatchObject({ kind: 'changed', pet: { isPrimary: true } })
  } finally {
    await other`rollback`
    other.release()
  }
})

test('a change that Postgres rolls back to end a deadlock is made again, once, and nobody is told', async () => {
  const [first = '', last = ''] = petIds
  const other = await psql.sql.reserve()
  try {
    await other`begin`
    // Somebody who keeps to no order, and whom Postgres does not look at first.
    await other`set local deadlock_timeout = '1min'`
    await other`select touch_pets(array[${last}::uuid])`
    const before = await users.readPreferences(DEMO_USER_ID)
    const ofPreferences = counting(otherAllergens)
    const changing = users.updatePreferences(DEMO_USER_ID, ofPreferences.merge)
    await untilWaiting(1)
    await other`select touch_pets(array[${first}::uuid])`
    await other`commit`
    const change = await changing
    if (change.kind !== 'changed') throw new Error('the user was there')
    const { preferences, entries } = change
    expect(preferences.hardExcludeAllergens).not.toEqual(before.hardExcludeAllergens)
    expect(entries.flatMap((entry) => (entry.kind === 'pet' ? [entry.petId] : [])).toSorted()).toEqual(petIds)
    expect(ofPreferences.times()).toBe(2)
  } finally {
    await other`rollback`
    other.release()
  }
})
