import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { faultsOf } from '../../src/db/check-database.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { createTestDatabase } from '../support/database.ts'

let created: Awaited<ReturnType<typeof createTestDatabase>>
let psql: DbConnection
beforeAll(async () => {
  created = await createTestDatabase()
  psql = connect(created.url, { max: 1 })
  await psql.sql`insert into users default values`
  await psql.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select id, 'checked', 'DOG', 20, current_date, 4 from users`
})
afterAll(async () => {
  await psql.close()
  await created.drop()
})
afterEach(async () => {
  const left = await faultsOf(psql.db)
  if (left.length > 0) throw new Error(`A test left the database as it must not be: ${left.join(' ')}`)
})

const epoch = async () => Number((await psql.sql`select epoch from cache_epoch`)[0]?.['epoch'])

test('all triggers are in the list that says how they must be', async () => {
  const listed = await psql.sql`select on_table, name, mode from gateway_triggers() order by 1, 2`
  const there = await psql.sql`
    select relname::text as on_table, tgname::text as name, tgenabled::text as mode
    from pg_trigger join pg_class on pg_class.oid = tgrelid where not tgisinternal order by 1, 2`
  expect([...listed]).toEqual([...there])
})

test('a gateway does not start on triggers that were switched off, and says which and what to run', async () => {
  const { sql } = psql
  await sql`alter table pets disable trigger all`
  await expect(migrate(created.url)).rejects.toThrow(/pets_draw_version on pets.*enable_gateway_triggers\(\)/)
  // As pg_restore --disable-triggers leaves them: on, but no longer in replica mode.
  await sql`alter table pets enable trigger all`
  await expect(migrate(created.url)).rejects.toThrow(/pets_replicated on pets, pets_truncated on pets/)
  const before = await epoch()
  await sql`select enable_gateway_triggers()`
  expect(await epoch()).toBe(before + 1)
  await migrate(created.url)
})

test('nor on triggers that are missing', async () => {
  const { sql } = psql
  await sql`begin`
  await sql`drop trigger offers_moved on offers`
  expect(await faultsOf(psql.db)).toEqual([expect.stringMatching(/missing: offers_moved on offers/)])
  await sql`rollback`
})

test.each(['cache 10', 'increment 2', 'cycle'])('nor on a sequence with %s', async (altered) => {
  await psql.sql.unsafe(`alter sequence recommendation_version_seq ${altered}`)
  await expect(migrate(created.url)).rejects.toThrow(/recommendation_version_seq was altered: run ALTER SEQUENCE/)
  await psql.sql`alter sequence recommendation_version_seq increment 1 cache 1 no cycle`
})

test('a copy without the values of its sequences is aligned by migrate, and a role that may not is told so', async () => {
  const { sql } = psql
  await sql`update pets set weight_kg = weight_kg + 1`
  const [drawn] = await sql`select max(recommendation_version) as version from pets`
  const [row] = await sql`select max(id) as id from cache_invalidations`
  for (const name of ['recommendation_version_seq', 'cache_invalidations_id_seq']) {
    await sql`select setval(${name}::text::regclass, 1, false)`
  }
  expect(await faultsOf(psql.db)).toEqual([
    expect.stringContaining('cache_invalidations_id_seq is behind'),
    expect.stringContaining('recommendation_version_seq is behind'),
  ])
  const role = `checked_${process.pid}`
  const url = new URL(created.url)
  url.username = role
  url.password = 'checked'
  await sql.unsafe(`create role ${role} login password 'checked'; grant usage on schema drizzle to ${role};
    grant select on all tables in schema public, drizzle to ${role}; grant usage on all sequences in schema public to ${role}`)
  try {
    await expect(migrate(url.href)).rejects.toThrow(/npm run migrate/)
  } finally {
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`)
  }
  await migrate(created.url)
  await sql`update pets set weight_kg = weight_kg + 1`
  const [after] = await sql`select max(recommendation_version) as version from pets`
  const [told] = await sql`select max(id) as id from cache_invalidations`
  expect([Number(after?.['version']), Number(told?.['id'])]).toEqual([Number(drawn?.['version']) + 1, Number(row?.['id']) + 1])
})

test('nor on a table of one row that has lost it, nor in replica mode', async () => {
  const { sql } = psql
  await sql`begin`
  await sql`delete from cache_epoch`
  await sql`set local session_replication_role = replica`
  expect(await faultsOf(psql.db)).toEqual([
    expect.stringContaining('session_replication_role'),
    expect.stringContaining('cache_epoch has lost its row'),
  ])
  await sql`rollback`
})
