import { and, asc, eq, ne, sql } from 'drizzle-orm'
import { boundedRead } from './another-connection.ts'
import { isOneOf } from './any-of.ts'
import type { Allergen, HealthConcern } from '../domain/codes.ts'
import { MOST_PETS, type Pet } from '../domain/pet.ts'
import type { Db, Transaction } from './client.ts'
import { bounded, violatedUnique } from './errors.ts'
import type { OutboxEntry } from './outbox.ts'
import { pendingOf } from './outbox.ts'
import { theEpoch } from './one-row.ts'
import { petSelection, toPet } from './pet-rows.ts'
import { signUp, userDeleted } from './sign-up.ts'
import { cacheEpoch } from './tables/invalidations.ts'
import { petFoodAllergies, petHealthConcerns, pets } from './tables/pets.ts'
import { users } from './tables/users.ts'
import { inTransaction } from './transaction.ts'

/** The columns of a pet that its owner sets. `approxAgeRecordedOn` follows `approxAgeMonths`. */
export type PetFields = Omit<Pet, 'id' | 'ownerId' | 'version' | 'createdAt' | 'updatedAt' | 'isPrimary' | 'species'>

/** Who may: an owner touches only their own pets, an admin any. */
export type Actor = { userId: string; isAdmin: boolean }

/** `entries` is what the change wrote to the outbox and the cache must now be told. */
export type PetChange =
  | { kind: 'changed'; pet: Pet; entries: OutboxEntry[] }
  | { kind: 'not-found' }
  | { kind: 'name-taken' }
  | { kind: 'too-many' }
  /** Only where a user without a row would be entered: see sign-up.ts. */
  | { kind: 'user-deleted' }

/** A pet with the epoch and the lineage of the database that it was read in. */
export type PetRead = { pet: Pet; epoch: number; lineage: string }

export type PetStore = ReturnType<typeof createPetStore>

