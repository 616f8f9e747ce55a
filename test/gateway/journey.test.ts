import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  ClearAllRecommendationCachesDocument, ClearRecommendationCacheDocument, RecommendationsDocument, UpdatePetDocument, UpdatePetWeightDocument,
  UpdatePreferencesDocument, type RecommendationsQueryVariables,
} from '../../schema/generated/graphql.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

let stage: Stage
let user: Record<string, string>
let admin: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
  admin = await bearer(DEMO_ADMIN_ID, true)
})
afterAll(() => stage.close())
beforeEach(async () => {
  await stage.gateway.ask(UpdatePetDocument, { input: { petId: BORI, weightKg: 6.4, foodAllergies: ['CHICKEN'] } }, user)
  await stage.gateway.ask(ClearRecommendationCacheDocument, { petId: BORI }, user)
})

const ask = async (variables: Partial<RecommendationsQueryVariables> = {}, gateway = stage.gateway) => {
  const { data, errors } = await gateway.ask(RecommendationsDocument, { petId: BORI, ...variables }, user)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.recommendations
}
const setWeight = async (weightKg: number, gateway = stage.gateway) =>
  (await gateway.ask(UpdatePetWeightDocument, { petId: BORI, weightKg }, user)).data?.updatePet
const gramsOf = (items: readonly { product: { id: string }; dailyAmountG?: number | null }[]) =>
  new Map(items.map(({ product, dailyAmountG }) => [product.id, dailyAmountG ?? 0]))

test('the first answer is computed, the second comes from Redis, and both name ten foods', async () => {
  const first = await ask()
  expect(first).toMatchObject({ source: 'COMPUTED', isCached: false, items: { length: 10 } })
  expect(await ask()).toEqual({ ...first, source: 'REDIS', isCached: true })
})

test('the answer after a change of weight is computed, and its daily amounts have moved with it', async () => {
  const light = gramsOf((await ask()).items)
  expect((await setWeight(9))?.invalidation).toBe('CLEARED')
  const after = await ask()
  const heavier = after.items.filter(({ product }) => light.has(product.id))
  expect(heavier.length).toBeGreaterThan(0)
  for (const { product, dailyAmountG } of heavier) expect(dailyAmountG).toBeGreaterThan(light.get(product.id) ?? Infinity)
})

test('a change made in one process is known to the next answer of another', async () => {
  const other = await stage.another()
  await ask()
  expect((await ask({}, other)).source).toBe('REDIS')
  await setWeight(11)
  const [here, there] = [await ask(), await ask({}, other)]
  expect(gramsOf(there.items)).toEqual(gramsOf(here.items))
})

test('a new allergy is known to the very next answer', async () => {
  const found = (await ask()).items.flatMap(({ product }) => product.allergens)
  const allergen = found[0]
  if (allergen === undefined) throw new Error('the demo must recommend something with an allergen')
  await stage.gateway.ask(UpdatePetDocument, { input: { petId: BORI, foodAllergies: ['CHICKEN', allergen] } }, user)
  expect((await ask()).items.flatMap(({ product }) => product.allergens)).not.toContain(allergen)
})

test('preferences hold for the very next answer', async () => {
  const [allergen] = (await ask()).items.flatMap(({ product }) => product.allergens)
  const set = (hardExcludeAllergens: NonNullable<typeof allergen>[]) => stage.gateway.ask(UpdatePreferencesDocument, { input: { hardExcludeAllergens } }, user)
  await set(allergen === undefined ? [] : [allergen])
  expect((await ask()).items.flatMap(({ product }) => product.allergens)).not.toContain(allergen)
  await set([])
})

test('after a clear the answer is computed, and the payload counts what was deleted; a second clear counts nothing', async () => {
  await ask()
  const clear = async () => (await stage.gateway.ask(ClearRecommendationCacheDocument, { petId: BORI }, user)).data?.clearRecommendationCache
  expect(await clear()).toEqual({ petId: BORI, deletedRuns: 1, redisKeysDeleted: 2, invalidation: 'CLEARED' })
  expect(await clear()).toEqual({ petId: BORI, deletedRuns: 0, redisKeysDeleted: 0, invalidation: 'CLEARED' })
  expect((await ask()).source).toBe('COMPUTED')
})

test('after a clear-all nothing older is answered, by any process', async () => {
  const other = await stage.another()
  await ask()
  const { data } = await stage.gateway.ask(ClearAllRecommendationCachesDocument, {}, admin)
  expect(data?.clearAllRecommendationCaches.invalidation).toBe('CLEARED')
  expect((await ask({}, other)).source).toBe('COMPUTED')
  expect((await ask()).source).toBe('REDIS')
})

