import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { decodeHeartbeat } from '../../src/cache/heartbeat.ts'
import type { TestGateway } from '../support/gateway.ts'
import { setLosingStage, type Change, type LosingStage, type Read } from '../support/losing-stage.ts'
import { keysIn } from '../support/lineage.ts'
import { startTestPostgres, type TestServer } from '../support/servers.ts'
import { createSettableClock, type SettableClock } from '../support/settable-clock.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Milliseconds: what is promised, whatever the clocks of the stores do. */
const BOUND_MS = 1_000
const WATCHED_MS = 2_500
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const RUN_LIFE_MS = 7 * 24 * HOUR

let clocks: { postgres: SettableClock; redis: SettableClock }
let postgres: TestServer
let stage: LosingStage
let petId: string
let steadyPetId: string

beforeAll(async () => {
  const [ofPostgres, ofRedis] = await Promise.all([createSettableClock(inject('testFolder')), createSettableClock(inject('testFolder'))])
  clocks = { postgres: ofPostgres, redis: ofRedis }
  postgres = await startTestPostgres({ env: clocks.postgres.env })
  stage = await setLosingStage({ databaseUrl: postgres.url, redisEnv: clocks.redis.env })
  steadyPetId = await stage.newPet()
})
afterAll(async () => {
  await stage?.close()
  await postgres?.stop()
  await Promise.all([clocks?.postgres.remove(), clocks?.redis.remove()])
})
const allCached = async () => {
  for (const gateway of Object.values(stage.gateways)) {
    const isHit = async () => (await stage.read(gateway, petId).catch(() => undefined))?.source === 'REDIS'
    await waitUntil('a read is a hit', isHit, { withinMs: 20_000 })
  }
}
beforeEach(async () => {
  petId = await stage.newPet()
  await allCached()
})
afterEach(async () => {
  await Promise.all([clocks.postgres.setAhead(0), clocks.redis.setAhead(0)])
  await stage.world.heal()
  await allCached()
})

/** Whoever finds that the clock went back leaves its connections, and a statement may meet its end: then it is asked again. */
async function changed(): Promise<Change> {
  let change: Change | undefined
  await waitUntil('a change is taken', async () => {
    change = await stage.changeWeight(stage.gateways.a, petId).catch(() => undefined)
    return change !== undefined
  })
  if (change === undefined) throw new Error('no change')
  return change
}

async function readsUntil(until: number, gateway: TestGateway): Promise<Read[]> {
  const reads: Read[] = []
  while (performance.now() < until) reads.push(...(await stage.read(gateway, petId).then((read) => [read], () => [])))
  return reads
}

/** Reads of the gateway that did not make the change, once it reads Redis again and the bound has passed. */
async function readsAfter(change: Change): Promise<Read[]> {
  const { b } = stage.gateways
  const isRead = async () =>
    (await stage.read(b, steadyPetId).catch(() => undefined))?.source === 'REDIS' && performance.now() > change.at + BOUND_MS
  await waitUntil('Redis is read again', isRead, { withinMs: 20_000 })
  return Promise.all(Array.from({ length: 20 }, () => stage.read(b, petId)))
}

function expectKept(reads: readonly Read[], change: Change): void {
  const late = reads.filter(({ began }) => began > change.at + BOUND_MS)
  expect(late.length).toBeGreaterThan(0)
  expect(late.filter(({ version }) => version < change.version)).toEqual([])
}

/** A gateway has noticed what time it is. */
const heartbeatFollows = () =>
  waitUntil('the heartbeat is by the clock that was set', async () => {
    const { heartbeat } = await keysIn(stage.database.sql)
    const text = await redisOf((redis) => redis.get(heartbeat(0)))
    return Math.abs((decodeHeartbeat(text)?.time ?? 0) - (await postgresNow())) < 10 * SECOND
  })

const allDelivered = () =>
  waitUntil('all is marked as delivered', async () => {
    const [row] = await stage.database.sql`select count(*)::int as left from cache_invalidations where delivered_at is null`
    return row?.['left'] === 0
  })

const redisOf = async <T>(question: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(stage.world.primaryUrl())
  return question(redis).finally(() => redis.disconnect())
}

const postgresNow = async (): Promise<number> => {
  const [row] = await stage.database.sql`select (extract(epoch from now()) * 1000)::float8 as now`
  return Number(row?.['now'])
}

