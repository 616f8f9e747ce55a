import { eq, sql } from 'drizzle-orm'
import type { Preferences } from '../domain/pet.ts'
import { boundedRead } from './another-connection.ts'
import type { Db } from './client.ts'
import { bounded } from './errors.ts'
import { pendingOf, type OutboxEntry } from './outbox.ts'
import { toPreferences } from './pet-rows.ts'
import { pets } from './tables/pets.ts'
import { recommendationPreferences, users } from './tables/users.ts'
import { inTransaction } from './transaction.ts'

export type UserStore = ReturnType<typeof createUserStore>

export function createUserStore(db: Db) {
  return {
    /** Undefined for a device that was never seen. */
    findDevice: (deviceUid: string): Promise<string | undefined> => findDevice(db, deviceUid),

    /** Makes a user of a device seen for the first time. */
    registerDevice: async (deviceUid: string): Promise<string> => {
      await bounded('device', db.insert(users).values({ deviceUid }).onConflictDoNothing())
      const made = await findDevice(db, deviceUid)
      if (made === undefined) throw new Error('a device that was just registered is gone')
      return made
    },

    readPreferences: async (userId: string): Promise<Preferences> => {
      const [row] = await boundedRead(
        'preferences',
        async () => db.select().from(recommendationPreferences).where(eq(recommendationPreferences.userId, userId)),
      )
      return toPreferences(row)
    },

    /** `merge` sees what is stored and locked; every pet of the user draws a version if anything came out different. */
    updatePreferences: (userId: string, merge: (current: Preferences) => Preferences): Promise<{ preferences: Preferences; entries: OutboxEntry[] }> =>
      bounded(
        'update preferences',
        inTransaction(db, async (tx) => {
          await tx.insert(users).values({ id: userId }).onConflictDoNothing()
          await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update')
          const [row] = await tx.select().from(recommendationPreferences).where(eq(recommendationPreferences.userId, userId))
          const before = toPreferences(row)
          const preferences = merge(before)
          if (JSON.stringify(before) !== JSON.stringify(preferences)) {
            await tx
              .insert(recommendationPreferences)
              .values({ userId, ...preferences })
              .onConflictDoUpdate({ target: recommendationPreferences.userId, set: { ...preferences, updatedAt: sql`now()` } })
          }
          const owned = await tx.select({ id: pets.id }).from(pets).where(eq(pets.userId, userId))
          return { preferences, entries: await pendingOf(tx, owned.map(({ id }) => id)) }
        }),
      ),
  }
}

async function findDevice(db: Db, deviceUid: string): Promise<string | undefined> {
  const [known] = await bounded('device', db.select({ id: users.id }).from(users).where(eq(users.deviceUid, deviceUid)))
  return known?.id
}
