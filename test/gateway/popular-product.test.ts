import { afterAll, beforeAll, expect, test } from 'vitest'
import { RecommendationsDocument, UpdateProductDocument, type Allergen } from '../../schema/generated/graphql.ts'
import { policies } from '../../src/cache/policies.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

/** More than one script invalidates. */
const PETS = 2 * policies.invalidationsAtOnce + 7
const AT_ONCE = 20
const ALLERGEN: Allergen = 'PEA'

let stage: Stage
let gateways: TestGateway[]
let petIds: string[]
beforeAll(async () => {
  stage = await setStage()
  gateways = await Promise.all([1, 2].map(() => stage.another({ runMemoryBytes: 64_000_000, answerMemoryBytes: 64_000_000 })))
  const rows = await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select ${DEMO_USER_ID}, 'popular ' || i, 'DOG', 30, current_date, 5 + i % 9 from generate_series(1, ${PETS}) i returning id`
  petIds = rows.map(({ id }) => String(id))
  await stage.database.sql`insert into pet_food_allergies (pet_id, allergen) select unnest(${petIds}::uuid[]), ${ALLERGEN}`
}, 60_000)
afterAll(() => stage.close())

async function readAll(gateway: TestGateway) {
  const headers = await bearer(DEMO_USER_ID)
  const answers: { source: string; productIds: string[] }[] = []
  for (let from = 0; from < petIds.length; from += AT_ONCE) {
    const asked = petIds.slice(from, from + AT_ONCE).map(async (petId) => {
      const { data, errors } = await gateway.ask(RecommendationsDocument, { petId }, headers)
      if (data == null) throw new Error(JSON.stringify(errors))
      return { source: data.recommendations.source, productIds: data.recommendations.items.map(({ product }) => product.id) }
    })
    answers.push(...(await Promise.all(asked)))
  }
  return answers
}

test('an allergen that is added is known to the very next answer of each affected pet, in every process that remembers what it was', async () => {
  for (const gateway of gateways) {
    await waitUntil('all are remembered', async () => (await readAll(gateway)).every(({ source }) => source === 'MEMORY'), { withinMs: 60_000 })
  }
  const before = await readAll(gateways[0] ?? stage.gateway)
  const productId = before[0]?.productIds[0] ?? ''
  const holders = before.filter(({ productIds }) => productIds.includes(productId)).length
  expect(holders).toBeGreaterThan(2 * policies.invalidationsAtOnce)

  const [gateway = stage.gateway] = gateways
  const { data } = await gateway.ask(UpdateProductDocument, { input: { productId, allergens: [ALLERGEN] } }, await bearer(DEMO_ADMIN_ID, true))
  expect(data?.updateProduct).toMatchObject({ invalidation: 'CLEARED', affectedPets: holders, product: { allergens: [ALLERGEN] } })
  const after = await Promise.all(gateways.map(readAll))
  expect(after.flat().filter(({ productIds }) => productIds.includes(productId))).toEqual([])
  expect(after.flat().map(({ productIds }) => productIds.length)).not.toContain(0)
}, 120_000)
