import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { createOutbox } from '../../src/db/outbox.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ALLERGIC_DOG_ID } from '../../src/demo/pets.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, startGateway } from '../support/gateway.ts'
import { blocksOf, DOCUMENTED_PASSWORD } from '../support/operations.ts'
import { startTestPostgres, startTestRedis, type TestServer } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'
import { playWholeJourney } from '../support/whole-journey.ts'

const ROLE = 'petfood_gateway'

let postgres: TestServer
let redis: TestServer
let owner: DbConnection
let gatewayUrl: string
let gatewayDb: DbConnection
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startTestPostgres(), startTestRedis()])
  owner = connect(postgres.url, { max: 1, statementTimeoutMs: 60_000 })
  await seedDemo(owner.db, '2026-11-24')
  const [role = '', grants = ''] = blocksOf('sql')
  await owner.sql.unsafe(role)
  await owner.sql.unsafe(grants)
  await owner.sql.unsafe(grants) // any number of times, the page says
  const url = new URL(postgres.url)
  url.username = ROLE
  url.password = DOCUMENTED_PASSWORD
  gatewayUrl = url.href
  gatewayDb = connect(gatewayUrl, { max: 1 })
})
afterAll(async () => {
  await Promise.all([owner.close(), gatewayDb.close()])
  await Promise.all([postgres.stop(), redis.stop()])
})

test('a gateway as the documented role starts, plays a whole journey, delivers, replays and forgets', async () => {
  await migrate(gatewayUrl)
  const gateway = await startGateway({ databaseUrl: gatewayUrl, cache: { kind: 'redis', url: redis.url } })
  try {
    const headers = { user: await bearer(DEMO_USER_ID), admin: await bearer(DEMO_ADMIN_ID, true) }
    const say = async (text: string, who: 'user' | 'admin') => {
      const { data, errors } = await gateway.askText(text, {}, headers[who])
      if (errors !== undefined) throw new Error(`${text}: ${JSON.stringify(errors)}`)
      return data
    }
    expect(await playWholeJourney(say)).toContain('REDIS')
    await say(`mutation { generateExplanations(petId: "${DEMO_ALLERGIC_DOG_ID}") { recommendations { runId } } }`, 'user')
    // A device seen for the first time, and a user of whom only a token tells.
    expect((await gateway.askText('{ viewer { id } }', {}, { 'x-device-uid': 'new-device' })).errors).toBeUndefined()
    const stranger = await bearer('0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1aff')
    const created = await gateway.askText('mutation { createPet(input: { name: "x", species: DOG, weightKg: 5, approxAgeMonths: 20 }) { pet { id } } }', {}, stranger)
    expect(created.errors).toBeUndefined()

    // Changed by the owner, told by this role's relay; swept by it; lost by Redis, and delivered again.
    await owner.sql`update pets set weight_kg = weight_kg + 1`
    const pending = () => owner.sql`select 1 from cache_invalidations where delivered_at is null`
    await waitUntil('the relay delivered it', async () => (await pending()).length === 0)
    await waitUntil('the sweep deleted the runs of older epochs', async () => (await owner.sql`select 1 from recommendation_runs where epoch < (select epoch from cache_epoch)`).length === 0)
    const outbox = createOutbox(gatewayDb)
    expect(await outbox.replay(0, 3)).toBe(3)
    await waitUntil('the relay delivered it again', async () => (await pending()).length === 0)
    await outbox.purgeDelivered(0)
    expect(await owner.sql`select 1 from cache_invalidations`).toEqual([])
  } finally {
    await gateway.close()
  }
})

const FORBIDDEN = [
  'create table mine (a int)',
  'create temporary table mine (a int)',
  'create schema mine',
  'create function mine() returns int language sql as $$ select 1 $$',
  'create view mine as select 1',
  'create database mine',
  'create role mine',
  'create extension pg_trgm',
  'alter table pets add column mine int',
  'alter table pets disable trigger all',
  'alter role petfood_gateway superuser',
  'drop table pets',
  'drop trigger pets_draw_version on pets',
  'truncate pets',
  'truncate cache_invalidations',
  'delete from users',
  "update users set device_uid = 'mine'",
  "update products set brand_name = 'mine'",
  "update products set content_hash = 'mine'",
  'delete from products',
  'insert into products default values',
  'update offers set current_price = 1',
  'delete from price_summaries',
  'delete from recommendation_items',
  "update recommendation_runs set format = 1",
  'update recommendation_items set product_id = run_id',
  'update cache_invalidations set version = 1',
  'delete from cache_epoch',
  'delete from admin_audit',
  "update admin_audit set action = 'another'",
  'select admin_id from admin_audit',
  'insert into catalogue_state values (false, 1)',
  "select setval('recommendation_version_seq', 1)",
  'delete from drizzle.__drizzle_migrations',
  "insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 1)",
  'select * from pg_authid',
  "select pg_read_file('/etc/passwd')",
  "copy pets to program 'cat'",
  "set session authorization petfood",
  'set role petfood',
  "alter system set fsync = off",
  "set session_replication_role = replica",
]

describe('the documented role may not', () => {
  test.each(FORBIDDEN)('%s', async (text) => {
    const refused = gatewayDb.sql.unsafe(text)
    await expect(refused).rejects.toMatchObject({ code: '42501' })
  })
})

test('what the documented role may do with each table is what the page says, and there is no table it does not speak of', async () => {
  const rows = await owner.sql`
    select relname as name, string_agg(privilege, ',' order by privilege) as may from pg_class
      cross join unnest(array['INSERT','UPDATE','DELETE','TRUNCATE','TRIGGER','REFERENCES','SELECT']) privilege
    where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege(${ROLE}, pg_class.oid, privilege)
    group by relname order by relname`
  const tables = await owner.sql`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`
  expect(rows.map(({ name }) => name)).toEqual(tables.map(({ name }) => name))
  expect(Object.fromEntries(rows.map(({ name, may }) => [name, may]))).toMatchObject({
    pets: 'DELETE,INSERT,SELECT,UPDATE', products: 'SELECT', offers: 'SELECT', users: 'INSERT,SELECT', cache_epoch: 'SELECT',
  })
})

test('a gateway that finds something to migrate and may not says what to run', async () => {
  await owner.sql`create table kept as select * from drizzle.__drizzle_migrations`
  await owner.sql`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`
  await expect(migrate(gatewayUrl)).rejects.toThrow(/not up to date.*npm run migrate/)
  await owner.sql`delete from drizzle.__drizzle_migrations`
  await owner.sql`insert into drizzle.__drizzle_migrations select * from kept`
  await owner.sql`revoke usage on schema drizzle from petfood_gateway`
  await expect(migrate(gatewayUrl)).rejects.toThrow(/npm run migrate/)
  await owner.sql`grant usage on schema drizzle to petfood_gateway`
  await owner.sql`drop table kept`
  await migrate(gatewayUrl)
})
