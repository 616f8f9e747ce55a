import { execute, parse } from 'graphql'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { DEMO_ADMIN_ID, DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { createCoverage } from '../../src/graphql/coverage.ts'
import { buildSchema } from '../../src/graphql/schema.ts'
import { bearer, startGateway, TEST_CLAIMS, TEST_SECRET } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

let stage: Stage
let owner: Record<string, string>
let other: Record<string, string>
let admin: Record<string, string>
let productId: string
beforeAll(async () => {
  stage = await setStage()
  owner = await bearer(DEMO_USER_ID)
  other = await bearer(DEMO_NEIGHBOUR_ID)
  admin = await bearer(DEMO_ADMIN_ID, true)
  productId = String((await stage.database.sql`select id from products where is_active limit 1`)[0]?.['id'])
})
afterAll(() => stage.close())

let petId: string
let count = 0
beforeEach(async () => {
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, species, sex, birthdate, weight_kg)
    values (${DEMO_USER_ID}, ${`pet ${count++}`}, 'DOG', 'FEMALE', '2023-01-01', 9) returning id`
  petId = String(row?.['id'])
})

/** Everything that can be read of one pet, each in all the ways that are kept on their own. */
const READS = [
  'pet(id: "PET") { name }',
  'pet(id: "PET") { recommendations { runId } }',
  'recommendations(petId: "PET") { runId pet { name } }',
  'recommendations(petId: "PET", conditions: { emphasizedConcerns: [JOINT] }) { runId pet { name } }',
  'productMatchScore(productId: "PRODUCT", petId: "PET") { matchScore }',
]
const codes = async (headers: Record<string, string>): Promise<string[]> =>
  Promise.all(
    READS.map(async (read) => {
      const { errors } = await stage.gateway.askText(`{ ${read.replace('PET', petId).replace('PRODUCT', productId)} }`, {}, headers)
      return errors?.map(({ extensions }) => extensions.code).join() ?? 'answered'
    }),
  )
const all = (outcome: string) => READS.map(() => outcome)
const delivered = () =>
  waitUntil('the outbox is delivered', async () => (await stage.database.sql`select 1 from cache_invalidations where delivered_at is null`).length === 0)
const cacheAll = async () => {
  // Twice: a match score is kept from the second time on.
  for (const time of ['first', 'second']) expect(await codes(owner), time).toEqual(all('answered'))
}

test("what was cached for the owner is not another's", async () => {
  await cacheAll()
  expect(await codes(other)).toEqual(all('NOT_FOUND'))
  expect(await codes({})).toEqual(all('UNAUTHENTICATED'))
  expect(await codes(admin)).toEqual(all('answered'))
})

test('what an admin had cached is not another\'s', async () => {
  for (const time of ['first', 'second']) expect(await codes(admin), time).toEqual(all('answered'))
  expect(await codes(other)).toEqual(all('NOT_FOUND'))
  expect(await codes(owner)).toEqual(all('answered'))
})

test('a pet that changed hands in psql is the new owner\'s, whatever is cached', async () => {
  await cacheAll()
  await stage.database.sql`update pets set user_id = ${DEMO_NEIGHBOUR_ID} where id = ${petId}`
  await delivered()
  expect(await codes(owner)).toEqual(all('NOT_FOUND'))
  for (const time of ['first', 'second']) expect(await codes(other), time).toEqual(all('answered'))
  expect(await codes(owner)).toEqual(all('NOT_FOUND'))
})

test('a pet that was deleted is nobody\'s any more, an admin\'s neither, whatever is cached', async () => {
  await cacheAll()
  await stage.gateway.askText(`mutation { deletePet(petId: "${petId}") { petId } }`, {}, owner)
  for (const headers of [owner, other, admin]) expect(await codes(headers)).toEqual(all('NOT_FOUND'))
})

test('a pet that changes hands between its run and itself is not shown', async () => {
  const run = { petId, items: [] }
  const pet = { id: petId, name: 'secret', ownerId: DEMO_NEIGHBOUR_ID }
  const contextValue = {
    viewer: { userId: DEMO_USER_ID, isAdmin: false },
    sources: new Set(),
    loaders: { recommendation: { load: async () => ({ kind: 'answered', run, source: 'REDIS', isVerified: true }) }, pet: { load: async () => ({ pet, fenceText: undefined }) } },
    coverage: createCoverage(Date.now),
  }
  const document = parse(`{ recommendations(petId: "${petId}") { petId pet { name } } }`)
  const { data, errors } = await execute({ schema: buildSchema(), document, contextValue })
  expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['NOT_FOUND'])
  expect(data).toBeNull()
})

const strict = (deviceUid: boolean) =>
  startGateway({ databaseUrl: stage.database.url, auth: { ...TEST_CLAIMS, keys: { kind: 'secret', secret: TEST_SECRET }, deviceUid } })

test('X-Device-UID signs its user in where that is on, never as an admin, and nobody where it is off', async () => {
  const headers = { 'x-device-uid': 'demo-device' }
  expect((await stage.gateway.askText('{ viewer { id isAdmin } }', {}, headers)).data).toEqual({ viewer: { id: DEMO_USER_ID, isAdmin: false } })
  const gateway = await strict(false)
  try {
    expect((await gateway.askText('{ viewer { id } }', {}, headers)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  } finally {
    await gateway.close()
  }
})

test('a wrong token is refused, whole request and all, though a device is named beside it', async () => {
  const reply = await stage.gateway.askText('{ viewer { id } }', {}, { authorization: 'Bearer x.y.z', 'x-device-uid': 'demo-device' })
  expect(reply.status).toBe(401)
  expect(reply.data).toBeUndefined()
  expect(reply.errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED'])
})

test('a flood of made-up devices makes 60 users a minute at most, and known devices go on', async () => {
  const gateway = await strict(true)
  try {
    const codeFor = async (uid: string) =>
      (await gateway.askText('{ viewer { id } }', {}, { 'x-device-uid': uid })).errors?.map(({ extensions }) => extensions.code).join() ?? 'answered'
    const flood = await Promise.all(Array.from({ length: 200 }, (_, i) => codeFor(`flood-${i}`)))
    expect(Object.fromEntries(Map.groupBy(flood, (code) => code).entries().map(([code, { length }]) => [code, length]))).toEqual({ answered: 60, RATE_LIMITED: 140 })
    const [row] = await stage.database.sql`select count(*)::int as made from users where device_uid like 'flood-%'`
    expect(row?.['made']).toBe(60)
    expect(await codeFor('demo-device')).toBe('answered')
    expect(await codeFor(`flood-${flood.indexOf('answered')}`)).toBe('answered')
  } finally {
    await gateway.close()
  }
})