export function createPetStore(db: Db) {
  const byIds = db
    .select({ ...petSelection, epoch: cacheEpoch.epoch, lineage: cacheEpoch.lineage })
    .from(pets)
    .innerJoin(theEpoch, sql`true`)
    .where(isOneOf(pets.id, sql.placeholder('ids')))
    .prepare('pets_by_ids')

  const readPets = async (ids: readonly string[]): Promise<Map<string, PetRead>> => {
    const rows = await boundedRead('pets', () => byIds.execute({ ids: [...ids] }))
    return new Map(rows.map((row) => [row.pet.id, { pet: toPet(row), epoch: row.epoch, lineage: row.lineage }]))
  }

  /** Which of these there are not. */
  const findGone = async (ids: readonly string[]): Promise<string[]> => {
    const found = await boundedRead('pets', async () => db.select({ id: pets.id }).from(pets).where(isOneOf(pets.id, ids)))
    const there = new Set(found.map(({ id }) => id))
    return ids.filter((id) => !there.has(id))
  }

  /** Oldest first. */
  const readPetsOf = async (userId: string): Promise<Pet[]> => {
    const rows = await boundedRead('pets', async () => db.select(petSelection).from(pets).where(eq(pets.userId, userId)).orderBy(asc(pets.createdAt), asc(pets.id)))
    return rows.map(toPet)
  }

  /** The first pet of a user is their primary one unless `isPrimary` says no; `too-many` for one beyond MOST_PETS. */
  const createPet = (userId: string, species: Pet['species'], fields: PetFields, isPrimary: boolean | undefined): Promise<PetChange> =>
    change('create pet', async (tx) => {
      await signUp(tx, userId, 'no key update')
      // Under the user's lock, so that of two that come together the second counts the first.
      const owned = await tx.$count(pets, eq(pets.userId, userId))
      if (owned >= MOST_PETS) return { kind: 'too-many' }
      const primary = isPrimary ?? owned === 0
      const dethroned = primary ? await dethrone(tx, userId) : []
      const { healthConcerns, foodAllergies, ...columns } = fields
      const [row] = await tx.insert(pets).values({ ...columns, userId, species, isPrimary: primary }).returning({ id: pets.id })
      const id = row?.id ?? ''
      await addCodes(tx, id, healthConcerns, foodAllergies)
      return changed(tx, id, [id, ...dethroned])
    })

  const updatePet = (actor: Actor, petId: string, merge: (pet: Pet) => PetFields): Promise<PetChange> =>
    change('update pet', async (tx) => {
      const before = await lockPetAndUser(tx, actor, petId)
      if (before === undefined) return { kind: 'not-found' }
      const { healthConcerns, foodAllergies, ...columns } = merge(before)
      await tx.update(pets).set(columns).where(eq(pets.id, petId))
      // Rewritten only if they differ: each statement on them draws a version.
      if (!sameCodes(before.healthConcerns, healthConcerns)) {
        await tx.delete(petHealthConcerns).where(eq(petHealthConcerns.petId, petId))
        await addCodes(tx, petId, healthConcerns, [])
      }
      if (!sameCodes(before.foodAllergies, foodAllergies)) {
        await tx.delete(petFoodAllergies).where(eq(petFoodAllergies.petId, petId))
        await addCodes(tx, petId, [], foodAllergies)
      }
      return changed(tx, petId, [petId])
    })

  /** The oldest pet left becomes the primary one if it was the primary that went. */
  const deletePet = (actor: Actor, petId: string): Promise<{ kind: 'deleted'; entries: OutboxEntry[] } | { kind: 'not-found' }> =>
    bounded(
      'delete pet',
      inTransaction(db, async (tx) => {
        const owner = await ownerOf(tx, actor, petId)
        if (owner === undefined) return { kind: 'not-found' }
        await lockUserAndPets(tx, owner)
        const [gone] = await tx.delete(pets).where(eq(pets.id, petId)).returning({ wasPrimary: pets.isPrimary })
        if (gone === undefined) return { kind: 'not-found' }
        const touched = [petId]
        if (gone.wasPrimary) {
          const oldest = tx.select({ id: pets.id }).from(pets).where(eq(pets.userId, owner)).orderBy(asc(pets.createdAt), asc(pets.id)).limit(1)
          const promoted = await tx.update(pets).set({ isPrimary: true }).where(sql`${pets.id} = (${oldest})`).returning({ id: pets.id })
          touched.push(...promoted.map(({ id }) => id))
        }
        return { kind: 'deleted', entries: await pendingOf(tx, touched) }
      }),
    )

  const setPrimaryPet = (actor: Actor, petId: string): Promise<PetChange> =>
    change('set primary pet', async (tx) => {
      const owner = await ownerOf(tx, actor, petId)
      if (owner === undefined) return { kind: 'not-found' }
      await lockUserAndPets(tx, owner)
      const dethroned = await dethrone(tx, owner, petId)
      const [row] = await tx.update(pets).set({ isPrimary: true }).where(eq(pets.id, petId)).returning({ id: pets.id })
      return row === undefined ? { kind: 'not-found' } : changed(tx, petId, [petId, ...dethroned])
    })

  /** Draw a new version without changing anything else: for a forced refresh and for clearing. */
  const touchPet = (
    actor: Actor,
    petId: string,
    within: (tx: Transaction) => Promise<number> = async () => 0,
  ): Promise<{ kind: 'touched'; count: number; entries: OutboxEntry[] } | { kind: 'not-found' }> =>
    bounded(
      'touch pet',
      inTransaction(db, async (tx) => {
        // Sent together and done in this order. The touch takes the pet's row, and that holds off whoever else writes it.
        const touching = tx
          .select({ touched: sql<number>`touch_pets(array_agg(${pets.id}))::int` })
          .from(pets)
          .where(visibleTo(actor, petId))
          .prepare('touch_pet')
          .execute()
        const [[row], entries] = await Promise.all([touching, pendingOf(tx, [petId])])
        return row?.touched === 1 ? { kind: 'touched', count: await within(tx), entries } : { kind: 'not-found' }
      }),
    )

  const change = async (what: string, work: (tx: Transaction) => Promise<PetChange>): Promise<PetChange> => {
    try {
      return await bounded(what, inTransaction(db, work))
    } catch (error) {
      if (violatedUnique(error) === 'pets_user_name') return { kind: 'name-taken' }
      return userDeleted(error)
    }
  }

  return { readPets, findGone, readPetsOf, createPet, updatePet, deletePet, setPrimaryPet, touchPet }
}

