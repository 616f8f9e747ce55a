import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createOutbox, outboxRangeOf, pendingOf, type OutboxEntry } from '../../src/db/outbox.ts'
import { MOST_APART } from '../../src/db/undelivered.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startTestPostgres, type TestServer } from '../support/servers.ts'
import { lineageOf } from '../support/lineage.ts'

const OVERDUE_MS = 250
/** Blocks. Each look at an index is two or three, and a page of rows one more. */
const FEW = 150
const MANY = 6_000
const A_BATCH = 500
const A_PET = '00000000-0000-4000-8000-000000000001'

let database: TestDatabase
/** One connection, so that what it counts is what was asked of it. */
let own: DbConnection
let others: DbConnection
let outbox: ReturnType<typeof createOutbox>
beforeAll(async () => {
  database = await createTestDatabase()
  own = connect(database.url, { max: 1 })
  others = connect(database.url, { max: 5, statementTimeoutMs: 60_000 })
  await others.sql`alter table cache_invalidations set (autovacuum_enabled = off)`
})
afterAll(async () => {
  await Promise.all([own.close(), others.close()])
  await database.drop()
})
beforeEach(async () => {
  await others.sql`truncate cache_invalidations`
  outbox = createOutbox(own)
})

const situation = (of = outbox) => of.situation(undefined, 0, OVERDUE_MS)
const write = (version = 1) => others.sql`insert into cache_invalidations (pet_id, version) values (gen_random_uuid(), ${version})`
const deliverEverything = () => others.sql`update cache_invalidations set delivered_at = now() where delivered_at is null`
const versionsOf = (entries: readonly OutboxEntry[]) => entries.map((entry) => (entry.kind === 'pet' ? entry.version : undefined))

/** What a relay is handed until nothing is left. */
async function delivered(of = outbox): Promise<OutboxEntry[]> {
  const all: OutboxEntry[] = []
  const take = async (entries: OutboxEntry[]) => {
    all.push(...entries)
    return true
  }
  while ((await of.deliverBatch(A_BATCH, take)) !== 0);
  return all
}

/** A transaction of its own connection that is left open until it is told to end, or the test does. */
const open: (() => Promise<void>)[] = []
async function begin(how = '') {
  const connection = await others.sql.reserve()
  await connection.unsafe(`begin ${how}`)
  let isOpen = true
  const end = (by: string) => async () => {
    if (!isOpen) return
    isOpen = false
    await connection.unsafe(by)
    connection.release()
  }
  open.push(end('rollback'))
  return Object.assign(connection, { commit: end('commit'), rollback: end('rollback') })
}
afterEach(async () => {
  for (const end of open.splice(0)) await end()
})

/** As a dump reads, or a report that somebody forgot. */
async function oldSnapshot(): Promise<void> {
  const reader = await begin('isolation level repeatable read')
  await reader`select count(*) from cache_epoch`
}

/** Blocks of the outbox and its indexes that were looked at. Counted, not timed. */
async function blocksOf(work: () => Promise<unknown>): Promise<number> {
  const count = async () => {
    await own.sql`select pg_stat_force_next_flush()`
    const [row] = await own.sql`
      select (heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)::int as blocks from pg_statio_user_tables where relname = 'cache_invalidations'`
    return Number(row?.['blocks'])
  }
  const before = await count()
  await work()
  return (await count()) - before
}

const STATISTICS: Record<string, () => Promise<unknown>> = {
  'never counted': async () => {},
  'counted while it was empty': () => others.sql`analyze cache_invalidations`,
  'counted while all was undelivered and of one transaction': async () => {
    await others.sql`insert into cache_invalidations (pet_id, version) select gen_random_uuid(), 1 from generate_series(1, ${MANY})`
    await others.sql`analyze cache_invalidations`
  },
  'counted while all was delivered': async () => {
    await others.sql`insert into cache_invalidations (pet_id, version) select gen_random_uuid(), 1 from generate_series(1, ${MANY})`
    await deliverEverything()
    await others.sql`analyze cache_invalidations`
  },
}

