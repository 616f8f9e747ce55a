import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_ALLERGIC_DOG_ID as BORI, DEMO_NEIGHBOUR_CAT_ID as TORI } from '../../src/demo/pets.ts'
import { DEMO_ADMIN_ID, DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, startGateway, TEST_CLAIMS, TEST_SECRET } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

const BY_PET: Record<string, string> = {
  pet: '{ pet(id: "PET") { id } }',
  recommendations: '{ recommendations(petId: "PET") { petId } }',
  'recommendations, forced': '{ recommendations(petId: "PET", forceRefresh: true) { petId } }',
  setPrimaryPet: 'mutation { setPrimaryPet(petId: "PET") { pet { id } } }',
  clearRecommendationCache: 'mutation { clearRecommendationCache(petId: "PET") { petId } }',
  updatePet: 'mutation { updatePet(input: { petId: "PET", weightKg: 5 }) { pet { id } } }',
  deletePet: 'mutation { deletePet(petId: "PET") { petId } }',
}
const OF_VIEWER: Record<string, string> = {
  viewer: '{ viewer { id } }',
  createPet: 'mutation { createPet(input: { name: "x", species: DOG, weightKg: 5, approxAgeMonths: 20 }) { pet { id } } }',
  updateRecommendationPreferences: 'mutation { updateRecommendationPreferences(input: { maxPricePerKg: 90000 }) { invalidation } }',
}
const ADMINS = { clearAllRecommendationCaches: 'mutation { clearAllRecommendationCaches { deletedRuns } }' }

const codesOf = async (query: string, headers: Record<string, string>) =>
  (await stage.gateway.askText(query, {}, headers)).errors?.map(({ extensions }) => extensions.code) ?? []

const withPet = (query: string, petId: string) => query.replace('PET', petId)

describe.each(Object.entries({ ...BY_PET, ...OF_VIEWER, ...ADMINS }))('%s', (_name, query) => {
  test('asks nobody in particular to sign in', async () => {
    expect(await codesOf(withPet(query, BORI), {})).toEqual(['UNAUTHENTICATED'])
  })
})

describe.each(Object.entries(BY_PET))('%s', (_name, query) => {
  test("does not tell that another's pet exists", async () => {
    const [another, absent] = await Promise.all(
      [TORI, '00000000-0000-4000-8000-000000000000'].map(async (petId) => (await stage.gateway.askText(withPet(query, petId), {}, await bearer(DEMO_USER_ID))).errors),
    )
    expect(another?.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND'])
    expect(another).toEqual(absent)
  })
  test('answers an admin for any pet', async () => {
    if (query.includes('deletePet')) return
    expect(await codesOf(withPet(query, TORI), await bearer(DEMO_ADMIN_ID, true))).toEqual([])
  })
  test("answers the owner, also after somebody else's answer was cached", async () => {
    if (query.includes('deletePet')) return
    expect(await codesOf(withPet(query, TORI), await bearer(DEMO_NEIGHBOUR_ID))).toEqual([])
  })
  test('refuses what is no UUID', async () => {
    expect(await codesOf(withPet(query, '1; drop table pets'), await bearer(DEMO_USER_ID))).toEqual(['BAD_USER_INPUT'])
  })
})

test('what is for admins is FORBIDDEN to others', async () => {
  expect(await codesOf(ADMINS.clearAllRecommendationCaches, await bearer(DEMO_USER_ID))).toEqual(['FORBIDDEN'])
  expect(await codesOf(ADMINS.clearAllRecommendationCaches, await bearer(DEMO_ADMIN_ID, true))).toEqual([])
})

const secretKey = new TextEncoder().encode(TEST_SECRET)
const claims = (more: object = {}) => new SignJWT({ sub: DEMO_USER_ID, iss: TEST_CLAIMS.issuer, aud: TEST_CLAIMS.audience, exp: Date.now() / 1000 + 600, ...more })
const BAD_TOKENS: Record<string, () => Promise<string> | string> = {
  'another secret': () => claims().setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('another-secret-that-is-long-enough!!')),
  'another algorithm': () => claims().setProtectedHeader({ alg: 'HS512' }).sign(new TextEncoder().encode(TEST_SECRET.repeat(2))),
  'no algorithm': () => new UnsecuredJWT({ sub: DEMO_USER_ID }).setIssuer(TEST_CLAIMS.issuer).setAudience(TEST_CLAIMS.audience).setExpirationTime('1h').encode(),
  'another issuer': () => claims({ iss: 'somebody' }).setProtectedHeader({ alg: 'HS256' }).sign(secretKey),
  'another audience': () => claims({ aud: 'another-app' }).setProtectedHeader({ alg: 'HS256' }).sign(secretKey),
  'an expiry in the past': () => claims({ exp: Date.now() / 1000 - 120 }).setProtectedHeader({ alg: 'HS256' }).sign(secretKey),
  'no expiry': () => claims({ exp: undefined }).setProtectedHeader({ alg: 'HS256' }).sign(secretKey),
  'a subject that is no UUID': () => claims({ sub: 'me' }).setProtectedHeader({ alg: 'HS256' }).sign(secretKey),
  'roles that are no list': () => claims({ roles: 'admin' }).setProtectedHeader({ alg: 'HS256' }).sign(secretKey),
  garbage: () => 'x.y.z',
}

test.each(Object.entries(BAD_TOKENS))('a token with %s is refused, whole request and all', async (_name, token) => {
  const { errors, data } = await stage.gateway.askText('{ viewer { id } }', {}, { authorization: `Bearer ${await token()}` })
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED'])
  expect(data).toBeUndefined()
})

test('the token of these tables would be accepted if nothing were wrong with it', async () => {
  const token = await claims().setProtectedHeader({ alg: 'HS256' }).sign(secretKey)
  expect((await stage.gateway.askText('{ viewer { id } }', {}, { authorization: `Bearer ${token}` })).data).toEqual({ viewer: { id: DEMO_USER_ID } })
})

test('X-Device-UID signs its user in where that is on, and nobody where it is off', async () => {
  const headers = { 'x-device-uid': 'demo-device' }
  expect((await stage.gateway.askText('{ viewer { id isAdmin } }', {}, headers)).data).toEqual({ viewer: { id: DEMO_USER_ID, isAdmin: false } })
  const strict = await startGateway({
    databaseUrl: stage.database.url,
    auth: { ...TEST_CLAIMS, keys: { kind: 'secret', secret: TEST_SECRET }, deviceUid: false },
  })
  try {
    expect((await strict.askText('{ viewer { id } }', {}, headers)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  } finally {
    await strict.close()
  }
})
