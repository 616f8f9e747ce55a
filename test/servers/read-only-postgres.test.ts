import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest'
import { boundedRead } from '../../src/db/another-connection.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { isPostgresUnavailable } from '../../src/db/errors.ts'
import { migrate } from '../../src/db/migrate.ts'
import { createOutbox } from '../../src/db/outbox.ts'
import { assertWritable } from '../../src/db/read-only.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { withDeadline } from '../../src/lib/deadline.ts'
import { askPostgres } from '../support/postgres-node.ts'
import { createPostgresWorld, type PostgresWorld } from '../support/postgres-world.ts'
import { startSilentPooler } from '../support/silent-pooler.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Milliseconds. */
const AT_ONCE_MS = 2_000

let world: PostgresWorld
beforeAll(async () => {
  world = await createPostgresWorld({ folder: inject('testFolder') })
}, 60_000)
afterAll(() => world.close())

const poolOn = (url: string, max = 1): DbConnection => {
  const pool = connect(url, { max })
  onTestFinished(pool.close)
  return pool
}
const portOf = (url: string): string => new URL(url).port
const backendOf = async (pool: DbConnection): Promise<number> => {
  const ask = async () => pool.sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  const [row] = await boundedRead('backend', ask, AT_ONCE_MS)
  return row?.pid ?? 0
}
const onPrimary = (statement: string) =>
  askPostgres(world.primaryUrl(), async (admin) => {
    await admin`set default_transaction_read_only = off`
    await admin.unsafe(statement)
  })
const writeTo = (pool: DbConnection) => inTransaction(pool.db, (tx) => tx.execute(sql`update cache_epoch set epoch = epoch`))
const readOnly = (words: RegExp) => expect.objectContaining({ code: '25006', message: expect.stringMatching(words) })

test('a standby is asked nothing, and the primary is found as soon as the name leads there', async () => {
  const { url } = await world.route('found')
  const pool = poolOn(url)
  await backendOf(pool)
  await world.point('found', 'standby')
  const asked = withDeadline('a read', AT_ONCE_MS, boundedRead('one', async () => pool.sql`select 1`))
  const error: unknown = await asked.catch((thrown: unknown) => thrown)
  expect(error).toEqual(readOnly(new RegExp(`the Postgres at 127.0.0.1:${portOf(url)} is a standby`)))
  expect(isPostgresUnavailable(error)).toBe(true)
  await expect(inTransaction(pool.db, (tx) => tx.execute(sql`select 1`))).rejects.toSatisfy(isPostgresUnavailable)
  await world.point('found', 'primary')
  expect(await backendOf(pool)).toBeGreaterThan(0)
})

test('of two hosts the primary is used where the first is a standby, and nobody notices', async () => {
  const { username, password, pathname } = new URL(world.primaryUrl())
  vi.stubEnv('PGHOST', [world.standbyUrl(), world.primaryUrl()].map((one) => `127.0.0.1:${portOf(one)}`).join())
  vi.stubEnv('PGUSER', username)
  vi.stubEnv('PGPASSWORD', password)
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(await backendOf(poolOn(`postgres://${pathname}`))).toBeGreaterThan(0)
  await migrate(`postgres://${pathname}`)
})

test('a primary that is told to take no writes is left, and is used again when it may', async () => {
  onTestFinished(async () => {
    await onPrimary('alter system reset default_transaction_read_only')
    await onPrimary('select pg_reload_conf()')
  })
  const pool = poolOn(world.primaryUrl())
  await backendOf(pool)
  await onPrimary('alter system set default_transaction_read_only = on')
  await onPrimary('select pg_reload_conf()')
  const write = () =>
    writeTo(pool).then(
      () => 'written',
      (error: unknown) => error,
    )
  await waitUntil('it takes no writes', async () => (await write()) !== 'written')
  expect(await write()).toSatisfy(isPostgresUnavailable)
  await expect(backendOf(pool)).rejects.toEqual(readOnly(/is read-only: default_transaction_read_only is on/))

  await onPrimary('alter system reset default_transaction_read_only')
  await onPrimary('select pg_reload_conf()')
  await waitUntil('it takes writes', async () => (await write()) === 'written')
})

