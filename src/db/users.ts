import { eq, sql } from 'drizzle-orm'
import type { Preferences } from '../domain/pet.ts'
import { boundedRead } from './another-connection.ts'
import type { Db } from './client.ts'
import { bounded } from './errors.ts'
import { pendingOf, type OutboxEntry } from './outbox.ts'
import { toPreferences } from './pet-rows.ts'
import { signUp, userDeleted } from './sign-up.ts'
import { pets } from './tables/pets.ts'
import { recommendationPreferences, users } from './tables/users.ts'
import { inTransaction } from './transaction.ts'

/** `entries` is what the change wrote to the outbox and the cache must now be told. */
export type PreferencesChange = { kind: 'changed'; preferences: Preferences; entries: OutboxEntry[] } | { kind: 'user-deleted' }

export type UserStore = ReturnType<typeof createUserStore>

export function createUserStore(db: Db) {
  return {
    /** Undefined for a device that was never seen. */
    findDevice: (deviceUid: string): Promise<string | undefined> => findDevice(db, deviceUid),

    /**
     * Makes a user of a device seen for the first time, or finds the one whom another process has just made of it. One
     * statement, so that no deletion comes between the two; a row that was there is written as it was.
     */
    registerDevice: async (deviceUid: string): Promise<string> => {
      const upsert = db
        .insert(users)
        .values({ deviceUid })
        .onConflictDoUpdate({ target: users.deviceUid, set: { createdAt: sql`${users.createdAt}` } })
        .returning({ id: users.id })
      const [user] = await bounded('device', upsert)
      if (user === undefined) throw new Error('an upsert returned no row')
      return user.id
    },

    readPreferences: async (userId: string): Promise<Preferences> => {
      const [row] = await boundedRead(
        'preferences',
        async () => db.select().from(recommendationPreferences).where(eq(recommendationPreferences.userId, userId)),
      )
      return toPreferences(row)
    },

    /** `merge` sees what is stored and locked; every pet of the user draws a version if anything came out different. */
    updatePreferences: (userId: string, merge: (current: Preferences) => Preferences): Promise<PreferencesChange> =>
      bounded(
        'update preferences',
        inTransaction<PreferencesChange>(db, async (tx) => {
          await signUp(tx, userId, 'update')
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
          return { kind: 'changed', preferences, entries: await pendingOf(tx, owned.map(({ id }) => id)) }
        }).catch(userDeleted),
      ),
  }
}

async function findDevice(db: Db, deviceUid: string): Promise<string | undefined> {
  const [known] = await bounded('device', db.select({ id: users.id }).from(users).where(eq(users.deviceUid, deviceUid)))
  return known?.id
}
