import { setImmediate } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { isPostgresUnavailable } from '../../src/db/errors.ts'
import type { PostgresSocket } from '../../src/db/postgres-socket.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { withDeadline } from '../../src/lib/deadline.ts'
import { startTestPostgres, type TestServer } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Milliseconds; less than the 3 s that the driver gives a connect. */
const AT_ONCE_MS = 2_000
/** Turns of the event loop: more than it takes the driver to see the end of a connection, fewer than it has statements under way. */
const TURNS = 30
/** Milliseconds; many times what Postgres needs for a `begin`. */
const ANSWERED_MS = 100

let server: TestServer
let admin: DbConnection
beforeAll(async () => {
  server = await startTestPostgres()
  admin = connect(server.url, { max: 1 })
})
afterAll(async () => {
  await admin.close()
  await server.stop()
})

const onPool = async (work: (pool: DbConnection) => Promise<void>, url = server.url): Promise<void> => {
  const pool = connect(url, { max: 1 })
  try {
    await work(pool)
  } finally {
    await pool.close()
  }
}
const one = (pool: DbConnection) => withDeadline('a statement', AT_ONCE_MS, Promise.resolve(pool.sql`select 1 as one`.then((rows) => [...rows])))
const backendOf = async (pool: DbConnection) => Number((await pool.sql`select pg_backend_pid() as pid`)[0]?.['pid'])

test('a connection that ends while a statement is about to be written to it is made anew at once', () =>
  onPool(async (pool) => {
    let closed = 0
    Object.assign(pool.sql.options, { onclose: () => closed++ })
    for (let i = 1; i <= 5; i++) {
      const pid = await backendOf(pool)
      // The event loop stands still until the backend has gone: the end of the connection is read in one of the next turns.
      process.kill(pid, 'SIGTERM')
      while (isAlive(pid));
      // An end is told behind the callbacks of setImmediate, and ours are behind the driver's, which write. So whichever turn the
      // end is told in, what was asked last is not yet written.
      const asked: Promise<unknown>[] = []
      for (let turn = 0; turn < TURNS; turn++) {
        asked.push(pool.sql`select 1`.catch(() => {}))
        await new Promise<void>((resolve) => process.nextTick(resolve))
        await setImmediate()
      }
      expect(await one(pool)).toEqual([{ one: 1 }])
      await Promise.all(asked)
      expect(closed).toBe(i)
    }
  }))

test('with what Postgres ended a connection is told to whom it ended, and not once more to whoever is next', () =>
  onPool(async (pool) => {
    for (let i = 0; i < 5; i++) {
      const pid = await backendOf(pool)
      const sleeping = expect(pool.sql`select pg_sleep(30)`).rejects.toMatchObject({ code: '57P01' })
      await waitUntil('it sleeps', async () => (await admin.sql`select 1 from pg_stat_activity where pid = ${pid} and state = 'active' and query like '%pg_sleep(30)%'`).length === 1)
      await admin.sql`select pg_terminate_backend(${pid})`
      await sleeping
      expect(await one(pool)).toEqual([{ one: 1 }])
    }
  }))

test('a connection lost under a statement and refused when it is made anew says why, at once', async () => {
  await admin.sql`create database closing`
  const url = new URL(server.url)
  url.pathname = 'closing'
  await onPool(async (pool) => {
    const pid = await backendOf(pool)
    const sleeping = expect(pool.sql`select pg_sleep(30)`).rejects.toMatchObject({ code: '57P01' })
    await waitUntil('it sleeps', async () => (await admin.sql`select 1 from pg_stat_activity where pid = ${pid} and state = 'active' and query like '%pg_sleep(30)%'`).length === 1)
    await admin.sql`alter database closing allow_connections false`
    await admin.sql`select pg_terminate_backend(${pid})`
    await sleeping
    await expect(one(pool)).rejects.toMatchObject({ code: '55000' })
    await admin.sql`alter database closing allow_connections true`
    expect(await one(pool)).toEqual([{ one: 1 }])
  }, url.href)
})

test('a transaction that Postgres ends with its connection, for whatever reason, fails, and the process lives', () =>
  onPool(async (pool) => {
    const sockets: PostgresSocket[] = []
    const make: (target: unknown) => PostgresSocket = Reflect.get(pool.sql.options, 'socket')
    Object.assign(pool.sql.options, {
      socket: (target: unknown) => {
        const made = make(target)
        sockets.push(made)
        return made
      },
    })
    const outcome = inTransaction(pool.db, async (tx) => {
      await tx.execute(sql`select 1`)
      // There is no such message.
      sockets[0]?.write(Buffer.from([1, 0, 0, 0, 4]))
      await tx.execute(sql`select pg_sleep(30)`)
    })
    await expect(outcome).rejects.toSatisfy(isPostgresUnavailable)
    expect(await one(pool)).toEqual([{ one: 1 }])
  }))

test('a transaction whose connection ends right behind the answer to its beginning is told, and the process lives', () =>
  onPool(async (pool) => {
    for (let i = 0; i < 5; i++) {
      const pid = await backendOf(pool)
      // Done where Postgres was too slow to answer in time: then it was begun on another connection.
      const outcome = inTransaction(pool.db, (tx) => tx.execute(sql`select 1`)).then(() => 'done', (error) => (isPostgresUnavailable(error) ? 'unavailable' : error))
      // The beginning is written, and answered while the event loop stands still: the answer and the end are read at once.
      await setImmediate()
      await setImmediate()
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ANSWERED_MS)
      process.kill(pid, 'SIGTERM')
      while (isAlive(pid));
      expect(['unavailable', 'done']).toContain(await withDeadline('a transaction', AT_ONCE_MS, outcome))
      expect(await one(pool)).toEqual([{ one: 1 }])
    }
  }))

test('who listens is listening again when the connection was lost', () =>
  onPool(async (pool) => {
    const heard: string[] = []
    let times = 0
    await pool.sql.listen('news', (text) => heard.push(text), () => times++)
    for (let i = 1; i <= 3; i++) {
      await admin.sql`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'`
      await waitUntil('it listens again', () => times === i + 1)
      await admin.sql`select pg_notify('news', ${String(i)})`
      await waitUntil('it is heard', () => heard.length === i)
    }
    expect(heard).toEqual(['1', '2', '3'])
  }))

test('a statement can be cancelled', () =>
  onPool(async (pool) => {
    const sleeping = pool.sql`select pg_sleep(30)`
    const outcome = expect(sleeping).rejects.toMatchObject({ code: '57014' })
    await waitUntil('it sleeps', async () => (await admin.sql`select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(30)%' and pid <> pg_backend_pid()`).length === 1)
    sleeping.cancel()
    await outcome
    expect(await one(pool)).toEqual([{ one: 1 }])
  }))