async function changed(tx: Transaction, petId: string, touched: readonly string[]): Promise<PetChange> {
  const [row] = await tx.select(petSelection).from(pets).where(eq(pets.id, petId))
  return row === undefined ? { kind: 'not-found' } : { kind: 'changed', pet: toPet(row), entries: await pendingOf(tx, touched) }
}

/** Two statements that both move the primary mark of one user take turns here. */
async function lockUser(tx: Transaction, userId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update')
}

/** For who writes several pets: in the order of drizzle/0001_triggers.sql, so that nobody who touches them waits for us while we wait for them. */
async function lockUserAndPets(tx: Transaction, userId: string): Promise<void> {
  await lockUser(tx, userId)
  await tx.select({ id: pets.id }).from(pets).where(eq(pets.userId, userId)).orderBy(asc(pets.id)).for('no key update')
}

function visibleTo(actor: Actor, petId: string) {
  return actor.isAdmin ? eq(pets.id, petId) : and(eq(pets.id, petId), eq(pets.userId, actor.userId))
}

async function ownerOf(tx: Transaction, actor: Actor, petId: string): Promise<string | undefined> {
  const [row] = await tx.select({ userId: pets.userId }).from(pets).where(visibleTo(actor, petId))
  return row?.userId
}

/** The pet as it stands, held against every other writer until the transaction ends. Undefined where it is not the actor's. */
export async function lockPet(tx: Transaction, actor: Actor, petId: string): Promise<Pet | undefined> {
  const [locked] = await tx.select({ id: pets.id }).from(pets).where(visibleTo(actor, petId)).for('no key update')
  if (locked === undefined) return undefined
  // Read after the lock, in a statement of its own: whoever held it may have changed the concerns and allergies.
  const [row] = await tx.select(petSelection).from(pets).where(eq(pets.id, petId))
  return row === undefined ? undefined : toPet(row)
}

/**
 * For who writes the pet's row more than once: from the second time on Postgres checks its foreign key, and takes the owner's
 * row for that. A change of preferences holds that one and waits for the pet's. So the owner's comes first.
 */
async function lockPetAndUser(tx: Transaction, actor: Actor, petId: string): Promise<Pet | undefined> {
  const owner = tx.select({ id: pets.userId }).from(pets).where(visibleTo(actor, petId))
  await tx.select({ id: users.id }).from(users).where(sql`${users.id} = (${owner})`).for('key share')
  return lockPet(tx, actor, petId)
}

/** Take the primary mark off every other pet of the user. Returns whose it was. */
async function dethrone(tx: Transaction, userId: string, exceptPetId?: string): Promise<string[]> {
  const others = and(eq(pets.userId, userId), eq(pets.isPrimary, true), exceptPetId === undefined ? undefined : ne(pets.id, exceptPetId))
  const rows = await tx.update(pets).set({ isPrimary: false }).where(others).returning({ id: pets.id })
  return rows.map(({ id }) => id)
}

async function addCodes(tx: Transaction, petId: string, concerns: readonly HealthConcern[], allergens: readonly Allergen[]): Promise<void> {
  if (concerns.length > 0) await tx.insert(petHealthConcerns).values(concerns.map((concern) => ({ petId, concern })))
  if (allergens.length > 0) await tx.insert(petFoodAllergies).values(allergens.map((allergen) => ({ petId, allergen })))
}

function sameCodes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((code) => b.includes(code))
}