describe.each(Object.entries(STATISTICS))('while an old snapshot is open, of an outbox that was %s,', (_name, prepare) => {
  beforeEach(async () => {
    await prepare()
    await oldSnapshot()
    for (let i = 0; i < 10; i++) {
      await others.sql`
        insert into cache_invalidations (pet_id, version, epoch)
        select case when i % 2 = 0 then gen_random_uuid() end, 1, case when i % 2 = 1 then i end from generate_series(1, ${MANY / 10}) i`
      await deliverEverything()
    }
    // After five executions Postgres keeps one plan for all values.
    for (let i = 0; i < 7; i++) await situation()
  })

  test('a look and a batch read what is new, however much was delivered', async () => {
    expect(await blocksOf(() => situation())).toBeLessThan(FEW)
    expect(await blocksOf(() => outbox.pendingCount())).toBeLessThan(FEW)
    expect(await blocksOf(() => outbox.deliverBatch(A_BATCH, async () => true))).toBeLessThan(FEW)
    await write(7)
    expect(await blocksOf(() => situation())).toBeLessThan(FEW)
    let entries: OutboxEntry[] = []
    const blocks = await blocksOf(async () => (entries = await delivered()))
    expect(versionsOf(entries)).toEqual([7])
    expect(blocks).toBeLessThan(FEW)
    expect(await situation()).toMatchObject({ pending: false, overdue: false })
  })

  test('what a mutation asks of the outbox is about its own rows', async () => {
    await others.sql`insert into cache_invalidations (pet_id, version) values (${A_PET}, 8)`
    const [waiting] = await others.sql`insert into cache_invalidations (product_id, version) values (gen_random_uuid(), 5) returning product_id`
    expect(await blocksOf(() => own.db.transaction((tx) => pendingOf(tx, [A_PET])))).toBeLessThan(FEW)
    const lineage = await lineageOf(others.sql)
    expect(await blocksOf(() => outbox.markDelivered([{ kind: 'pet', petId: A_PET, version: 8, ownerId: null, lineage }]))).toBeLessThan(FEW)
    expect(await blocksOf(() => outbox.markDelivered([{ kind: 'product', productId: String(waiting?.['product_id']), revision: 5, lineage }]))).toBeLessThan(FEW)
    expect(await blocksOf(() => own.db.transaction((tx) => outboxRangeOf(tx)))).toBeLessThan(FEW)
    expect(await situation()).toMatchObject({ pending: false })
  })
})

test('while an old snapshot is open, the newest version of a pet is found without those before it', async () => {
  await oldSnapshot()
  await others.sql`insert into cache_invalidations (pet_id, version) select ${A_PET}, i from generate_series(1, ${MANY}) i`
  await deliverEverything()
  await others.sql`insert into cache_invalidations (pet_id, version) values (${A_PET}, ${MANY + 2}), (${A_PET}, ${MANY + 1})`
  let entries: OutboxEntry[] = []
  expect(await blocksOf(() => own.db.transaction(async (tx) => (entries = await pendingOf(tx, [A_PET]))))).toBeLessThan(FEW)
  expect(versionsOf(entries)).toEqual([MANY + 2])
})

test('while an old snapshot is open, a change of very many pets is delivered without reading its beginning again', async () => {
  await oldSnapshot()
  const { range } = await own.db.transaction(async (tx) => {
    await tx.execute(`insert into cache_invalidations (pet_id, version) select gen_random_uuid(), 1 from generate_series(1, ${MANY})`)
    return outboxRangeOf(tx)
  })
  await write(9)
  const blocks: number[] = []
  let count = 0
  for (let rest = await outbox.restOf(range); rest !== undefined; rest = await outbox.restOf(rest)) {
    const of = rest
    blocks.push(await blocksOf(() => outbox.deliverBatch(A_BATCH, async (entries) => ((count += entries.length), true), of)))
  }
  expect(count).toBe(MANY)
  expect(blocks).toHaveLength(MANY / A_BATCH)
  expect(Math.max(...blocks.slice(1))).toBeLessThan(1.5 * (blocks[0] ?? 0))
  expect(versionsOf(await delivered())).toEqual([9])
})

test('while an old snapshot is open, what was purged is not read again by the next purge', async () => {
  await oldSnapshot()
  await others.sql`insert into cache_invalidations (pet_id, version, delivered_at) select gen_random_uuid(), 1, now() - interval '2 days' from generate_series(1, ${MANY})`
  await outbox.purgeDelivered(24 * 60 * 60 * 1_000)
  expect(await others.sql`select 1 from cache_invalidations`).toHaveLength(0)
  await write()
  await deliverEverything()
  expect(await blocksOf(() => outbox.purgeDelivered(24 * 60 * 60 * 1_000))).toBeLessThan(FEW)
  expect(await others.sql`select 1 from cache_invalidations`).toHaveLength(1)
  await outbox.purgeDelivered(-1_000)
  expect(await others.sql`select 1 from cache_invalidations`).toHaveLength(0)
})

