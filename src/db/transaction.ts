import type { Db, Transaction } from './client.ts'
import { isConnectionLost } from './errors.ts'

type Config = Parameters<Db['transaction']>[1]

/**
 * A transaction that ends with its connection. postgres.js 3.4.9 goes on after the connection is lost: it sends a
 * rollback, or whatever `work` asks for next, to a socket that is null (an exception nobody can catch: the process dies,
 * porsager/postgres#1208), or to the next user's connection, outside of any transaction. So once it is lost nothing more
 * is asked of it: `work` fails at its next statement, and postgres.js is never told that it ended. Its own promise has
 * been rejected by then.
 */
export function inTransaction<T>(db: Db, work: (tx: Transaction) => Promise<T>, config?: Config): Promise<T> {
  let isOver = false
  const done = db.transaction(async (tx) => {
    const guarded = new Proxy(tx, {
      get: (target, property) => {
        if (isOver) throw new Error('postgres: the connection of this transaction is lost')
        return Reflect.get(target, property)
      },
    })
    try {
      const result = await work(guarded)
      return isOver ? await neverSettled<T>() : result
    } catch (error) {
      if (isOver || isConnectionLost(error)) return neverSettled<T>()
      throw error
    }
  }, config)
  done.catch(() => (isOver = true))
  return done
}

const neverSettled = <T>() => new Promise<T>(() => {})
