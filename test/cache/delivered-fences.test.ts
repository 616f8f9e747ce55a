import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDeliveredFences, DELIVERED_AT_ONCE, type Asked } from '../../src/cache/delivered-fences.ts'
import { encodeFence } from '../../src/cache/fence.ts'
import type { MasterState } from '../../src/cache/redis.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createOutbox } from '../../src/db/outbox.ts'
import { encodeMarks, NO_MARKS } from '../../src/domain/marks.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { inLineage, testKeys as keys } from '../support/lineage.ts'
import { startTestRedis, type TestServer } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'

const MANY = 3 * DELIVERED_AT_ONCE + 7

let database: TestDatabase
let connection: DbConnection
let server: TestServer
/** Knows no deadline. */
let client: Redis
beforeAll(async () => {
  ;[database, server] = await Promise.all([createTestDatabase(), startTestRedis()])
  connection = connect(database.url, { max: 3 })
  client = new Redis(server.url)
})
afterAll(async () => {
  client.disconnect()
  await connection.close()
  await Promise.all([database.drop(), server.stop()])
})
beforeEach(async () => {
  await connection.sql`truncate cache_invalidations`
  await client.flushall()
})

/** Of pets that nothing else knows, told to Redis too, in batches as a relay writes them. In the order of the outbox. */
async function deliver(count: number): Promise<string[]> {
  const rows = await connection.sql`insert into cache_invalidations (pet_id, version) select gen_random_uuid(), 5 from generate_series(1, ${count}) returning pet_id`
  const petIds = rows.map((row) => String(row['pet_id']))
  await client.mset(petIds.flatMap((petId) => [keys.fence(petId), encodeFence({ epoch: 1, version: 5, ownerId: null, runId: null, createdAt: null })]))
  for (let from = 0; from < count; from += 500) {
    await connection.sql`update cache_invalidations set delivered_at = now() where pet_id = any(${petIds.slice(from, from + 500)}::uuid[])`
  }
  return petIds
}
/** Other test files have databases on the same server, and the horizon is of all their transactions. */
async function untilAllOthersAreOver(): Promise<void> {
  const [row] = await connection.sql`select pg_current_xact_id()::text as xid`
  await waitUntil('all transactions that ran meanwhile are over', async () => (await connection.sql`select 1 where pg_snapshot_xmin(pg_current_snapshot()) > ${row?.['xid']}::text::xid8`).length === 1)
}
const lose = (petId: string | undefined) => client.unlink(keys.fence(petId ?? ''))

/** One process as trust asks it. `look`: a check, which writes its heartbeat if all is there. */
function aProcess() {
  const outbox = createOutbox(connection)
  const asked = { pages: 0, seen: 0 }
  const fences = createDeliveredFences({
    redis: { get: async (wanted) => (wanted.length === 0 ? [] : client.mget(...wanted)) },
    keyspace: inLineage(),
    read: async (...page) => {
      const found = await outbox.deliveredBefore(...page)
      asked.pages++
      asked.seen += found.length
      return found
    },
  })
  let heartbeat = { incarnation: 'ab.cd', time: 0 }
  const master = (told: typeof heartbeat): MasterState => ({ name: 'primary', incarnation: heartbeat.incarnation, isMaster: true, heartbeatKey: '', heartbeat: `1|${told.incarnation}|${told.time}|${encodeMarks(NO_MARKS)}` })
  const look = async ({ generation = 1, masters = [master(heartbeat)] }: Partial<Asked> = {}) => {
    const situation = await outbox.situation(0, DELIVERED_AT_ONCE, 250)
    const areThere = await fences.areThere(situation, 0, { masters, generation })
    if (areThere === true) {
      heartbeat = { ...heartbeat, time: Math.floor(situation.now) }
      fences.confirm(situation, { masters, generation }, heartbeat.time)
    }
    return areThere
  }
  return { look, asked, master, heartbeat: () => heartbeat }
}

test('every fence that was delivered is looked for, however many there are', async () => {
  const petIds = await deliver(MANY)
  expect(await aProcess().look()).toBe(true)
  for (const place of [0, 1, DELIVERED_AT_ONCE, MANY - 1]) {
    await lose(petIds[place])
    expect(await aProcess().look(), `without the fence of number ${place}`).toBe(false)
    await client.set(keys.fence(petIds[place] ?? ''), encodeFence({ epoch: 1, version: 5, ownerId: null, runId: null, createdAt: null }))
  }
})

test('what very many pets were told is looked for once, and only what comes after that again', async () => {
  await deliver(MANY)
  await untilAllOthersAreOver()
  const { look, asked } = aProcess()
  expect(await look()).toBe(true)
  expect(asked.seen).toBe(MANY - DELIVERED_AT_ONCE)
  expect([await look(), await look()]).toEqual([true, true])
  expect(asked.seen).toBe(MANY - DELIVERED_AT_ONCE)
  const petIds = await deliver(DELIVERED_AT_ONCE + 3)
  await lose(petIds[0])
  expect(await look()).toBe(false)
  expect(asked.seen).toBe(MANY - DELIVERED_AT_ONCE + 3)
})

describe('all is looked for again', () => {
  let one: ReturnType<typeof aProcess>
  beforeEach(async () => {
    const [first] = await deliver(MANY)
    await untilAllOthersAreOver()
    one = aProcess()
    await one.look()
    await lose(first)
    if ((await one.look()) !== true) throw new Error('what was looked for once is looked for again')
  })

  test('behind a connection that was lost', async () => {
    expect(await one.look({ generation: 2 })).toBe(false)
  })
  test('of another server', async () => {
    expect(await one.look({ masters: [{ ...one.master(one.heartbeat()), incarnation: 'ab.ef' }] })).toBe(false)
  })
  test('where the heartbeat is one of before', async () => {
    expect(await one.look({ masters: [one.master({ ...one.heartbeat(), time: one.heartbeat().time - 1 })] })).toBe(false)
  })
  test("where the heartbeat is of another server's data", async () => {
    expect(await one.look({ masters: [one.master({ ...one.heartbeat(), incarnation: 'ab.ef' })] })).toBe(false)
  })
  test('once a look has found one missing, until none is', async () => {
    expect(await one.look({ generation: 2 })).toBe(false)
    expect(await one.look({ generation: 2 })).toBe(false)
  })
})

test('what a transaction delivers that was open during the look is looked for by the next, however early it began', async () => {
  const [late] = (await connection.sql`insert into cache_invalidations (pet_id, version) values (gen_random_uuid(), 9) returning pet_id`).map((row) => String(row['pet_id']))
  const { look } = aProcess()
  const relay = await connection.sql.reserve()
  await relay`begin`
  await relay`update cache_invalidations set delivered_at = now() where pet_id = ${late ?? ''}`
  await deliver(MANY)
  expect(await look()).toBe(true)
  await relay`commit`
  relay.release()
  expect(await look()).toBe(false)
})
