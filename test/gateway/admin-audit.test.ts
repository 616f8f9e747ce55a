import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { UpdatePetWeightDocument, UpdateProductDocument } from '../../schema/generated/graphql.ts'
import { DEMO_NEIGHBOUR_CAT_ID as TORI } from '../../src/demo/pets.ts'
import { DEMO_ADMIN_ID, DEMO_NEIGHBOUR_ID } from '../../src/demo/users.ts'
import { buildSchema } from '../../src/graphql/schema.ts'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

const ABSENT = '00000000-0000-4000-8000-000000000000'

let stage: Stage
let admin: Record<string, string>
let owner: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  admin = await bearer(DEMO_ADMIN_ID, true)
  owner = await bearer(DEMO_NEIGHBOUR_ID)
})
afterAll(() => stage.close())
beforeEach(() => stage.database.sql`delete from admin_audit`)

type Row = { admin: string; action: string; pet: string | null; product: string | null; request: string; outcome: string; ended: boolean }
const rows = async (): Promise<Row[]> => [
  ...(await stage.database.sql<Row[]>`
    select admin_id as admin, action, pet_id as pet, product_id as product, request_id as request, outcome, ended_at >= started_at as ended from admin_audit order by id`),
]
const weightOf = async () => (await stage.database.sql`select weight_kg as kg from pets where id = ${TORI}`)[0]?.['kg']

/** Every change that touches what may be another's. `%PET%` stands for the pet. */
const CHANGES: Record<string, string> = {
  forceRefresh: '{ recommendations(petId: "%PET%", forceRefresh: true) { petId } }',
  updatePet: 'mutation { updatePet(input: { petId: "%PET%", weightKg: 4.2 }) { pet { id } } }',
  setPrimaryPet: 'mutation { setPrimaryPet(petId: "%PET%") { pet { id } } }',
  clearRecommendationCache: 'mutation { clearRecommendationCache(petId: "%PET%") { petId } }',
  generateExplanations: 'mutation { generateExplanations(petId: "%PET%") { recommendations { runId } } }',
  deletePet: 'mutation { deletePet(petId: "%PET%") { petId } }',
}
const ofPet = (query: string, petId: string) => query.replace('%PET%', petId)

