import type { Logger } from '../lib/logger.ts'
import type { DbConnection } from './client.ts'
import { bounded } from './errors.ts'

/** Milliseconds: the wait after an attempt to listen that failed. */
const RETRY_MS = 1_000

/** `users_changed`: a user is gone, or has another id or device. `pets_gone`: a pet was deleted. Triggers notify the id. */
export type Channel = 'users_changed' | 'pets_gone'

/**
 * Passes on the ids that triggers notify on `channel`. `undefined` stands for every id: the table was truncated, or
 * listening (re)began, and what was notified before is lost.
 */
export function createNotifiedIds({ sql, channel, onId, logger }: Pick<DbConnection, 'sql'> & {
  channel: Channel
  onId: (id: string | undefined) => void
  logger: Logger
}) {
  let closed = false
  let retry: NodeJS.Timeout | undefined
  let unlisten: (() => Promise<void>) | undefined
  let listening: Promise<void> = Promise.resolve()

  const listen = async (): Promise<void> => {
    try {
      const notified = (payload: string) => onId(payload === '' ? undefined : payload)
      const state = await bounded('listen', sql.listen(channel, notified, () => onId(undefined)))
      unlisten = state.unlisten
    } catch (error) {
      logger.warn({ err: error, channel }, 'postgres: not listening, trying again in a moment')
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