test('the clocks of both stores are set while they run', async () => {
  await clocks.postgres.setAhead(-HOUR)
  await clocks.redis.setAhead(HOUR)
  expect((await postgresNow()) - Date.now()).toBeCloseTo(-HOUR, -4)
  const [seconds] = await redisOf((redis) => redis.time())
  expect(Number(seconds) * SECOND - Date.now()).toBeCloseTo(HOUR, -4)
})

test('a heartbeat ahead of Postgres\'s clock together with a promoted lagging replica: nothing stale is answered', async () => {
  await stage.world.caughtUp()
  stage.world.lagReplica()
  await clocks.postgres.setAhead(-HOUR)
  const change = await changed()
  expect(change.invalidation).toBe('CLEARED')
  await allDelivered()
  // A minute later, by the clock that is still behind: the next heartbeat does not lie before what was delivered either.
  await clocks.postgres.setAhead(-HOUR + MINUTE)
  await stage.world.failover('all')
  expectKept(await readsAfter(change), change)
})

test('Postgres\'s clock is set back and passes its former time again, then a lagging replica is promoted', async () => {
  await stage.world.caughtUp()
  stage.world.lagReplica()
  // What is delivered meanwhile seems to lie before the heartbeat that the replica holds.
  await clocks.postgres.setAhead(-HOUR)
  await heartbeatFollows()
  const change = await changed()
  expect(change.invalidation).toBe('CLEARED')
  await allDelivered()
  await clocks.postgres.setAhead(0)
  await stage.world.failover('all')
  expectKept(await readsAfter(change), change)
})

test('Postgres\'s clock is set back while a change is undelivered that was made before', async () => {
  const { a, b } = stage.gateways
  const holder = await stage.database.sql.reserve()
  // Whoever delivers it hangs, as if cut off from Redis with the row in hand: all others leave it to him.
  await holder.unsafe(`
    begin; update pets set weight_kg = weight_kg + 1 where id = '${petId}'; commit;
    begin; select from cache_invalidations where delivered_at is null for update`)
  const at = performance.now()
  await clocks.postgres.setAhead(-HOUR)
  const [row] = await stage.database.sql`select recommendation_version as version from pets where id = ${petId}`
  const change: Change = { at, version: Number(row?.['version']), invalidation: 'QUEUED' }
  const reads = await Promise.all([a, b].map((gateway) => readsUntil(at + WATCHED_MS, gateway)))
  await holder`rollback`
  holder.release()
  expectKept(reads.flat(), change)
  await allDelivered()
})

test('Postgres\'s clock is set forward and back by minutes: each change is seen and delivered', async () => {
  const { b } = stage.gateways
  for (const ahead of [5 * MINUTE, 0, -5 * MINUTE, 30 * MINUTE, -30 * SECOND]) {
    await clocks.postgres.setAhead(ahead)
    const change = await changed()
    const seen = await readsUntil(change.at + WATCHED_MS, b)
    expectKept(seen, change)
    await allDelivered()
    // By somebody who knows no cache.
    await stage.database.sql`update pets set weight_kg = weight_kg + 1 where id = ${petId}`
    await allDelivered()
    await allCached()
  }
})

test('a run that was stored while Postgres\'s clock was days ahead lives no longer than seven days', async () => {
  await clocks.postgres.setAhead(10 * 24 * HOUR)
  const change = await changed()
  await allCached()
  await clocks.postgres.setAhead(0)
  await heartbeatFollows()
  await allCached()
  const keys = await keysIn(stage.database.sql)
  expect(await redisOf((redis) => redis.pttl(keys.result(petId)))).toBeLessThanOrEqual(RUN_LIFE_MS)
  const [row] = await stage.database.sql`
    select max(extract(epoch from created_at - now()) * 1000)::float8 as ahead from recommendation_runs
    where pet_id = ${petId} and version = ${change.version} and superseded_at is null and epoch = (select epoch from cache_epoch)`
  expect(Number(row?.['ahead'])).toBeLessThanOrEqual(0)
})

test.each([
  ['by more than any life', 30 * 24 * HOUR],
  ['by more than a result\'s life and less than a fence\'s', 7.5 * 24 * HOUR],
  ['by an hour', HOUR],
])('Redis\'s clock jumps ahead %s and back again: nothing stale is answered', async (_how, ahead) => {
  const { b } = stage.gateways
  for (const next of [ahead, 0, -ahead]) {
    await clocks.redis.setAhead(next)
    const change = await changed()
    expectKept(await readsUntil(change.at + WATCHED_MS, b), change)
    await allCached()
  }
})