test('a transaction that drew its id early and commits late is found at once', async () => {
  const early = await begin()
  await early`insert into cache_invalidations (pet_id, version) values (gen_random_uuid(), 3)`
  for (let i = 0; i < 5; i++) {
    await write()
    expect(await situation()).toMatchObject({ pending: true })
    await delivered()
    expect(await situation()).toMatchObject({ pending: false })
  }
  await early.commit()
  expect(await situation()).toMatchObject({ pending: true })
  expect(versionsOf(await delivered())).toEqual([3])
})

test('what a savepoint wrote belongs to its transaction', async () => {
  const early = await begin()
  await early`insert into cache_invalidations (pet_id, version) values (gen_random_uuid(), 3)`
  await early`savepoint within_it`
  await write(1)
  expect(versionsOf(await delivered())).toEqual([1])
  await early`insert into cache_invalidations (pet_id, version) values (gen_random_uuid(), 4)`
  await early`release savepoint within_it`
  await write(2)
  expect(versionsOf(await delivered())).toEqual([2])
  await early.commit()
  expect(versionsOf(await delivered())).toEqual([3, 4])
  const { pets } = await own.db.transaction(async (tx) => {
    await tx.transaction((inner) => inner.execute(`insert into cache_invalidations (pet_id, version) values (gen_random_uuid(), 5), (gen_random_uuid(), 6)`))
    return outboxRangeOf(tx)
  })
  expect(pets).toBe(2)
})

test('what is taken as undelivered again is found, by replay and by hand, however old', async () => {
  await write(5)
  await delivered()
  for (let i = 0; i < 5; i++) {
    await write(1)
    await delivered()
  }
  expect(await situation()).toMatchObject({ pending: false })
  await others.sql`update cache_invalidations set delivered_at = null, created_at = now() - interval '1 hour' where version = 5`
  expect(await situation()).toMatchObject({ pending: true, overdue: true })
  expect(versionsOf(await delivered())).toEqual([5])
  await situation()
  expect(await outbox.replay(0, 1_000)).toBe(6)
  expect(await situation()).toMatchObject({ pending: true, overdue: true })
  expect(versionsOf(await delivered())).toHaveLength(6)
})

test('what a relay could not deliver, or holds, is found until it is delivered', async () => {
  await write(5)
  expect(await outbox.deliverBatch(A_BATCH, async () => false)).toBe('refused')
  const relay = await begin()
  await relay`update cache_invalidations set delivered_at = now()`
  expect(await delivered()).toEqual([])
  for (let i = 0; i < 3; i++) expect(await situation()).toMatchObject({ pending: true })
  await relay.rollback()
  expect(await situation()).toMatchObject({ pending: true })
  expect(versionsOf(await delivered())).toEqual([5])
})

test('a row is overdue that lies behind others of its transaction which are not', async () => {
  await others.sql`insert into cache_invalidations (pet_id, version, created_at) values (gen_random_uuid(), 1, now()), (gen_random_uuid(), 1, now() - interval '2 hours')`
  const afterAnHour = () => outbox.situation(undefined, 0, 60 * 60 * 1_000)
  expect(await afterAnHour()).toMatchObject({ pending: true, overdue: true })
  expect(await afterAnHour()).toMatchObject({ pending: true, overdue: true })
  await others.sql`update cache_invalidations set created_at = now()`
  expect(await afterAnHour()).toMatchObject({ pending: true, overdue: false })
})

test('a row from the future, as a clock leaves it that was set back, is overdue', async () => {
  await others.sql`insert into cache_invalidations (pet_id, version, created_at) values (gen_random_uuid(), 1, now() + interval '1 hour')`
  expect(await situation()).toMatchObject({ pending: true, overdue: true })
  // Once among all that was not known before, and once where the look before has found it.
  expect(await situation()).toMatchObject({ pending: true, overdue: true })
})

test('a transaction that idles for long, with an id, does not take the bound away', async () => {
  const idle = await begin()
  await idle`select pg_current_xact_id()`
  await situation()
  for (let i = 0; i < 10; i++) {
    await others.sql`insert into cache_invalidations (pet_id, version) select gen_random_uuid(), 1 from generate_series(1, ${MANY / 10})`
    await deliverEverything()
  }
  await situation()
  expect(await blocksOf(() => situation())).toBeLessThan(FEW)
})

