import { eq } from 'drizzle-orm'
import type { Transaction } from './client.ts'
import { deletedUsers, users } from './tables/users.ts'

/** Thrown inside a transaction, so that it is rolled back; `userDeleted` makes an outcome of it. */
class UserDeletedError extends Error {
  override readonly name = 'UserDeletedError'
}

/** For what a transaction with `signUp` in it throws: the outcome, or the same error again. */
export function userDeleted(error: unknown): { kind: 'user-deleted' } {
  if (error instanceof UserDeletedError) return { kind: 'user-deleted' }
  throw error
}

/**
 * Enters a user who is seen for the first time, and locks their row until the transaction ends. A token outlives its user, so
 * a user who was deleted is refused and not entered again.
 *
 * The order matters. A deletion that runs at this moment makes the insert, or else the lock, wait for its end. Only a statement
 * that begins after that sees what its trigger wrote. So `deleted_users` is read last, and what was inserted is rolled back.
 */
export async function signUp(tx: Transaction, userId: string, lock: 'update' | 'no key update'): Promise<void> {
  const made = await tx.insert(users).values({ id: userId }).onConflictDoNothing().returning({ id: users.id })
  if (made.length > 0) {
    const deleted = await tx.select({ id: deletedUsers.id }).from(deletedUsers).where(eq(deletedUsers.id, userId))
    if (deleted.length > 0) throw new UserDeletedError('a deleted user cannot be entered again')
    return
  }
  const locked = await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for(lock)
  if (locked.length === 0) throw new UserDeletedError('the user was deleted a moment ago')
}
