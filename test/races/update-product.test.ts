import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { RecommendationsDocument, UpdateProductDocument } from '../../schema/generated/graphql.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { decodeItems } from '../../src/domain/run-codec.ts'
import { bearer, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

let stage: Stage
let other: TestGateway
let user: Record<string, string>
let admin: Record<string, string>
let petId: string
let productId: string
let pets = 0
beforeAll(async () => {
  stage = await setStage()
  other = await stage.another()
  user = await bearer(DEMO_USER_ID)
  admin = await bearer(DEMO_ADMIN_ID, true)
})
afterAll(() => stage.close())
beforeEach(async () => {
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${DEMO_USER_ID}, ${`race ${pets++}`}, 'DOG', 30, current_date, 9) returning id`
  petId = String(row?.['id'])
  await stage.database.sql`update products set is_active = true where not is_active`
  productId = (await read(stage.gateway)).productIds[0] ?? ''
  for (const gateway of [stage.gateway, other]) await waitUntil('a read is a hit', async () => (await read(gateway)).source === 'REDIS')
})

async function read(gateway: TestGateway) {
  const { data, errors } = await gateway.ask(RecommendationsDocument, { petId }, user)
  if (data == null) throw new Error(JSON.stringify(errors))
  const { source, items } = data.recommendations
  return { source, productIds: items.map(({ product }) => product.id), names: items.map(({ product }) => product.productName) }
}
const update = async (gateway: TestGateway, input: { isActive?: boolean; productName?: string }) => {
  const { data, errors } = await gateway.ask(UpdateProductDocument, { input: { productId, ...input } }, admin)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.updateProduct
}

test('reads, computations and fills that go on while a product is changed never show it as it was once that is answered', async () => {
  const gateways = [stage.gateway, other]
  for (const round of [1, 2, 3, 4, 5, 6]) {
    let isRunning = true
    const reading = gateways.flatMap((gateway) =>
      [1, 2, 3].map(async () => {
        while (isRunning) await read(gateway)
      }),
    )
    const productName = `Changed ${round}`
    try {
      const changed = await update(stage.gateway, { productName })
      expect(changed.invalidation).toBe('CLEARED')
      const after = await Promise.all(gateways.flatMap((gateway) => Array.from({ length: 10 }, () => read(gateway))))
      for (const { productIds, names } of after) if (productIds.includes(productId)) expect(names[productIds.indexOf(productId)]).toBe(productName)
      expect(after.some(({ names }) => names.includes(productName))).toBe(true)
    } finally {
      isRunning = false
      await Promise.allSettled(reading)
    }
    // What was read meanwhile may be of either side, but every read was answered.
    await Promise.all(reading)
  }
})

test('a run that was made from the product as it was is not stored once the change is committed', async () => {
  const { sql } = stage.database
  await stage.redisClient.unlink(stage.keys.result(petId), stage.keys.fence(petId))
  await sql`delete from recommendation_runs where pet_id = ${petId}`
  const writer = await sql.reserve()
  await writer`begin`
  await writer`update products set product_name = 'Under way' where id = ${productId}`
  const reading = read(stage.gateway)
  await waitUntil('the run waits for the product', async () => (await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`).length > 0)
  await writer`commit`
  writer.release()
  const { names, productIds } = await reading
  if (productIds.includes(productId)) expect(names).toContain('Under way')
  const runs = await sql<{ items: string }[]>`select items from recommendation_runs where pet_id = ${petId}`
  const stored = runs.flatMap(({ items }) => decodeItems(items) ?? []).filter(({ product }) => product.id === productId && product.productName !== 'Under way')
  expect(stored).toEqual([])
  expect(runs.every(({ items }) => decodeItems(items) !== undefined)).toBe(true)
})

test('two changes at once both stand, and both are known when both are answered', async () => {
  const second = (await read(stage.gateway)).productIds[1] ?? ''
  const both = await Promise.all([
    update(stage.gateway, { isActive: false }),
    other.ask(UpdateProductDocument, { input: { productId: second, isActive: false } }, admin),
    update(other, { productName: 'Also renamed' }),
  ])
  expect(both[0].invalidation).toBe('CLEARED')
  for (const gateway of [stage.gateway, other]) {
    const { productIds } = await read(gateway)
    expect(productIds).not.toContain(productId)
    expect(productIds).not.toContain(second)
  }
  expect(await stage.database.sql`select product_name, is_active from products where id = ${productId}`).toEqual([{ product_name: 'Also renamed', is_active: false }])
})

test('with Redis away it is QUEUED, this process answers without it, and it is delivered when Redis is back', async () => {
  await stage.redis.pause()
  try {
    const changed = await update(other, { isActive: false })
    expect(changed).toMatchObject({ invalidation: 'QUEUED', product: { isActive: false } })
    expect(changed.affectedPets).toBeGreaterThan(0)
    expect((await read(other)).productIds).not.toContain(productId)
  } finally {
    await stage.redis.resume()
  }
  await waitUntil('everything is delivered', async () => (await stage.database.sql`select 1 from cache_invalidations where delivered_at is null`).length === 0, { withinMs: 20_000 })
  for (const gateway of [stage.gateway, other]) expect((await read(gateway)).productIds).not.toContain(productId)
})
