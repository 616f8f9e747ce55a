import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createTestDatabase } from '../support/database.ts'

/* What must be seen of writers who do not write as the gateway does: other columns, other schemas, altered sequences. */

let created: Awaited<ReturnType<typeof createTestDatabase>>
let psql: DbConnection
let owners: [string, string]
let petIds: [string, string]
let productId: string
beforeAll(async () => {
  created = await createTestDatabase()
  psql = connect(created.url, { max: 2 })
})
afterAll(async () => {
  await psql.close()
  await created.drop()
})
beforeEach(async () => {
  owners = [await makeUser(), await makeUser()]
  petIds = [await makePet(owners[0]), await makePet(owners[1])]
  const [product] = await psql.sql`
    insert into products (source, source_id, brand_name, product_name, form, claims, allergens, features, content_hash)
    values ('others', gen_random_uuid(), 'Brand', 'Food', 'DRY', '{}', '{}', '{}', '') returning id`
  productId = String(product?.['id'])
})

const makeUser = async () => String((await psql.sql`insert into users default values returning id`)[0]?.['id'])
const makePet = async (owner: string) => {
  const [row] = await psql.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${owner}, 'other', 'DOG', 20, current_date, 4) returning id`
  return String(row?.['id'])
}

const lastId = async () => Number((await psql.sql`select coalesce(max(id), 0) as id from cache_invalidations`)[0]?.['id'])

/** What `work` writes to the outbox: the pet, product or epoch, "gone" where a pet has no owner any more. */
async function told(work: () => Promise<unknown>): Promise<string[]> {
  const since = await lastId()
  await work()
  const rows = await psql.sql`select * from cache_invalidations where id > ${since} order by id`
  return rows.map((row) => {
    if (row['epoch'] !== null) return 'epoch'
    if (row['product_id'] !== null) return `product ${row['product_id']}`
    return `pet ${row['pet_id']}${row['owner_id'] === null ? ' gone' : ''}`
  })
}

describe('ids that change', () => {
  test('preferences that are given to another user change for the pets of both', async () => {
    await psql.sql`insert into recommendation_preferences values (${owners[0]}, 'SAFE', '{}', '{}', 1, 'DEFAULT', false)`
    const written = await told(() => psql.sql`
      update recommendation_preferences set user_id = ${owners[1]} where user_id = ${owners[0]}`)
    expect(written.toSorted()).toEqual(petIds.map((id) => `pet ${id}`).toSorted())
  })

  test('a pet whose id changes is gone under the old one and new under the other', async () => {
    const id = crypto.randomUUID()
    const written = await told(() => psql.sql`update pets set id = ${id} where id = ${petIds[0]}`)
    expect(written.toSorted()).toEqual([`pet ${petIds[0]} gone`, `pet ${id}`].toSorted())
  })

  test('two pets that exchange their ids are told under both, and neither is gone', async () => {
    const [one, two] = petIds
    await psql.sql`alter table pets drop constraint pets_pkey cascade`
    const written = await told(() => psql.sql`
      update pets set id = case id when ${one}::uuid then ${two}::uuid else ${one}::uuid end where id in (${one}, ${two})`)
    expect(written.toSorted()).toEqual(petIds.map((id) => `pet ${id}`).toSorted())
  })

  test('a product whose id changes is told under both', async () => {
    const id = crypto.randomUUID()
    const written = await told(() => psql.sql`update products set id = ${id} where id = ${productId}`)
    expect(written.toSorted()).toEqual([`product ${productId}`, `product ${id}`].toSorted())
  })

  test('preferences of several users, changed in one statement, touch the pets of all', async () => {
    const written = await told(() => psql.sql`
      insert into recommendation_preferences
      select id, 'SAFE', '{}', '{}', 1, 'DEFAULT', false from users where id = any(${owners}::uuid[])`)
    expect(written.toSorted()).toEqual(petIds.map((id) => `pet ${id}`).toSorted())
  })
})

describe('other schemas', () => {
  const TABLES = ['cache_invalidations', 'cache_epoch', 'catalogue_state', 'pets', 'users', 'recommendation_runs', 'recommendation_items']
  const changes: Record<string, () => [statement: string, expected: string[]]> = {
    'a pet': () => [`update public.pets set weight_kg = weight_kg + 1 where id = '${petIds[0]}'`, [`pet ${petIds[0]}`]],
    'a pet that is deleted': () => [`delete from public.pets where id = '${petIds[0]}'`, [`pet ${petIds[0]} gone`]],
    'an allergy': () => [`insert into public.pet_food_allergies values ('${petIds[0]}', 'EGG')`, [`pet ${petIds[0]}`]],
    'preferences': () => [
      `insert into public.recommendation_preferences values ('${owners[0]}', 'SAFE', '{}', '{}', 1, 'DEFAULT', false)`,
      [`pet ${petIds[0]}`],
    ],
    'a product': () => [`update public.products set market = 'KR' where id = '${productId}'`, [`product ${productId}`]],
    'a product that is deleted': () => [`delete from public.products where id = '${productId}'`, [`product ${productId}`]],
    'a table that is emptied': () => ['truncate public.pet_food_allergies', ['epoch']],
  }

  test.each(Object.keys(changes))('%s is told to our outbox, whatever stands in front of it', async (name) => {
    const [statement, expected] = changes[name]?.() ?? ['', []]
    const writer = await psql.sql.reserve()
    try {
      await writer`create schema if not exists theirs`
      for (const table of TABLES) {
        await writer.unsafe(`create table if not exists theirs.${table} (like public.${table} including defaults)`)
        await writer.unsafe(`create temporary table if not exists ${table} (like public.${table} including defaults)`)
      }
      await writer`set search_path = theirs, public`
      expect(await told(() => writer.unsafe(statement))).toEqual(expected)
      expect(await writer`select 1 from theirs.cache_invalidations union all select 1 from pg_temp.cache_invalidations`).toEqual([])
    } finally {
      await writer`discard all`
      writer.release()
    }
  })
})

describe('sequences that were altered', () => {
  test.each([
    ['recommendation_version_seq', () => psql.sql`update pets set weight_kg = weight_kg + 1 where id = ${petIds[0]}`],
    ['recommendation_version_seq', () => psql.sql`delete from pets where id = ${petIds[0]}`],
    ['product_revision_seq', () => psql.sql`update products set market = 'KR' where id = ${productId}`],
    ['product_revision_seq', () => psql.sql`delete from products where id = ${productId}`],
  ])('a number of %s that is not above the one before is refused, and the change with it', async (sequence, change) => {
    const { sql } = psql
    const [before] = await sql.unsafe(`select last_value from ${sequence}`)
    await sql.unsafe(`alter sequence ${sequence} restart`)
    try {
      await expect(change()).rejects.toMatchObject({
        code: '55000',
        message: expect.stringContaining(sequence),
        hint: expect.stringContaining('npm run migrate'),
      })
    } finally {
      await sql`select setval(${sequence}::text::regclass, ${String(before?.['last_value'])}::bigint)`
    }
    await change()
  })

  test('so is one that another session kept in stock', async () => {
    const { sql } = psql
    const early = await sql.reserve()
    try {
      await sql`alter sequence recommendation_version_seq cache 20`
      await early`select nextval('recommendation_version_seq')`
      await sql`update pets set weight_kg = 5 where id = ${petIds[0]}`
      await expect(early`update pets set weight_kg = 6 where id = ${petIds[0]}`).rejects.toMatchObject({ code: '55000' })
    } finally {
      await sql`alter sequence recommendation_version_seq cache 1`
      await early`discard all`
      early.release()
    }
  })
})
