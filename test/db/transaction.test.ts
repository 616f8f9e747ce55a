import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boundedRead } from '../../src/db/another-connection.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { isPostgresUnavailable } from '../../src/db/errors.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { startTestPostgres, type TestServer } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'

let server: TestServer
let connection: DbConnection
let other: DbConnection
beforeAll(async () => {
  server = await startTestPostgres()
  connection = connect(server.url, { max: 2 })
  other = connect(server.url, { max: 1 })
  await other.sql`create table written (what text)`
})
afterAll(async () => {
  await connection.close()
  await other.close()
  await server.stop()
})

const written = async () => (await other.sql`select what from written`).map(({ what }) => String(what))
const backendOf = async (tx: { execute: typeof connection.db.execute }) => Number((await tx.execute<{ pid: number }>(sql`select pg_backend_pid() pid`))[0]?.pid)

test('a connection that is lost while the work does something else ends the transaction: the rest is never written', async () => {
  const lost = Promise.withResolvers<void>()
  const worked = Promise.withResolvers<unknown>()
  const outcome = inTransaction(connection.db, async (tx) => {
    await tx.execute(sql`insert into written values ('before')`)
    await other.sql`select pg_terminate_backend(${await backendOf(tx)})`
    await lost.promise
    try {
      await tx.execute(sql`insert into written values ('after')`)
      worked.resolve('written')
    } catch (error) {
      worked.resolve(error)
      throw error
    }
  })
  await expect(outcome).rejects.toSatisfy(isPostgresUnavailable)
  // The pool makes the connection anew for others; nothing of ours may reach it.
  await Promise.all([connection.sql`select 1`, connection.sql`select 2`])
  lost.resolve()
  expect(await worked.promise).toBeInstanceOf(Error)
  await connection.sql`select 3`
  expect(await written()).toEqual([])
})

test('a connection that is lost under a statement is an error of that transaction, and the process lives', async () => {
  for (let i = 0; i < 20; i++) {
    const outcome = inTransaction(connection.db, async (tx) => {
      const pid = await backendOf(tx)
      await Promise.all([tx.execute(sql`select pg_sleep(30)`), other.sql`select pg_terminate_backend(${pid})`])
    })
    await expect(outcome).rejects.toSatisfy(isPostgresUnavailable)
  }
  await waitUntil('the pool is well again', () => connection.sql`select 1`.then(() => true, () => false))
})

test('a statement that is refused still rolls back, and says why', async () => {
  const outcome = inTransaction(connection.db, async (tx) => {
    await tx.execute(sql`insert into written values ('undone')`)
    await tx.execute(sql`select 1 / 0`)
  })
  await expect(outcome).rejects.toMatchObject({ cause: { code: '22012' } })
  expect(await written()).toEqual([])
})

test('a connection that Postgres has taken leave of, unread as yet, costs no transaction: it is begun on another, and run once', async () => {
  const pool = connect(server.url, { max: 1 })
  let times = 0
  try {
    for (let i = 1; i <= 5; i++) {
      const [row] = await pool.sql`select pg_backend_pid() as pid`
      const pid = Number(row?.['pid'])
      // The event loop stands still until the backend has gone, so that nobody has read its last words when we begin.
      process.kill(pid, 'SIGTERM')
      while (isAlive(pid));
      await inTransaction(pool.db, async (tx) => {
        times++
        await tx.execute(sql`insert into written values ('once')`)
      })
      expect(times).toBe(i)
      expect(await written()).toHaveLength(i)
    }
  } finally {
    await pool.close()
  }
})

test('a reading on such a connection is asked on another', async () => {
  const pool = connect(server.url, { max: 1 })
  try {
    const pid = Number((await pool.sql`select pg_backend_pid() as pid`)[0]?.['pid'])
    process.kill(pid, 'SIGTERM')
    while (isAlive(pid));
    expect(await boundedRead('one', async () => [...(await pool.sql`select 1 as one`)])).toEqual([{ one: 1 }])
  } finally {
    await pool.close()
  }
})

test('what Postgres rolls back for the sake of another each time is run three times, and is then no fault of the client', async () => {
  let times = 0
  const outcome = inTransaction(connection.db, async (tx) => {
    times++
    await tx.execute(sql`insert into written values ('each time')`)
    await tx.execute(sql`do $$ begin raise exception using errcode = '40P01'; end $$`)
  })
  await expect(outcome).rejects.toSatisfy(isPostgresUnavailable)
  expect(times).toBe(3)
  expect(await written()).not.toContain('each time')
})