test('of very many transactions that wait all is found and delivered, and what was delivered among them is not read for ever', async () => {
  await oldSnapshot()
  const waiting = MOST_APART + 150
  for (let i = 0; i < waiting; i++) await write(i)
  await situation()
  await situation()
  expect(await outbox.pendingCount()).toBe(waiting)
  expect(versionsOf(await delivered()).sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: waiting }, (_, i) => i))
  await situation()
  expect(await blocksOf(() => situation())).toBeLessThan(FEW)
})

/** With ids of another server: as pg_restore leaves them, which loads the rows before it makes the triggers. */
async function restore(txids: readonly string[]): Promise<void> {
  await others.sql.begin(async (tx) => {
    await tx`alter table cache_invalidations disable trigger invalidations_stamp`
    await tx`insert into cache_invalidations (pet_id, version, txid) select gen_random_uuid(), 7, txid::xid8 from unnest(${[...txids]}::text[]) txid`
    await tx`alter table cache_invalidations enable always trigger invalidations_stamp`
  })
}
const FOREIGN = ['3', '4', '1000000000000', '9000000000000000000']

test('rows of a restored dump are found, whatever ids their transactions had there, and so is what comes after them', async () => {
  await restore(FOREIGN)
  expect(await situation()).toMatchObject({ pending: true })
  expect(await situation()).toMatchObject({ pending: true })
  await write(8)
  expect(versionsOf(await delivered())).toEqual([7, 7, 8, 7, 7])
  await write(9)
  expect(await situation()).toMatchObject({ pending: true })
  expect(versionsOf(await delivered())).toEqual([9])
  await others.sql`update cache_invalidations set delivered_at = null`
  expect(await delivered()).toHaveLength(FOREIGN.length + 2)
})

test('a dump that is restored while somebody looks is found too', async () => {
  await write(1)
  await delivered()
  await situation()
  await others.sql`truncate cache_invalidations`
  await restore(FOREIGN)
  expect(await situation()).toMatchObject({ pending: true })
  expect(versionsOf(await delivered())).toEqual([7, 7, 7, 7])
})

test('rows that logical replication brings bear a transaction of this server', async () => {
  await situation()
  await others.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`insert into cache_invalidations (pet_id, version, txid) values (gen_random_uuid(), 7, '3')`
  })
  expect(await situation()).toMatchObject({ pending: true })
  expect(versionsOf(await delivered())).toEqual([7])
})

describe('a look without any bound', () => {
  let server: TestServer
  let connection: DbConnection
  beforeAll(async () => {
    server = await startTestPostgres()
    connection = connect(server.url, { max: 2 })
  })
  afterAll(async () => {
    await connection.close()
    await server.stop()
  })

  /** A row as a server that lost commits may give: its transaction lies beneath the bound. */
  async function unseen(of: ReturnType<typeof createOutbox>): Promise<void> {
    await of.situation(undefined, 0, OVERDUE_MS)
    await connection.sql.begin(async (tx) => {
      await tx`alter table cache_invalidations disable trigger invalidations_stamp`
      await tx`insert into cache_invalidations (pet_id, version, txid) values (gen_random_uuid(), 7, '3')`
      await tx`alter table cache_invalidations enable always trigger invalidations_stamp`
    })
    if ((await of.situation(undefined, 0, OVERDUE_MS)).pending) throw new Error('a bounded look finds it')
  }

  test('comes after the server was started again', async () => {
    const of = createOutbox(connection)
    await unseen(of)
    await server.restart()
    expect(await of.situation(undefined, 0, OVERDUE_MS).catch(() => of.situation(undefined, 0, OVERDUE_MS))).toMatchObject({ pending: true })
  }, 60_000)

  test('comes after the server recovered from a crash', async () => {
    const of = createOutbox(connection)
    await connection.sql`truncate cache_invalidations`
    await unseen(of)
    const [row] = await connection.sql`select pid, pg_postmaster_start_time()::text as started from pg_stat_activity where backend_type = 'checkpointer'`
    process.kill(Number(row?.['pid']), 'SIGKILL')
    let last: unknown
    for (let tries = 0; tries < 200; tries++) {
      last = await of.situation(undefined, 0, OVERDUE_MS).catch((error: unknown) => error)
      if (!(last instanceof Error)) break
    }
    expect((await connection.sql`select pg_postmaster_start_time()::text as started`)[0]?.['started']).toBe(row?.['started'])
    expect(last).toMatchObject({ pending: true })
  }, 60_000)
})
