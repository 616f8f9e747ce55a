import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createOutbox } from '../../src/db/outbox.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_USER_ID as OWNER } from '../../src/demo/users.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { waitUntil } from '../support/wait-until.ts'

let database: TestDatabase
let one: DbConnection
let two: DbConnection
beforeAll(async () => {
  database = await createTestDatabase()
  one = connect(database.url, { max: 2 })
  two = connect(database.url, { max: 2 })
  await seedDemo(one.db, '2026-11-24')
})
afterAll(async () => {
  await Promise.all([one.close(), two.close()])
  await database.drop()
})

const versionOf = async (petId = BORI): Promise<number> => Number((await one.sql`select recommendation_version v from pets where id = ${petId}`)[0]?.['v'])
const outboxOf = async (petId = BORI): Promise<number[]> =>
  (await one.sql`select version v from cache_invalidations where pet_id = ${petId} order by id`).map((row) => Number(row['v']))

const CHANGES: Record<string, string> = {
  'a column of the pet': `update pets set weight_kg = weight_kg + 0.5 where id = '${BORI}'`,
  'a concern added': `insert into pet_health_concerns values ('${BORI}', 'EYE')`,
  'a concern changed': `update pet_health_concerns set concern = 'HEART' where pet_id = '${BORI}' and concern = 'EYE'`,
  'a concern removed': `delete from pet_health_concerns where pet_id = '${BORI}' and concern = 'HEART'`,
  'an allergy added': `insert into pet_food_allergies values ('${BORI}', 'EGG')`,
  'an allergy changed': `update pet_food_allergies set allergen = 'CORN' where pet_id = '${BORI}' and allergen = 'EGG'`,
  'an allergy removed': `delete from pet_food_allergies where pet_id = '${BORI}' and allergen = 'CORN'`,
  'preferences made': `insert into recommendation_preferences values ('${OWNER}', 'SAFE', '{}', '{}', null, 'DEFAULT', false)`,
  'preferences changed': `update recommendation_preferences set max_price_per_kg = 20000 where user_id = '${OWNER}'`,
  'preferences gone': `delete from recommendation_preferences where user_id = '${OWNER}'`,
  'a touch': `select touch_pets(array['${BORI}'::uuid])`,
}

