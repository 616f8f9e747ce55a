import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, CLOSED, startGateway, type TestGateway } from '../support/gateway.ts'
import { rawRequest } from '../support/raw-request.ts'
import { setStage, type Stage } from '../support/stage.ts'

let stage: Stage
let gateway: TestGateway
let user: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  gateway = await startGateway({ databaseUrl: stage.database.url, exposure: { ...CLOSED, arbitraryOperations: true } })
  user = await bearer(DEMO_USER_ID)
})
afterAll(async () => {
  await gateway.close()
  await stage.close()
})

const LONGEST = 32_000

const repeat = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i)).join(' ')
const CREATE = 'mutation ($input: CreatePetInput!) { createPet(input: $input) { pet { id } } }'
const PREFER = 'mutation ($input: RecommendationPreferencesInput!) { updateRecommendationPreferences(input: $input) { invalidation } }'

const LONG_TO_REFUSE: [string, object][] = [
  ['fields that conflict', { query: `{ viewer { ${repeat(140, (i) => `pets { x: ${i % 2 ? 'id' : 'name'} }`)} } }` }],
  ['unknown fields of the text', { query: `{ viewer { ${repeat(400, (i) => `f${i}`)} } }` }],
  ['unknown fields of a variable, each told with the whole of it', { query: CREATE, variables: { input: Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`${'f'.repeat(80)}${i}`, 1])) } }],
  ['a long name', { query: `query ($${'v'.repeat(19_000)}: Int!) { viewer { id } }` }],
  ['a long value', { query: CREATE, variables: { input: { species: 'x'.repeat(90_000) } } }],
  ['a list of wrong texts', { query: PREFER, variables: { input: { softAvoidIngredients: Array.from({ length: 900 }, () => '') } } }],
  ['more values than are looked at', { query: PREFER, variables: { input: { softAvoidIngredients: Array.from({ length: 30_000 }, () => '') } } }],
]

test.each(LONG_TO_REFUSE)('%s are refused briefly', async (_name, body) => {
  const { text, codes, data } = await rawRequest(gateway, { body, headers: user })
  expect(data ?? null).toBeNull()
  expect(codes[0]).toBe('BAD_USER_INPUT')
  expect(text.length).toBeLessThan(LONGEST)
})

test('beside data every error is told, however many', async () => {
  const query = `{ ${repeat(12, (i) => `a${i}: pet(id: "x") { id }`)} viewer { id } }`
  const { codes, data } = await rawRequest(gateway, { body: { query }, headers: user })
  expect(codes).toHaveLength(12)
  expect(data).toMatchObject({ viewer: { id: DEMO_USER_ID }, a11: null })
})

test('variables are bounded in values, in lists, objects and below one another', async () => {
  const answered = async (variables: unknown) => (await rawRequest(gateway, { body: { query: '{ viewer { id } }', variables: variables as object }, headers: user })).codes[0] ?? 'answered'
  const nested = (depth: number): object => (depth === 0 ? {} : { a: nested(depth - 1) })
  for (const [count, outcome] of [[990, 'answered'], [1_001, 'BAD_USER_INPUT']] as const) {
    expect(await answered({ list: Array.from({ length: count }, () => 1) })).toBe(outcome)
    expect(await answered(Object.fromEntries(Array.from({ length: count }, (_, i) => [i, 1])))).toBe(outcome)
    expect(await answered(nested(count))).toBe(outcome)
  }
})

test('the address of a photo holds no NUL and no half character, which Postgres could not store', async () => {
  const query = `mutation ($photoUrl: String) { updatePet(input: { petId: "${BORI}", photoUrl: $photoUrl }) { pet { photoUrl } } }`
  for (const photoUrl of ['https://pictures.example/\u0000', 'https://pictures.example/\ud800']) {
    const { codes, text } = await rawRequest(gateway, { body: { query, variables: { photoUrl } }, headers: user })
    expect(codes, text).toEqual(['BAD_USER_INPUT'])
  }
  expect((await rawRequest(gateway, { body: { query, variables: { photoUrl: 'https://pictures.example/é.png' } }, headers: user })).codes).toEqual([])
})
