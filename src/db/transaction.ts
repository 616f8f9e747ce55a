import type { Db, Transaction } from './client.ts'
import { isConnectionLost, POSTGRES_DEADLINE_MS } from './errors.ts'

type Config = Parameters<Db['transaction']>[1]

/**
 * A transaction that ends with its connection, and with its deadline.
 *
 * postgres.js 3.4.9 goes on after the connection is lost: it sends a rollback, or whatever `work` asks for next, to a
 * socket that is null (an exception nobody can catch: the process dies, porsager/postgres#1208), or to the next user's
 * connection, outside of any transaction. So once it is lost nothing more is asked of it: `work` fails at its next
 * statement, and postgres.js is never told that it ended. Its own promise has been rejected by then.
 *
 * After the deadline the caller has been told that it failed. What was still waiting for a connection, or for a lock, must
 * not be committed behind that: it fails at its next statement and is rolled back.
 */
export function inTransaction<T>(db: Db, work: (tx: Transaction) => Promise<T>, config?: Config, deadlineMs: number = POSTGRES_DEADLINE_MS): Promise<T> {
  let state: 'running' | 'expired' | 'lost' = 'running'
  const timer = setTimeout(() => (state = 'expired'), deadlineMs)
  const assertRunning = () => {
    if (state !== 'running') throw new Error(`postgres: this transaction is over: ${state}`)
  }
  const done = db.transaction(async (tx) => {
    const guarded = new Proxy(tx, {
      get: (target, property) => {
        assertRunning()
        return Reflect.get(target, property)
      },
    })
    try {
      assertRunning()
      const result = await work(guarded)
      assertRunning()
      return result
    } catch (error) {
      if (state === 'lost' || isConnectionLost(error)) return new Promise<T>(() => {})
      throw error
    }
  }, config)
  const end = () => {
    clearTimeout(timer)
    state = 'lost'
  }
  done.then(end, end)
  return done
}