test('a forced refresh is computed anew, and is what is cached from then on', async () => {
  const before = await ask()
  const refreshed = await ask({ forceRefresh: true })
  expect(refreshed.source).toBe('COMPUTED')
  expect(refreshed.runId).not.toBe(before.runId)
  expect(await ask()).toMatchObject({ source: 'REDIS', runId: refreshed.runId })
})

test('each set of conditions is cached on its own, however it is written', async () => {
  await ask()
  const joint = await ask({ conditions: { emphasizedConcerns: ['JOINT', 'HEART'] } })
  expect(joint.source).toBe('COMPUTED')
  expect(await ask({ conditions: { emphasizedConcerns: ['HEART', 'JOINT', 'HEART'] } })).toEqual({ ...joint, source: 'REDIS', isCached: true })
  expect((await ask()).runId).not.toBe(joint.runId)
  await setWeight(7.7)
  expect((await ask({ conditions: { emphasizedConcerns: ['JOINT', 'HEART'] } })).source).toBe('COMPUTED')
})

test('two changes in one operation each answer with their own state', async () => {
  const { data } = await stage.gateway.askText(
    `mutation { a: updatePet(input: { petId: "${BORI}", weightKg: 5 }) { pet { recommendations { items { dailyAmountG } } } }
                b: updatePet(input: { petId: "${BORI}", weightKg: 20 }) { pet { recommendations { items { dailyAmountG } } } } }`,
    {},
    user,
  )
  expect(data?.['a']).not.toEqual(data?.['b'])
})

test('a flushed Redis costs a look at Postgres and nothing else', async () => {
  const first = await ask()
  await stage.redisClient.flushall()
  expect(await ask()).toEqual({ ...first, source: 'POSTGRES', isCached: true })
  // What is of unknown age is dropped once more when the next check finds no heartbeat; then hits come and stay.
  await waitUntil('the data are known again', async () => (await stage.redisClient.exists(stage.keys.heartbeat(0))) === 1)
  await waitUntil('it is cached again', async () => (await ask()).source === 'REDIS')
})

test('garbage under any of the keys is a miss, and the answer is right', async () => {
  const first = await ask()
  for (const key of [stage.keys.result(BORI), stage.keys.fence(BORI), stage.keys.tags(BORI)]) {
    for (const garbage of ['', 'garbage', '1{"id":', '9{}']) {
      await stage.redisClient.set(key, garbage)
      expect((await ask()).runId, `${key} = ${garbage}`).toBe(first.runId)
    }
    await stage.redisClient.del(key)
    await stage.redisClient.lpush(key, 'not', 'a', 'string')
    expect((await ask()).runId, `${key} is a list`).toBe(first.runId)
  }
  expect((await setWeight(8))?.invalidation).toBe('CLEARED')
})

test('with Redis gone every answer comes from Postgres, changes are queued, and are delivered when it is back', async () => {
  const first = await ask()
  await stage.redis.kill()
  expect(await ask()).toEqual({ ...first, source: 'POSTGRES', isCached: true })
  const changed = await setWeight(12)
  expect(changed?.invalidation).toBe('QUEUED')
  const during = await ask()
  expect(gramsOf(during.items)).not.toEqual(gramsOf(first.items))
  await stage.redis.restart()
  const pending = () => stage.database.sql`select 1 from cache_invalidations where delivered_at is null`
  await waitUntil('the outbox is delivered', async () => (await pending()).length === 0, { withinMs: 15_000 })
  expect(gramsOf((await ask()).items)).toEqual(gramsOf(during.items))
})

test('a change made in psql is known too', async () => {
  const before = await ask()
  await stage.database.sql`update pets set weight_kg = 13 where id = ${BORI}`
  const pending = () => stage.database.sql`select 1 from cache_invalidations where delivered_at is null`
  await waitUntil('the relay delivered it', async () => (await pending()).length === 0, { withinMs: 15_000 })
  expect(gramsOf((await ask()).items)).not.toEqual(gramsOf(before.items))
})

test('an allergen added to a recommended product reaches the pets that hold it', async () => {
  const eaten = (await ask()).items[0]?.product.id ?? ''
  await stage.database.sql`
    update products set allergens = allergens || 'CHICKEN'::allergen,
      features = jsonb_set(features, '{allergens}', '[{"allergen":"CHICKEN","confidence":"high","ingredient":"chicken"}]') where id = ${eaten}`
  const pending = () => stage.database.sql`select 1 from cache_invalidations where delivered_at is null`
  await waitUntil('the relay delivered it', async () => (await pending()).length === 0, { withinMs: 15_000 })
  expect((await ask()).items.map(({ product }) => product.id)).not.toContain(eaten)
})