describe.each(Object.entries(CHANGES))('%s', (_name, statement) => {
  test('draws a higher version and writes it to the outbox, with the change or not at all', async () => {
    const before = await versionOf()
    const written = (await outboxOf()).length
    await expect(
      one.sql.begin(async (tx) => {
        await tx.unsafe(statement)
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    expect(await versionOf()).toBe(before)
    expect(await outboxOf()).toHaveLength(written)

    await one.sql.unsafe(statement)
    const after = await versionOf()
    expect(after).toBeGreaterThan(before)
    expect((await outboxOf()).at(-1)).toBe(after)
  })
})

test('an update that changes nothing draws no version', async () => {
  const before = await versionOf()
  await one.sql`update pets set weight_kg = weight_kg where id = ${BORI}`
  expect(await versionOf()).toBe(before)
})

test('nobody can write a version by hand', async () => {
  const before = await versionOf()
  await one.sql`update pets set recommendation_version = 1 where id = ${BORI}`
  expect(await versionOf()).toBeGreaterThan(before)
})

test('version goes back: a pet deleted and made again under its old id is newer than all of its past', async () => {
  const id = '99999999-2222-4333-8444-555555555555'
  const make = () => one.sql`
    insert into pets (id, user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg) values (${id}, ${OWNER}, 'Twice', 'CAT', 20, current_date, 4)`
  await make()
  await one.sql`delete from pets where id = ${id}`
  const past = Math.max(...(await outboxOf(id)))
  await make()
  expect(await versionOf(id)).toBeGreaterThan(past)
  const [deletion] = await one.sql`select owner_id from cache_invalidations where pet_id = ${id} and version = ${past}`
  expect(deletion?.['owner_id']).toBeNull()
})

/** True once a statement of the other connection waits for a lock. */
const isBlocked = async () => (await one.sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`).length > 0

test('for one pet the order of versions is the order of commits', async () => {
  const first = await one.sql.reserve()
  await first`begin`
  await first`update pets set weight_kg = 7.1 where id = ${BORI}`
  const second = two.sql`update pets set weight_kg = 7.2 where id = ${BORI}`.execute()
  await waitUntil('the second writer waits', isBlocked)
  const [row] = await first`select recommendation_version v from pets where id = ${BORI}`
  await first`commit`
  first.release()
  await second
  expect(await versionOf()).toBeGreaterThan(Number(row?.['v']))
  expect((await one.sql`select weight_kg from pets where id = ${BORI}`)[0]?.['weight_kg']).toBe(7.2)
})

test('a pet that is entered while its owner changes preferences is touched by that change', async () => {
  const first = await one.sql.reserve()
  await first`begin`
  const [made] = await first`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${OWNER}, 'Meanwhile', 'DOG', 20, current_date, 4) returning id, recommendation_version v`
  const preferences = two.sql`insert into recommendation_preferences values (${OWNER}, 'SAFE', '{CHICKEN}', '{}', null, 'DEFAULT', false)`.execute()
  await waitUntil('the change of preferences waits', isBlocked)
  await first`commit`
  first.release()
  await preferences
  expect(await versionOf(made?.['id'])).toBeGreaterThan(Number(made?.['v']))
})

test('outbox id gap: an entry with a smaller id that is committed later is still delivered', async () => {
  const outbox = createOutbox(one)
  const deliverAll = async () => {
    const seen: (string | null)[] = []
    await outbox.deliverBatch(1_000, async (entries) => {
      seen.push(...entries.map((entry) => (entry.kind === 'pet' ? entry.petId : null)))
      return true
    })
    return seen
  }
  await deliverAll()
  const others = await one.sql`select id from pets where id <> ${BORI} limit 1`
  const early = await two.sql.reserve()
  await early`begin`
  await early`select touch_pets(array[${BORI}::uuid])`
  await one.sql`select touch_pets(array[${others[0]?.['id']}::uuid])`
  expect(await deliverAll()).toEqual([others[0]?.['id']])
  await early`commit`
  early.release()
  expect(await deliverAll()).toEqual([BORI])
})

test('what could not be delivered stays, and is notified of', async () => {
  const outbox = createOutbox(two)
  const heard: string[] = []
  const hear = (word: string) => (transaction: string) => void heard.push(`${word} ${transaction}`)
  const listening = await outbox.listen({ changed: hear('changed'), delivered: hear('delivered'), connected: () => {} })
  const [changed] = await one.sql`select touch_pets(array[${BORI}::uuid]), pg_current_xact_id()::text as transaction`
  await waitUntil('the listener hears of the change', () => heard.includes(`changed ${changed?.['transaction']}`))
  expect(await outbox.deliverBatch(10, async () => false)).toBe('refused')
  expect(await outbox.pendingCount()).toBe(1)
  expect(heard).toEqual([`changed ${changed?.['transaction']}`])
  await outbox.deliverBatch(10, async () => true)
  await waitUntil('the listener hears of the delivery', () => heard.length > 1)
  expect(heard[1]).toBe(`delivered ${changed?.['transaction']}`)
  await listening.close()
})

test('a truncated table retires everything', async () => {
  const epoch = async () => Number((await one.sql`select epoch from cache_epoch`)[0]?.['epoch'])
  const before = await epoch()
  await one.sql`truncate pet_food_allergies`
  expect(await epoch()).toBe(before + 1)
  const [row] = await one.sql`select epoch from cache_invalidations where pet_id is null order by id desc limit 1`
  expect(Number(row?.['epoch'])).toBe(before + 1)
})
