import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MyPetsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { buildSchema } from '../../src/graphql/schema.ts'
import { readTrustedDocuments } from '../../src/http/trusted-documents.ts'
import { bearer, CLOSED, startGateway, type TestGateway } from '../support/gateway.ts'
import { rawRequest } from '../support/raw-request.ts'
import { setStage, type Stage } from '../support/stage.ts'

let stage: Stage
let closed: TestGateway
let user: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  closed = await startGateway({ databaseUrl: stage.database.url, cache: { kind: 'redis', url: stage.redis.url }, exposure: CLOSED })
  user = await bearer(DEMO_USER_ID)
})
afterAll(async () => {
  await closed.close()
  await stage.close()
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const trusted = readTrustedDocuments()
const idOf = ({ __meta__: meta }: { __meta__?: Record<string, unknown> | undefined }) => String(meta?.['hash'])
const MY_PETS = idOf(MyPetsDocument)
const bare = (id: string) => id.replace('sha256:', '')
const persistedQuery = (id: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: bare(id) } } })
const UNTRUSTED = '{ viewer { id } }'

test('the manifest holds every operation of schema/operations, each under its own hash and valid', () => {
  const schema = buildSchema()
  expect(trusted.size).toBe(readdirSync(new URL('../../schema/operations', import.meta.url)).length)
  for (const [id, text] of trusted) {
    expect(sha256(text)).toBe(id)
    expect(validate(schema, parse(text))).toEqual([])
  }
})

describe('in production', () => {
  const WAYS: Record<string, () => object> = {
    'documentId with sha256:': () => ({ documentId: MY_PETS }),
    'documentId of bare hex': () => ({ documentId: bare(MY_PETS) }),
    'persistedQuery.sha256Hash': () => persistedQuery(MY_PETS),
    'both, of one document': () => ({ documentId: MY_PETS, ...persistedQuery(MY_PETS) }),
    'its very text': () => ({ query: trusted.get(bare(MY_PETS)) }),
    'its text and hash': () => ({ query: trusted.get(bare(MY_PETS)), ...persistedQuery(MY_PETS) }),
  }
  test.each(Object.entries(WAYS))('a trusted operation is taken by %s', async (_name, body) => {
    const answer = await rawRequest(closed, { body: body(), headers: user })
    expect(answer).toMatchObject({ status: 200, codes: [], data: { viewer: { id: DEMO_USER_ID } } })
  })

  const REFUSED: [string, () => object, string][] = [
    ['another text', () => ({ query: UNTRUSTED }), 'Only trusted operations are taken here, and this is none of them.'],
    ['a trusted text with a space more', () => ({ query: `${trusted.get(bare(MY_PETS))} ` }), 'Only trusted operations are taken here'],
    ['another text with its hash', () => ({ query: UNTRUSTED, ...persistedQuery(sha256(UNTRUSTED)) }), 'Only trusted operations are taken here'],
    ['another text with a trusted hash', () => ({ query: UNTRUSTED, ...persistedQuery(MY_PETS) }), 'The hash sent is not the sha256 of the query'],
    ['an unknown id', () => ({ documentId: `sha256:${'0'.repeat(64)}` }), 'No trusted operation has this id.'],
    ['an id that is no hash', () => ({ documentId: 'MyPets' }), 'documentId: Expected sha256: and 64 lower-case hex digits.'],
    ['an id that is no text', () => ({ documentId: { toString: 1 } }), 'documentId: Expected sha256:'],
    ['a persistedQuery of another version', () => ({ extensions: { persistedQuery: { version: 2, sha256Hash: bare(MY_PETS) } } }), 'Expected version 1'],
    ['two ids of different documents', () => ({ documentId: MY_PETS, ...persistedQuery(sha256('x')) }), 'documentId and persistedQuery name different documents.'],
    ['nothing', () => ({}), 'Send a query, or the documentId of one.'],
    ['a text that is no text', () => ({ query: [UNTRUSTED] }), 'Expected "query" param to be a string, but given array.'],
  ]
  test.each(REFUSED)('%s is refused with 400, and says why', async (_name, body, message) => {
    const answer = await rawRequest(closed, { body: body(), headers: user })
    expect(answer).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'], data: undefined })
    expect(answer.message).toContain(message)
  })

  test('what was refused with its hash is not registered by it', async () => {
    await rawRequest(closed, { body: { query: UNTRUSTED, ...persistedQuery(sha256(UNTRUSTED)) }, headers: user })
    expect((await rawRequest(closed, { body: persistedQuery(sha256(UNTRUSTED)), headers: user })).message).toBe('No trusted operation has this id.')
  })

  test('a trusted query is taken by GET, with its variables', async () => {
    const [id] = [...trusted].find(([, text]) => text.startsWith('query Recommendations')) ?? []
    const answer = await rawRequest(closed, { params: { documentId: `sha256:${id}`, variables: JSON.stringify({ petId: BORI }) }, headers: user })
    expect(answer).toMatchObject({ status: 200, codes: [], data: { recommendations: { petId: BORI } } })
    const apollo = await rawRequest(closed, { params: { extensions: JSON.stringify(persistedQuery(MY_PETS).extensions) }, headers: user })
    expect(apollo).toMatchObject({ status: 200, codes: [] })
  })

  test('arbitrary operations can be allowed', async () => {
    const open = await startGateway({ databaseUrl: stage.database.url, exposure: { ...CLOSED, arbitraryOperations: true } })
    try {
      expect(await rawRequest(open, { body: { query: UNTRUSTED }, headers: user })).toMatchObject({ status: 200, codes: [] })
    } finally {
      await open.close()
    }
  })
})

