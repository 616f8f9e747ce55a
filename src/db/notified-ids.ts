import type { Logger } from '../lib/logger.ts'
import type { DbConnection } from './client.ts'
import { bounded } from './errors.ts'

const CHANNEL = 'users_changed'
/** Milliseconds: the wait after an attempt to listen that failed. */
const RETRY_MS = 1_000

/** `undefined` stands for every user: what was notified before is lost, or all users are gone. */
export type UserListener = (userId: string | undefined) => void

/**
 * Tells `onChange` which users were deleted or got another device, as triggers on `users` notify it. What was notified
 * while the connection was away is lost, so each (re)connect counts as a change of every user.
 */
export function createUserChanges({ sql, onChange, logger }: Pick<DbConnection, 'sql'> & { onChange: UserListener; logger: Logger }) {
  let closed = false
  let retry: NodeJS.Timeout | undefined
  let unlisten: (() => Promise<void>) | undefined
  let listening: Promise<void> = Promise.resolve()

  const listen = async (): Promise<void> => {
    try {
      const notified = (payload: string) => onChange(payload === '' ? undefined : payload)
      const state = await bounded('listen', sql.listen(CHANNEL, notified, () => onChange(undefined)))
      unlisten = state.unlisten
    } catch (error) {
      logger.warn({ err: error }, 'users: not listening for changed devices, trying again in a moment')
      if (!closed) retry = setTimeout(() => (listening = listen()), RETRY_MS)
    }
  }

  return {
    start: () => {
      listening = listen()
    },
    close: async (): Promise<void> => {
      closed = true
      clearTimeout(retry)
      await listening
      if (unlisten !== undefined) await bounded('unlisten', unlisten()).catch(() => {})
    },
  }
}
