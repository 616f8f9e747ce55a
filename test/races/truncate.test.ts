import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

/* TRUNCATE fires no row triggers: what hangs on a table is retired as a whole, in every tier and every process. */

let stage: Stage
let gateways: TestGateway[]
let user: Record<string, string>
let productId: string
beforeAll(async () => {
  stage = await setStage()
  const memories = { runMemoryBytes: 8_000_000, answerMemoryBytes: 8_000_000 }
  gateways = [await stage.another(memories), await stage.another(memories)]
  user = await bearer(DEMO_USER_ID)
})
afterAll(() => stage.close())

const askText = (gateway: TestGateway, text: string) => gateway.askText(text, {}, user)
const READS = () => [
  `{ pet(id: "${BORI}") { name weightKg } }`,
  `{ recommendations(petId: "${BORI}") { source items { product { id } } } }`,
  `{ recommendations(petId: "${BORI}", conditions: { emphasizedConcerns: [JOINT] }) { source items { product { id } } } }`,
  `{ productMatchScore(productId: "${productId}", petId: "${BORI}") { matchScore } }`,
]
const all = async () =>
  Promise.all(gateways.flatMap((gateway) => READS().map((text) => askText(gateway, text))))
const codes = async () => (await all()).map(({ errors }) => errors?.[0]?.extensions.code)
const delivered = () =>
  waitUntil('it is delivered', async () => (await stage.database.sql`select 1 from cache_invalidations where delivered_at is null`).length === 0)

beforeEach(async () => {
  await seedDemo(stage.database.db, '2026-11-24')
  await stage.database.sql`
    insert into pets (id, user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${BORI}, ${DEMO_USER_ID}, 'Bori', 'DOG', 30, current_date, 9) on conflict do nothing`
  productId = String((await stage.database.sql`select id from products where is_active limit 1`)[0]?.['id'])
  // Often enough that responses, profiles and scores are held in Redis and in memory.
  await waitUntil('everything is a hit', async () => {
    const answers = await all()
    const sources = answers.flatMap(({ data }) => {
      const found = data?.['recommendations']
      return typeof found === 'object' && found !== null && 'source' in found ? [String(found.source)] : []
    })
    return answers.every(({ errors }) => errors === undefined) && sources.every((source) => source === 'MEMORY')
  }, { withinMs: 20_000 })
})

test('pets that were truncated are answered for nowhere, nor are their scores', async () => {
  await stage.database.sql`truncate pets cascade`
  await delivered()
  expect(await codes()).toEqual(gateways.flatMap(() => READS().map(() => 'NOT_FOUND')))
})

test('products that were truncated are recommended nowhere', async () => {
  await stage.database.sql`truncate products cascade`
  await delivered()
  const answers = await all()
  const shown = answers.flatMap(({ data }) => {
    const found = data?.['recommendations']
    return typeof found === 'object' && found !== null && 'items' in found && Array.isArray(found.items) ? found.items : []
  })
  expect(shown).toEqual([])
  const scores = answers.filter((_, i) => i % READS().length === 3)
  expect(scores.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(gateways.map(() => 'NOT_FOUND'))
})

test('users that were truncated have no pets left in any tier', async () => {
  await stage.database.sql`truncate users cascade`
  await delivered()
  expect(await codes()).toEqual(gateways.flatMap(() => READS().map(() => 'NOT_FOUND')))
})