const makePet = async (userId: string) => {
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${userId}, ${crypto.randomUUID()}, 'DOG', 30, current_date, 10) returning id`
  return String(row?.['id'])
}

describe.each(Object.entries(CHANGES))("%s of an admin on another's pet", (action, query) => {
  test('leaves one row that says who, what, on which pet, by which request, and that it was done', async () => {
    const petId = await makePet(DEMO_NEIGHBOUR_ID)
    const { errors } = await stage.gateway.askText(ofPet(query, petId), {}, { ...admin, 'x-request-id': 'request-1' })
    expect(errors).toBeUndefined()
    expect(await rows()).toEqual([{ admin: DEMO_ADMIN_ID, action, pet: petId, product: null, request: 'request-1', outcome: 'ok', ended: true }])
  })
  test('leaves the code where it fails', async () => {
    await stage.gateway.askText(ofPet(query, ABSENT), {}, admin)
    await stage.gateway.askText(ofPet(query, 'no-uuid'), {}, admin)
    expect((await rows()).map(({ pet, outcome, ended }) => [pet, outcome, ended])).toEqual([[ABSENT, 'NOT_FOUND', true], [null, 'BAD_USER_INPUT', true]])
  })
  test('leaves nothing where the pet is their own, or where no admin is', async () => {
    const [mine, theirs] = [await makePet(DEMO_ADMIN_ID), await makePet(DEMO_NEIGHBOUR_ID)]
    expect((await stage.gateway.askText(ofPet(query, mine), {}, admin)).errors).toBeUndefined()
    expect((await stage.gateway.askText(ofPet(query, theirs), {}, owner)).errors).toBeUndefined()
    await stage.gateway.askText(ofPet(query, ABSENT), {}, owner)
    await stage.gateway.askText(ofPet(query, theirs), {}, {})
    expect(await rows()).toEqual([])
  })
})

test('a clear-all leaves its row, one for each time it was asked in one operation; refused to others it leaves none', async () => {
  await stage.gateway.askText('mutation { a: clearAllRecommendationCaches { deletedRuns } b: clearAllRecommendationCaches { deletedRuns } }', {}, admin)
  await stage.gateway.askText('mutation { clearAllRecommendationCaches { deletedRuns } }', {}, owner)
  expect((await rows()).map(({ action, pet, outcome }) => [action, pet, outcome])).toEqual([['clearAllRecommendationCaches', null, 'ok'], ['clearAllRecommendationCaches', null, 'ok']])
})

test('a change of a product leaves its row, on which product, and the code where there is none; refused to others it leaves none', async () => {
  const [food] = await stage.database.sql`select id from products limit 1`
  const productId = String(food?.['id'])
  const change = (id: string, who: Record<string, string>) => stage.gateway.ask(UpdateProductDocument, { input: { productId: id, claims: ['audited'] } }, who)
  expect((await change(productId, admin)).errors).toBeUndefined()
  for (const id of [ABSENT, 'no-uuid']) await change(id, admin)
  await change(productId, owner)
  expect((await rows()).map(({ action, pet, product, outcome, ended }) => [action, pet, product, outcome, ended])).toEqual([
    ['updateProduct', null, productId, 'ok', true], ['updateProduct', null, ABSENT, 'NOT_FOUND', true], ['updateProduct', null, null, 'BAD_USER_INPUT', true],
  ])
})

test('what an admin reads, and what they change of their own, leaves none', async () => {
  await stage.gateway.askText(`{ recommendations(petId: "${TORI}") { petId } pet(id: "${TORI}") { id } cacheStats { hitRate } }`, {}, admin)
  await stage.gateway.askText('mutation { updateRecommendationPreferences(input: { maxPricePerKg: 90000 }) { invalidation } }', {}, admin)
  await stage.gateway.askText('mutation { createPet(input: { name: "x", species: DOG, weightKg: 5, approxAgeMonths: 20 }) { pet { id } } }', {}, admin)
  expect(await rows()).toEqual([])
})

test('a mutation is audited unless it is named as one of the viewer alone, and names its pet or product as the audit looks for them', () => {
  const fields = Object.values(buildSchema().getMutationType()?.getFields() ?? {})
  const tested = new Set([...Object.keys(CHANGES), 'clearAllRecommendationCaches', 'updateProduct', 'createPet', 'updateRecommendationPreferences'])
  const targets = fields.filter(({ name }) => !tested.has(name)).map(({ args }) => args.map(({ name }) => name))
  for (const names of targets) expect(names.some((name) => ['petId', 'productId', 'input'].includes(name))).toBe(true)
})

test('the row is there before the change is, and says `started` until it has ended', async () => {
  let answer: Promise<unknown> = Promise.resolve()
  await stage.database.sql.begin(async (tx) => {
    await tx`select 1 from pets where id = ${TORI} for update`
    answer = stage.gateway.ask(UpdatePetWeightDocument, { petId: TORI, weightKg: 5.5 }, admin)
    await waitUntil('the row is there', async () => (await rows()).length === 1)
    expect(await rows()).toMatchObject([{ action: 'updatePet', pet: TORI, outcome: 'started', ended: null }])
  })
  await answer
  expect(await rows()).toMatchObject([{ outcome: 'ok', ended: true }])
})

test('a change that cannot be written down is not made', async () => {
  const before = await weightOf()
  await stage.database.sql`alter table admin_audit add constraint refused check (outcome <> 'started') not valid`
  try {
    const { errors } = await stage.gateway.ask(UpdatePetWeightDocument, { petId: TORI, weightKg: 7.7 }, admin)
    expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR')
    expect(await weightOf()).toBe(before)
  } finally {
    await stage.database.sql`alter table admin_audit drop constraint refused`
  }
})

test('a change whose end cannot be written down was made, is answered, and its row stays `started`', async () => {
  await stage.database.sql`alter table admin_audit add constraint refused check (outcome = 'started') not valid`
  try {
    const { data } = await stage.gateway.ask(UpdatePetWeightDocument, { petId: TORI, weightKg: 8.8 }, admin)
    expect(data?.updatePet.pet.weightKg).toBe(8.8)
    expect(await rows()).toMatchObject([{ action: 'updatePet', outcome: 'started' }])
  } finally {
    await stage.database.sql`alter table admin_audit drop constraint refused`
  }
})
