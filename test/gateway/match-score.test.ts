import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ProductMatchScoreDocument, RecommendationsDocument, UpdatePetDocument } from '../../schema/generated/graphql.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

let stage: Stage
let user: Record<string, string>
let productId: string
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
})
afterAll(() => stage.close())
beforeEach(async () => {
  const { data } = await stage.gateway.ask(RecommendationsDocument, { petId: BORI }, user)
  productId = data?.recommendations.items[0]?.product.id ?? ''
})

const ask = async (gateway = stage.gateway) => (await gateway.ask(ProductMatchScoreDocument, { productId, petId: BORI }, user)).data?.productMatchScore
const cached = () => waitUntil('the score is cached', async () => (await ask())?.isCached === true)

test('a score is the one of the recommendation, and the next one is the cached one', async () => {
  const { data } = await stage.gateway.ask(RecommendationsDocument, { petId: BORI }, user)
  const item = data?.recommendations.items[0]
  const first = await ask()
  expect(first).toMatchObject({ productId, petId: BORI, matchScore: item?.matchScore, scoreComponents: item?.scoreComponents })
  await cached()
  const { isCached: _one, calculatedAt: _two, ...same } = (await ask()) ?? {}
  expect(first).toMatchObject(same)
  expect(await stage.redisClient.pttl(stage.keys.match(productId, BORI))).toBeGreaterThan(0)
})

test('a change of the pet is known to the very next score of another process', async () => {
  await cached()
  const other = await stage.another()
  await stage.gateway.ask(UpdatePetDocument, { input: { petId: BORI, bodyConditionScore: 8 } }, user)
  expect((await ask(other))?.isCached).toBe(false)
})

test('an allergen added to a product that no pet holds is known within the second', async () => {
  await cached()
  await stage.database.sql`delete from recommendation_runs where pet_id = ${BORI}`
  const committed = await stage.database.sql`
    update products set features = jsonb_set(features, '{allergens}', '[{"allergen":"CHICKEN","ingredient":"chicken","certainty":"NAMED"}]') where id = ${productId}`.then(() => performance.now())
  const scores: { began: number; matchScore: number | undefined }[] = []
  while (performance.now() < committed + 1_300) scores.push({ began: performance.now(), matchScore: (await ask())?.matchScore })
  for (const { began, matchScore } of scores) if (began > committed + 1_000) expect(matchScore).toBe(0)
})

test('nobody is told the score of another\'s pet, cached or not, nor of what is not there', async () => {
  await cached()
  const codeOf = async (variables: { productId: string; petId: string }, headers: Record<string, string>) =>
    (await stage.gateway.ask(ProductMatchScoreDocument, variables, headers)).errors?.[0]?.extensions.code
  expect(await codeOf({ productId, petId: BORI }, await bearer(DEMO_NEIGHBOUR_ID))).toBe('NOT_FOUND')
  expect(await codeOf({ productId: BORI, petId: BORI }, user)).toBe('NOT_FOUND')
  expect(await codeOf({ productId: 'x', petId: BORI }, user)).toBe('BAD_USER_INPUT')
})

test('the pet beside its recommendations comes from Redis under the same fence, and a change is known at once', async () => {
  const nameOf = async () => {
    const { data } = await stage.gateway.askText('query ($petId: ID!) { pet(id: $petId) { name weightKg } }', { petId: BORI }, user)
    return data?.['pet']
  }
  await nameOf()
  await waitUntil('it is kept', async () => (await stage.redisClient.exists(stage.keys.summary(BORI))) === 1)
  const before = await nameOf()
  await stage.gateway.ask(UpdatePetDocument, { input: { petId: BORI, weightKg: 7.7 } }, user)
  expect(before).not.toEqual(await nameOf())
  expect(await nameOf()).toMatchObject({ weightKg: 7.7 })
})

test('garbage in the place of a summary or a score is a miss, and is deleted', async () => {
  await cached()
  for (const key of [stage.keys.match(productId, BORI), stage.keys.summary(BORI)]) {
    for (const garbage of ['', 'garbage', 'p{"format":1', 'p{"format":2}', 'z\u0000']) {
      await stage.redisClient.set(key, garbage)
      expect((await ask())?.matchScore).toBeGreaterThanOrEqual(0)
      expect((await stage.gateway.askText('query ($petId: ID!) { pet(id: $petId) { name } }', { petId: BORI }, user)).errors).toBeUndefined()
    }
  }
})
