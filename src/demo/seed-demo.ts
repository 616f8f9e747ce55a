import { isOneOf } from '../db/any-of.ts'
import type { Db, Transaction } from '../db/client.ts'
import { petFoodAllergies, petHealthConcerns, pets } from '../db/tables/pets.ts'
import { deletedUsers, users } from '../db/tables/users.ts'
import { writeProducts } from '../db/write-products.ts'
import { DEMO_PETS, type DemoPet } from './pets.ts'
import { demoProducts } from './products.ts'
import { DEMO_USERS } from './users.ts'
import { inTransaction } from '../db/transaction.ts'

export type SeedCounts = { users: number; pets: number; products: number }

/**
 * Put the demo into the database; answers how much was new or changed. Run again, it does nothing: a person of the demo
 * who is there already keeps their pets as they are, renamed, heavier or deleted, and who was deleted stays so. `today`
 * is the day on which the ages are right.
 */
export async function seedDemo(db: Db, today: string): Promise<SeedCounts> {
  const outcomes = await writeProducts(db, demoProducts())
  const people = await inTransaction(db, (tx) => seedPeople(tx, today))
  return { ...people, products: outcomes.filter((outcome) => outcome !== 'unchanged').length }
}

/** People and pets in one transaction: a demo user without pets would be taken for one who deleted them. */
async function seedPeople(tx: Transaction, today: string): Promise<Omit<SeedCounts, 'products'>> {
  const ids = DEMO_USERS.map(({ id }) => id)
  const deleted = await tx.select({ id: deletedUsers.id }).from(deletedUsers).where(isOneOf(deletedUsers.id, ids))
  const wanted = DEMO_USERS.filter(({ id }) => !deleted.some((one) => one.id === id))
  if (wanted.length === 0) return { users: 0, pets: 0 }
  const added = await tx.insert(users).values(wanted).onConflictDoNothing().returning({ id: users.id })
  const newIds = new Set(added.map(({ id }) => id))
  const fresh = DEMO_PETS.filter(({ ownerId }) => newIds.has(ownerId))
  if (fresh.length > 0) await insertPets(tx, fresh, today)
  return { users: newIds.size, pets: fresh.length }
}

async function insertPets(tx: Transaction, fresh: readonly DemoPet[], today: string): Promise<void> {
  await tx.insert(pets).values(
    fresh.map(({ ownerId, healthConcerns: _concerns, foodAllergies: _allergies, ...pet }) => ({ ...pet, userId: ownerId, approxAgeRecordedOn: today })),
  )
  const concerns = fresh.flatMap(({ id, healthConcerns }) => healthConcerns.map((concern) => ({ petId: id, concern })))
  const allergies = fresh.flatMap(({ id, foodAllergies }) => foodAllergies.map((allergen) => ({ petId: id, allergen })))
  if (concerns.length > 0) await tx.insert(petHealthConcerns).values(concerns)
  if (allergies.length > 0) await tx.insert(petFoodAllergies).values(allergies)
}
