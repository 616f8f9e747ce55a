import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, CLOSED, startGateway, type TestGateway } from '../support/gateway.ts'
import { rawRequest } from '../support/raw-request.ts'
import { setStage, type Stage } from '../support/stage.ts'

// Texts of any kind are taken, so that what is refused is refused for what it asks.
let stage: Stage
let silent: TestGateway
let user: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  silent = await startGateway({ databaseUrl: stage.database.url, exposure: { ...CLOSED, arbitraryOperations: true } })
  user = await bearer(DEMO_USER_ID)
})
afterAll(async () => {
  await silent.close()
  await stage.close()
})

const CREATE = 'mutation ($input: CreatePetInput!) { createPet(input: $input) { pet { id } } }'
const DOG = { name: 'Mong', species: 'DOG', weightKg: 5, approxAgeMonths: 20 }

const GUESSES: [string, object][] = [
  ['a field', { query: '{ viewr { id } }' }],
  ['a field of a type', { query: '{ viewer { pets { nam } } }' }],
  ['an argument', { query: `{ recommendations(petID: "${BORI}") { petId } }` }],
  ['a type', { query: 'fragment F on Pett { id } { viewer { pets { ...F } } }' }],
  ['a type of a variable', { query: 'query ($x: CreatePetInputs) { viewer { id } }' }],
  ['a directive', { query: '{ viewer @skipp(if: true) { id } }' }],
  ['a directive argument', { query: '{ viewer @skip(iff: true) { id } }' }],
  ['a selection left out', { query: '{ viewer }' }],
  ['an input field in the text', { query: 'mutation { createPet(input: { nam: "x", species: DOG, weightKg: 5 }) { pet { id } } }' }],
  ['an enum value in the text', { query: 'mutation { createPet(input: { name: "x", species: DOGG, weightKg: 5 }) { pet { id } } }' }],
  ['an enum value as a string', { query: 'mutation { createPet(input: { name: "x", species: "DOG", weightKg: 5 }) { pet { id } } }' }],
  ['an input field in a variable', { query: CREATE, variables: { input: { ...DOG, weightKgs: 5 } } }],
  ['an enum value in a variable', { query: CREATE, variables: { input: { ...DOG, species: 'DOGG' } } }],
  ['an enum value in a list in a variable', { query: CREATE, variables: { input: { ...DOG, foodAllergies: ['CHIKEN'] } } }],
  ['a client that says the words itself', { query: CREATE, variables: { input: { ...DOG, species: 'DOGG Did you mean "x"?' } } }],
]

describe.each(GUESSES)('a wrong guess at %s', (_name, body) => {
  test('is refused without a hint in production', async () => {
    const answer = await rawRequest(silent, { body, headers: user })
    expect(answer).toMatchObject({ status: 400, data: undefined })
    expect(new Set(answer.codes)).toEqual(new Set(['BAD_USER_INPUT']))
    expect(answer.text).not.toContain('Did you mean')
    expect(answer.message).toMatch(/\S$/)
  })
})

test('hints are given elsewhere', async () => {
  const hinted = await Promise.all(GUESSES.map(async ([, body]) => (await rawRequest(stage.gateway, { body, headers: user })).text.includes('Did you mean')))
  expect(hinted.filter(Boolean).length).toBeGreaterThan(10)
})

const INTROSPECTION: [string, object][] = [
  ['__schema', { query: '{ __schema { types { name } } }' }],
  ['__type', { query: '{ __type(name: "Pet") { fields { name } } }' }],
  ['an alias', { query: '{ viewer: __schema { queryType { name } } }' }],
  ['a fragment', { query: 'query { ...F } fragment F on Query { __type(name: "Pet") { name } }' }],
  ['an inline fragment of a mutation', { query: 'mutation M { deletePet(petId: "x") { petId } ... on Mutation { __typename } } query Q { ... on Query { __schema { description } } }', operationName: 'Q' }],
]
test.each(INTROSPECTION)('introspection by %s is refused in production, twice as well as once', async (_name, body) => {
  for (let time = 0; time < 2; time += 1) {
    const answer = await rawRequest(silent, { body })
    expect(answer).toMatchObject({ status: 400, data: undefined })
    expect(new Set(answer.codes)).toEqual(new Set(['BAD_USER_INPUT']))
  }
  expect((await rawRequest(stage.gateway, { body })).codes).toEqual([])
})

test('__typename stays', async () => {
  expect((await rawRequest(silent, { body: { query: '{ __typename viewer { __typename } }' }, headers: user })).data).toEqual({ __typename: 'Query', viewer: { __typename: 'Viewer' } })
})

test('a browser gets GraphiQL where it is on, and a plain 400 where it is not', async () => {
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
  const page = await rawRequest(stage.gateway, { params: {}, headers: browser })
  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toContain('text/html')
  const none = await rawRequest(silent, { params: {}, headers: browser })
  expect(none).toMatchObject({ status: 400, message: 'Send a query, or the documentId of one.' })
  expect(none.headers.get('content-type')).toContain('application/json')
})

test('each can be turned on by itself', async () => {
  const hint = { query: '{ viewr { id } }' }
  const schema = { query: '{ __schema { description } }' }
  for (const one of ['introspection', 'suggestions'] as const) {
    const gateway = await startGateway({ databaseUrl: stage.database.url, exposure: { ...CLOSED, arbitraryOperations: true, [one]: true } })
    try {
      expect((await rawRequest(gateway, { body: schema })).codes.length === 0).toBe(one === 'introspection')
      expect((await rawRequest(gateway, { body: hint })).text.includes('Did you mean')).toBe(one === 'suggestions')
    } finally {
      await gateway.close()
    }
  }
})