describe('where arbitrary operations are taken', () => {
  test('an unknown hash asks for the text, the text with the hash registers it, and then the hash is enough', async () => {
    const query = '{ viewer { id isAdmin } }'
    const unknown = await rawRequest(stage.gateway, { body: persistedQuery(sha256(query)), headers: user })
    expect(unknown).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'], message: 'PersistedQueryNotFound' })
    // Older Apollo clients read the body of a 200 only.
    expect(await rawRequest(stage.gateway, { body: persistedQuery(sha256(query)), headers: { ...user, accept: 'application/json' } })).toMatchObject({ status: 200, message: 'PersistedQueryNotFound' })
    expect(await rawRequest(stage.gateway, { body: { query, ...persistedQuery(sha256(query)) }, headers: user })).toMatchObject({ status: 200, codes: [] })
    for (const body of [persistedQuery(sha256(query)), { documentId: `sha256:${sha256(query)}` }]) {
      expect(await rawRequest(stage.gateway, { body, headers: user })).toMatchObject({ status: 200, data: { viewer: { id: DEMO_USER_ID, isAdmin: false } } })
    }
  })

  test('a text never registers under a hash that is not its own', async () => {
    const hash = sha256('{ viewer { isAdmin } }')
    const poisoned = await rawRequest(stage.gateway, { body: { query: '{ viewer { id } }', ...persistedQuery(hash) }, headers: user })
    expect(poisoned).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'], message: 'The hash sent is not the sha256 of the query sent with it.' })
    expect((await rawRequest(stage.gateway, { body: persistedQuery(hash), headers: user })).message).toBe('PersistedQueryNotFound')
  })

  test('what is registered is bounded: the text longest unused is asked for again', async () => {
    const register = (query: string) => rawRequest(stage.gateway, { body: { query, ...persistedQuery(sha256(query)) }, headers: user })
    const isKept = async (query: string) => (await rawRequest(stage.gateway, { body: persistedQuery(sha256(query)), headers: user })).codes.length === 0
    const padded = (name: string, length: number) => `query ${name} { viewer { id } } #${'x'.repeat(length)}`
    const first = padded('First', 0)
    await register(first)
    expect(await isKept(first)).toBe(true)
    for (let number = 0; number < 115; number += 1) await register(padded(`N${number}`, 19_000))
    expect(await isKept(padded('N114', 19_000))).toBe(true)
    expect(await isKept(first)).toBe(false)
  })

  test('the trusted operations are there too, by id', async () => {
    expect(await rawRequest(stage.gateway, { body: { documentId: MY_PETS }, headers: user })).toMatchObject({ status: 200, codes: [] })
  })
})

describe.each(['production', 'development'])('%s', (which) => {
  test('never runs a mutation by GET, however often and by whatever way it is sent', async () => {
    const gateway = which === 'production' ? closed : stage.gateway
    const id = idOf(UpdatePetWeightDocument)
    const weight = async () => (await stage.database.sql`select weight_kg from pets where id = ${BORI}`)[0]?.['weight_kg']
    const before = await weight()
    const variables = JSON.stringify({ petId: BORI, weightKg: 33 })
    for (const params of [{ documentId: id, variables }, { documentId: id, variables }, { query: trusted.get(bare(id)) ?? '', variables }, { extensions: JSON.stringify(persistedQuery(id).extensions), variables }]) {
      const answer = await rawRequest(gateway, { params, headers: user })
      expect(answer).toMatchObject({ status: 405, codes: ['BAD_USER_INPUT'], data: undefined })
      expect(answer.headers.get('allow')).toBe('POST')
    }
    expect(await weight()).toBe(before)
  })
})
