import { DeadlineError } from '../lib/deadline.ts'
import { onAnotherConnection } from './another-connection.ts'
import type { Db, Transaction } from './client.ts'
import { isConnectionLost, isRetryable, POSTGRES_DEADLINE_MS } from './errors.ts'

type Config = Parameters<Db['transaction']>[1]

/** Of one transaction that Postgres rolls back for another's sake each time. */
const RUNS = 3

/**
 * A transaction that ends with its connection, and with its deadline.
 *
 * postgres.js 3.4.9 goes on after the connection is lost: it sends a rollback, or whatever `work` asks for next, to a
 * socket that is null (an exception nobody can catch: the process dies, porsager/postgres#1208), or to the next user's
 * connection, outside of any transaction. So once it is lost nothing more is asked of it: `work` fails at its next
 * statement, and postgres.js is never told that it ended. Its own promise has been rejected by then.
 *
 * After the deadline the caller has been told that it failed, or will be in a moment. What was still waiting for a connection, or for a lock, must
 * not be committed behind that: it fails at its next statement and is rolled back.
 *
 * Where a connection is lost before even the beginning is done, nothing has been asked: it is begun on another, in the
 * same time. What Postgres rolled back to end a deadlock has left nothing behind and is run again, in the same time too:
 * so `work` does nothing outside of the transaction that it may not do twice.
 */
export async function inTransaction<T>(db: Db, work: (tx: Transaction) => Promise<T>, config?: Config, deadlineMs: number = POSTGRES_DEADLINE_MS): Promise<T> {
  const expiry = { isOver: false, hasBegun: false, deadlineMs }
  const timer = setTimeout(() => (expiry.isOver = true), deadlineMs)
  try {
    for (let left = RUNS; ; left--) {
      expiry.hasBegun = false
      try {
        return await onAnotherConnection(() => transact(db, work, config, expiry), () => !expiry.hasBegun && !expiry.isOver)
      } catch (error) {
        if (left === 1 || expiry.isOver || !isRetryable(error)) throw error
      }
    }
  } finally {
    clearTimeout(timer)
  }
}

function transact<T>(db: Db, work: (tx: Transaction) => Promise<T>, config: Config, expiry: { readonly isOver: boolean; hasBegun: boolean; readonly deadlineMs: number }): Promise<T> {
  let isLost = false
  const assertRunning = () => {
    if (isLost) throw new Error('postgres: this transaction is over: lost')
    if (expiry.isOver) throw new DeadlineError('postgres: a transaction', expiry.deadlineMs)
  }
  const done = db.transaction(async (tx) => {
    expiry.hasBegun = true
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
      if (isLost || isConnectionLost(error)) return new Promise<T>(() => {})
      throw error
    }
  }, config)
  const end = () => void (isLost = true)
  done.then(end, end)
  return done
}
