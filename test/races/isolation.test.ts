import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { bearer, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

/*
  A back office writes above READ COMMITTED. Its transaction takes its snapshot, then a pet is answered on both gateways,
  then it changes what that answer was made from and commits: its triggers cannot see the run, nor a pet that has come since.
*/

let stage: Stage
let gateways: TestGateway[]
let owner: string
let headers: Record<string, string>
let names = 0
beforeAll(async () => {
  stage = await setStage()
  gateways = [stage.gateway, await stage.another()]
})
afterAll(() => stage.close())
beforeEach(async () => {
  const [row] = await stage.database.sql`insert into users default values returning id`
  owner = String(row?.['id'])
  headers = await bearer(owner)
})

async function makePet(): Promise<string> {
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${owner}, ${`isolated ${names++}`}, 'DOG', 30, current_date, 9) returning id`
  return String(row?.['id'])
}

async function read(gateway: TestGateway, petId: string) {
  const { data, errors } = await gateway.ask(RecommendationsDocument, { petId }, headers)
  if (data == null) throw new Error(JSON.stringify(errors))
  const { runId, items } = data.recommendations
  return { runId, productIds: items.map(({ product }) => product.id) }
}

/** What both gateways answer, and go on answering. */
async function answered(petId: string) {
  const [first] = await Promise.all(gateways.map((gateway) => read(gateway, petId)))
  for (const gateway of gateways) await waitUntil('both hold the run', async () => (await read(gateway, petId)).runId === first?.runId)
  if (first === undefined) throw new Error('no gateway')
  return first
}

async function isRetired(petId: string, runId: string | null | undefined): Promise<void> {
  for (const gateway of gateways) {
    await waitUntil('the run is retired', async () => (await read(gateway, petId)).runId !== runId, { withinMs: 3_000 })
  }
}

/** `change` in a transaction whose snapshot is from before `meanwhile`. */
async function across<T>(level: string, meanwhile: () => Promise<T>, change: (seen: T) => string): Promise<T> {
  const writer = await stage.database.sql.reserve()
  try {
    await writer.unsafe(`begin isolation level ${level}`)
    await writer`select count(*) from pets`
    const seen = await meanwhile()
    await writer.unsafe(change(seen))
    await writer`commit`
    return seen
  } finally {
    await writer`rollback`
    writer.release()
  }
}

const NO_BEEF = (user: string) => `insert into recommendation_preferences values ('${user}', 'SAFE', '{BEEF}', '{}', null, 'DEFAULT', false)`
const ANOTHER_PRODUCT = `
  insert into products (source, source_id, brand_name, product_name, species, form, claims, allergens, features, content_hash)
  select 'isolation', gen_random_uuid(), brand_name, product_name, species, form, claims, allergens, features, content_hash
  from products limit 1`

describe.each(['read committed', 'repeatable read', 'serializable'])('%s', (level) => {
  test('a product that a pet was answered with since the snapshot is withdrawn from both gateways', async () => {
    const petId = await makePet()
    const { runId, productIds } = await across(level, () => answered(petId), ({ productIds: [first] }) =>
      `update products set is_active = false where id = '${first}'`)
    await isRetired(petId, runId)
    for (const gateway of gateways) expect((await read(gateway, petId)).productIds).not.toContain(productIds[0])
  })

  test('a product that is deleted is answered by neither', async () => {
    const petId = await makePet()
    const { runId, productIds } = await across(level, () => answered(petId), ({ productIds: [first] }) =>
      `delete from products where id = '${first}'`)
    await isRetired(petId, runId)
    for (const gateway of gateways) expect((await read(gateway, petId)).productIds).not.toContain(productIds[0])
  })

  test('preferences count for a pet that was entered since the snapshot', async () => {
    const { petId, runId } = await across(
      level,
      async () => {
        const petId = await makePet()
        return { petId, ...(await answered(petId)) }
      },
      () => NO_BEEF(owner),
    )
    await isRetired(petId, runId)
  })

  test.each([['a product is added', ANOTHER_PRODUCT], ['a product is changed', `update products set market = 'KR' || random()`]])(
    'an empty answer since the snapshot ends where %s',
    async (_what, change) => {
      await stage.database.sql`update products set is_active = false`
      try {
        const petId = await makePet()
        const { runId, productIds } = await across(level, () => answered(petId), () => change)
        expect(productIds).toEqual([])
        await isRetired(petId, runId)
      } finally {
        await stage.database.sql`update products set is_active = true`
      }
    },
  )

  test('a transaction that changes several things raises the epoch once, or not at all', async () => {
    const epoch = async () => Number((await stage.database.sql`select epoch from cache_epoch`)[0]?.['epoch'])
    const before = await epoch()
    await across(level, makePet, () => `${NO_BEEF(owner)}; update products set market = 'KR' || random(); delete from products where false`)
    expect((await epoch()) - before).toBe(level === 'read committed' ? 0 : 1)
  })

  test('a pet that is changed, and a statement that changes nothing, raise no epoch', async () => {
    const petId = await makePet()
    const epoch = async () => Number((await stage.database.sql`select epoch from cache_epoch`)[0]?.['epoch'])
    const before = await epoch()
    const { runId } = await across(level, () => answered(petId), () => `
      update pets set weight_kg = 12 where id = '${petId}';
      insert into pet_health_concerns values ('${petId}', 'EYE');
      delete from recommendation_preferences where false; delete from products where false`)
    await isRetired(petId, runId)
    expect(await epoch()).toBe(before)
  })
})

test.each(['repeatable read', 'serializable'])('%s: a concern of a pet that was entered since the snapshot is refused, or seen', async (level) => {
  const entered = async () => {
    const petId = await makePet()
    return { petId, ...(await answered(petId)) }
  }
  const concern = ({ petId }: { petId: string }) => `insert into pet_health_concerns values ('${petId}', 'KIDNEY')`
  await expect(across(level, entered, concern)).rejects.toMatchObject({ code: '23503' })
  await stage.database.sql`alter table pet_health_concerns drop constraint pet_health_concerns_pet_id_pets_id_fk`
  try {
    const { petId, runId } = await across(level, entered, concern)
    await isRetired(petId, runId)
  } finally {
    await stage.database.sql`
      alter table pet_health_concerns add constraint pet_health_concerns_pet_id_pets_id_fk
      foreign key (pet_id) references pets (id) on delete cascade`
  }
})

test('of two that write above READ COMMITTED at once, one is told to begin anew', async () => {
  const change = `update products set market = 'KR' || random()`
  await expect(across('repeatable read', () => across('repeatable read', makePet, () => change), () => NO_BEEF(owner)))
    .rejects.toMatchObject({ code: '40001' })
})
