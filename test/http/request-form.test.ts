import { buildSchema } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { requestForm } from '../../src/http/request-form.ts'
import { bearer } from '../support/gateway.ts'
import { rawRequest } from '../support/raw-request.ts'
import { setStage, type Stage } from '../support/stage.ts'

let stage: Stage
let user: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
})
afterAll(() => stage.close())

const QUERY = '{ viewer { id } }'
const TWO = 'query A { viewer { id } } query B { viewer { isAdmin } }'
const PET = 'query ($petId: ID!) { pet(id: $petId) { id } }'

test('an answer to GET is private, asked for again each time, and says what it depends on', async () => {
  for (const params of [{ query: PET, variables: JSON.stringify({ petId: BORI }) }, { query: '{ nothing }' }] as Record<string, string>[]) {
    const { headers } = await rawRequest(stage.gateway, { params, headers: user })
    expect(headers.get('cache-control')).toBe('private, no-cache')
    expect(headers.get('vary')).toContain('Authorization, X-Device-UID, Accept, Accept-Language')
  }
})

test('GET takes query, operationName and variables from the query string', async () => {
  const variables = JSON.stringify({ petId: BORI })
  expect(await rawRequest(stage.gateway, { params: { query: PET, variables }, headers: user })).toMatchObject({ status: 200, data: { pet: { id: BORI } } })
  expect((await rawRequest(stage.gateway, { params: { query: TWO, operationName: 'B' }, headers: user })).data).toEqual({ viewer: { isAdmin: false } })
  expect((await rawRequest(stage.gateway, { params: { query: QUERY, operationName: '', variables: '', extensions: 'null' }, headers: user })).codes).toEqual([])
})

const BAD_PARAMS: [string, Record<string, string>, string][] = [
  ['no query', {}, 'Send a query, or the documentId of one.'],
  ['variables that are no JSON', { query: QUERY, variables: '{petId' }, 'variables: Expected JSON.'],
  ['extensions that are no JSON', { query: QUERY, extensions: 'x' }, 'extensions: Expected JSON.'],
  ['variables that are no map', { query: QUERY, variables: '[1]' }, 'Expected "variables" param to be empty or an object, but given array.'],
  ['extensions that are no map', { query: QUERY, extensions: '"x"' }, 'Expected "extensions" param to be empty or an object, but given string.'],
]
test.each(BAD_PARAMS)('GET with %s is 400 and says so', async (_name, params, message) => {
  expect(await rawRequest(stage.gateway, { params, headers: user })).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'], message })
})

const BAD_BODIES: [string, object | string, string][] = [
  ['no JSON', '{"query"', 'The body: Expected JSON.'],
  ['nothing in it', '', 'The body: Expected JSON.'],
  ['null', 'null', 'The body: Expected a JSON object.'],
  ['a text', '"{ viewer { id } }"', 'The body: Expected a JSON object.'],
  ['a query that is no text', { query: { viewer: 1 } }, 'Expected "query" param to be a string, but given object.'],
  ['a list of requests', [{ query: QUERY }], 'Batching is not supported.'],
  ['an unknown parameter', { query: QUERY, id: 1 }, 'Unexpected parameter "id" in the request body.'],
  ['an operationName that is none of the document', { query: TWO, operationName: 'C' }, 'operationName: The document holds no operation named "C".'],
  ['several operations and no name', { query: TWO }, 'operationName: The document holds several operations: name one of them.'],
  ['an operationName that is no text', { query: QUERY, operationName: 7 }, 'operationName: Expected a string.'],
  ['no operation', { query: 'fragment F on Query { viewer { id } }' }, 'operationName: The document holds no operation.'],
]
test.each(BAD_BODIES)('POST with %s is 400, whatever type is accepted, and says so', async (_name, body, message) => {
  for (const accept of ['application/graphql-response+json', 'application/json', '*/*']) {
    expect(await rawRequest(stage.gateway, { body, headers: { ...user, accept } })).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'], data: undefined, message })
  }
})

test('extensions may hold what the gateway does not know', async () => {
  expect((await rawRequest(stage.gateway, { body: { query: QUERY, extensions: { clientLibrary: { name: 'x' } } }, headers: user })).codes).toEqual([])
})

test('a long name of an operation is not repeated whole', async () => {
  const { text } = await rawRequest(stage.gateway, { body: { query: QUERY, operationName: 'x'.repeat(5_000) }, headers: user })
  expect(text.length).toBeLessThan(1_000)
})

const FORM = { body: `query=${encodeURIComponent(QUERY)}`, type: 'application/x-www-form-urlencoded' }
const MULTIPART = { body: `--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: QUERY })}\r\n--b--\r\n`, type: 'multipart/form-data; boundary=b' }
const TYPES: [string, { body: string; type: string }][] = [
  ['a form', FORM],
  ['a multipart form', MULTIPART],
  ['plain text', { body: JSON.stringify({ query: QUERY }), type: 'text/plain' }],
  ['plain text that pretends', { body: JSON.stringify({ query: QUERY }), type: 'text/plain; application/json' }],
  ['bare GraphQL', { body: QUERY, type: 'application/graphql' }],
  ['what only begins like JSON', { body: JSON.stringify({ query: QUERY }), type: 'application/jsonp' }],
]
test.each(TYPES)('a POST of %s is 415', async (_name, { body, type }) => {
  expect(await rawRequest(stage.gateway, { body, headers: { ...user, 'content-type': type } })).toMatchObject({ status: 415, codes: ['BAD_USER_INPUT'], data: undefined })
})

test('a POST of JSON is taken with a charset', async () => {
  expect((await rawRequest(stage.gateway, { body: { query: QUERY }, headers: { ...user, 'content-type': 'application/json; charset=utf-8' } })).codes).toEqual([])
})

test.each(['PUT', 'DELETE', 'PATCH'])('%s is 405', async (method) => {
  const answer = await rawRequest(stage.gateway, { body: { query: QUERY }, method, headers: user })
  expect(answer).toMatchObject({ status: 405, codes: ['BAD_USER_INPUT'] })
  expect(answer.headers.get('allow')).toBe('GET, POST, OPTIONS')
})

test("another site's page cannot make a browser ask by GET, unless it could only do so after a preflight", async () => {
  const ask = (headers: Record<string, string>) => rawRequest(stage.gateway, { params: { query: '{ __typename }' }, headers })
  for (const site of ['cross-site', 'same-site']) {
    expect(await ask({ 'sec-fetch-site': site })).toMatchObject({ status: 403, codes: ['FORBIDDEN'], data: undefined })
    for (const name of ['x-petfood-csrf', 'apollo-require-preflight', 'x-requested-with']) {
      expect(await ask({ 'sec-fetch-site': site, [name]: '1' })).toMatchObject({ status: 200, data: { __typename: 'Query' } })
    }
    expect((await ask({ 'sec-fetch-site': site, ...user })).status).toBe(200)
  }
})

test('our own page, a typed address and what is no browser ask by GET freely', async () => {
  for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, {}] as Record<string, string>[]) {
    expect((await rawRequest(stage.gateway, { params: { query: '{ __typename }' }, headers })).status).toBe(200)
  }
})

test('a body that breaks off is 400, not a fault of ours', async () => {
  const yoga = createYoga({ schema: buildSchema('type Query { a: Int }'), plugins: [requestForm], logging: false, maskedErrors: false })
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('aborted')) })
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' } as const
  const response = await yoga.fetch('http://x/graphql', request)
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('It was not sent to its end.')
})