test.each([
  ['database', 'alter database petfood'],
  ['role', 'alter role petfood'],
])('a %s whose transactions are read-only is a read-only Postgres', async (_, statement) => {
  onTestFinished(() => onPrimary(`${statement} reset default_transaction_read_only`))
  await onPrimary(`${statement} set default_transaction_read_only = on`)
  await expect(backendOf(poolOn(world.primaryUrl()))).rejects.toEqual(readOnly(/is read-only/))
})

test('a standby behind a pooler that reports nothing is not writable, and its connections are left', async () => {
  const url = new URL(world.primaryUrl())
  const pooler = await startSilentPooler(Number(portOf(world.standbyUrl())))
  onTestFinished(pooler.close)
  url.port = String(pooler.port)
  const pool = poolOn(url.href)
  const before = await backendOf(pool)
  await expect(writeTo(pool)).rejects.toSatisfy(isPostgresUnavailable)
  await expect(assertWritable(pool)).rejects.toEqual(readOnly(/is read-only: a standby/))
  expect(await backendOf(pool)).not.toBe(before)
  await expect(migrate(url.href)).rejects.toThrow('DATABASE_URL leads to no Postgres that can be written to')
})

test('whoever leaves all connections finds another Postgres with the next: reads go on, LISTEN comes back', () =>
  askPostgres(world.primaryUrl(), async (admin) => {
    const backends = async (query: string): Promise<number[]> => {
      const rows = await admin<{ pid: number }[]>`
        select pid from pg_stat_activity where application_name = 'petfood-gateway' and query like ${`%${query}%`}`
      return rows.map(({ pid }) => pid)
    }
    const pool = poolOn(world.primaryUrl(), 3)
    let woken = 0
    const listening = await createOutbox(pool).listen({ changed: () => void woken++, delivered: () => {}, connected: () => void woken++ })
    await admin`select pg_advisory_lock(7)`
    const reads = [1, 2].map(() =>
      boundedRead('waiting', async () => pool.sql`select pg_advisory_lock_shared(7), pg_backend_pid() as pid`),
    )
    const transaction = inTransaction(pool.db, (tx) => tx.execute(sql`select pg_advisory_lock_shared(7)`))
    const failed = expect(transaction).rejects.toSatisfy(isPostgresUnavailable)
    await waitUntil('all are under way', async () => (await backends('lock_shared')).length === 3)
    const before = [...(await backends('lock_shared')), ...(await backends('listen'))]
    const heard = woken

    pool.leaveAll('a test wants it')
    await failed
    await waitUntil('the reads are asked again', async () => (await backends('lock_shared')).length === 5)
    await waitUntil('it listens again', () => woken > heard)
    await admin`select pg_advisory_unlock(7)`
    const pids = (await Promise.all(reads)).map(([row]) => Number(row?.['pid']))
    expect(pids.filter((pid) => before.includes(pid))).toEqual([])
    await waitUntil('the former ones are gone', async () => !(await backends('')).some((pid) => before.includes(pid)))
    const once = woken
    await admin`notify cache_invalidations`
    await waitUntil('a notification is heard', () => woken > once)
    await listening.close()
  }))

test('a start on a standby ends with one sentence that says where it leads', async () => {
  const url = world.standbyUrl()
  const error: unknown = await migrate(url).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    message: 'DATABASE_URL leads to no Postgres that can be written to',
    cause: { message: `the Postgres at 127.0.0.1:${portOf(url)} is a standby, which is read-only` },
  })
})

test('who listened to a primary listens again when the name has led to a standby for a while', async () => {
  const { url } = await world.route('listening')
  const pool = poolOn(url)
  let woken = 0
  const listening = await createOutbox(pool).listen({ changed: () => void woken++, delivered: () => {}, connected: () => void woken++ })
  const connected = woken
  const { proxy } = await world.route('listening')
  const taken = proxy.accepted
  await world.point('listening', 'standby')
  await waitUntil('the standby was tried', () => proxy.accepted > taken + 2)
  expect(woken).toBe(connected)
  await world.point('listening', 'primary')
  await waitUntil('it listens again', () => woken > connected)
  await listening.close()
})

test('a standby that is promoted under its name is used', async () => {
  const { url } = await world.route('promoted')
  await world.point('promoted', 'standby')
  const pool = poolOn(url)
  await expect(backendOf(pool)).rejects.toEqual(readOnly(/is a standby/))
  await world.promote()
  await waitUntil('the promoted one is used', () => backendOf(pool).then(() => true, () => false))
  await assertWritable(pool)
})
