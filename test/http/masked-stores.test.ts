import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, startGateway, TEST_CLAIMS } from '../support/gateway.ts'
import { rawRequest } from '../support/raw-request.ts'
import { setStage, type Stage } from '../support/stage.ts'

let stage: Stage
let user: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
})
afterAll(() => stage.close())

/** `sql` is undone by `undo`, whatever becomes of `work`. */
async function whileBroken(sql: string, undo: string, work: () => Promise<void>): Promise<void> {
  await stage.database.sql.unsafe(sql)
  try {
    await work()
  } finally {
    await stage.database.sql.unsafe(undo)
  }
}

const INSIDE = /select|insert|relation|pets_gone|users_gone|postgres|redis|127\.0\.0\.1|localhost|\/work|node_modules|\.ts|jwks/i

test('a table that is not there shows in no answer, whether a resolver or sign-in needs it', async () => {
  await whileBroken('alter table pets rename to pets_gone', 'alter table pets_gone rename to pets', async () => {
    for (const query of ['{ viewer { pets { id } } }', `{ pet(id: "${BORI}") { id } }`, `mutation { setPrimaryPet(petId: "${BORI}") { pet { id } } }`]) {
      const answer = await rawRequest(stage.gateway, { body: { query }, headers: user })
      expect(answer.codes).toEqual(['INTERNAL_SERVER_ERROR'])
      expect(answer.message).toBe('Something went wrong on our side.')
      expect(answer.text).not.toMatch(INSIDE)
    }
  })
  await whileBroken('alter table users rename to users_gone', 'alter table users_gone rename to users', async () => {
    const answer = await rawRequest(stage.gateway, { body: { query: '{ viewer { id } }' }, headers: { 'x-device-uid': 'unseen-device' } })
    expect(answer).toMatchObject({ status: 500, codes: ['INTERNAL_SERVER_ERROR'], data: undefined })
    expect(answer.text).not.toMatch(INSIDE)
  })
})

test('garbage in Redis shows in no answer', async () => {
  const ask = () => rawRequest(stage.gateway, { body: { query: `{ recommendations(petId: "${BORI}") { petId } }` }, headers: user })
  await ask()
  for (const key of await stage.redisClient.keys('petfood:*')) {
    await stage.redisClient.del(key)
    await stage.redisClient.hset(key, 'of', 'another type')
  }
  const answer = await ask()
  expect(answer).toMatchObject({ status: 200, codes: [], data: { recommendations: { petId: BORI } } })
  expect(answer.text).not.toMatch(/WRONGTYPE|redis/i)
  await stage.redisClient.flushall()
})

test('keys for tokens that cannot be fetched are 503, without the address', async () => {
  const jwks = createServer((_request, response) => response.writeHead(500).end('stack at /srv/jwks.ts'))
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve))
  const address = jwks.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const url = `http://127.0.0.1:${port}/jwks.json`
  const gateway = await startGateway({ databaseUrl: stage.database.url, auth: { ...TEST_CLAIMS, keys: { kind: 'jwks', url, algorithm: 'RS256' }, deviceUid: false } })
  try {
    const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'x' })).toString('base64url')
    const answer = await rawRequest(gateway, { body: { query: '{ viewer { id } }' }, headers: { authorization: `Bearer ${header}.${Buffer.from('{}').toString('base64url')}.x` } })
    expect(answer).toMatchObject({ status: 503, codes: ['SERVICE_UNAVAILABLE'], data: undefined })
    expect(answer.text).not.toMatch(INSIDE)
  } finally {
    await gateway.close()
    jwks.close()
  }
})
