import { afterAll, beforeAll, expect, test } from 'vitest'
import { RecommendationsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import { connect } from '../../src/db/client.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI, DEMO_SENIOR_DOG_ID as OTHER } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ADMIN_ID } from '../../src/demo/users.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { startTestPostgres, startTestRedis, type TestServer } from '../support/servers.ts'
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Milliseconds: the deadline of a statement, and what else a request takes. */
const DEADLINE_MS = 7_500
const device = { 'x-device-uid': 'demo-device' }

let postgres: TestServer
let redis: TestServer
let proxy: TcpProxy
let serving: TestGateway
let refusing: TestGateway
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startTestPostgres(), startTestRedis()])
  const { db, close } = connect(postgres.url, { max: 1 })
  await seedDemo(db, '2026-11-24')
  await close()
  proxy = await createTcpProxy(postgres.port)
  const url = new URL(postgres.url)
  url.port = String(proxy.port)
  const options = { databaseUrl: url.href, cache: { kind: 'redis', url: redis.url }, forceRefreshPerMinute: 3 } as const
  ;[serving, refusing] = [await startGateway(options), await startGateway({ ...options, unverifiedAnswers: 'refuse' })]
})
afterAll(async () => {
  await proxy.resume()
  await Promise.all([serving.close(), refusing.close()])
  await proxy.close()
  await redis.stop()
  await postgres.stop()
})

const QUERY = 'query ($petId: ID!) { recommendations(petId: $petId) { source isCached } }'
const ask = async (gateway: TestGateway, petId = BORI) => {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...device },
    body: JSON.stringify({ query: QUERY, variables: { petId } }),
  })
  return response.json()
}

test('forced refreshes have a budget per user, over all processes, and the refusal says when to come back', async () => {
  const refresh = (gateway: TestGateway) => gateway.ask(RecommendationsDocument, { petId: BORI, forceRefresh: true }, device)
  for (const gateway of [serving, refusing, serving]) expect((await refresh(gateway)).errors).toBeUndefined()
  const { errors, headers } = await refresh(refusing)
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) })
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
})

test('with Postgres away hits go on, and say of themselves that nothing confirms them; or are refused where that was asked for', async () => {
  for (const gateway of [serving, refusing]) {
    await waitUntil('it is a hit', async () => (await ask(gateway)).data?.recommendations.source === 'REDIS')
  }
  expect((await ask(serving)).extensions).toBeUndefined()
  proxy.hang()
  await waitUntil('trust has run out', async () => (await ask(serving)).extensions !== undefined)
  const began = performance.now()
  expect(await ask(serving)).toEqual({ data: { recommendations: { source: 'REDIS', isCached: true } }, extensions: { unverified: [BORI] } })
  expect(performance.now() - began).toBeLessThan(500)
  expect((await ask(refusing)).errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE')
  await proxy.resume()
  await waitUntil('trust is back', async () => {
    const answer = await ask(serving)
    return answer.data?.recommendations.source === 'REDIS' && answer.extensions === undefined
  })
}, 60_000)

test('with Postgres away a miss and a change are SERVICE_UNAVAILABLE within a deadline, and what was refused is not done later', async () => {
  const weightOf = async () => {
    const { sql, close } = connect(postgres.url, { max: 1 })
    const [row] = await sql`select weight_kg from pets where id = ${OTHER}`
    await close()
    return row?.['weight_kg']
  }
  const before = await weightOf()
  proxy.hang()
  const began = performance.now()
  const [miss, change] = await Promise.all([ask(serving, OTHER), serving.ask(UpdatePetWeightDocument, { petId: OTHER, weightKg: 77 }, device)])
  expect(performance.now() - began).toBeLessThan(DEADLINE_MS)
  expect(miss.errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE')
  expect(change.errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE')
  await proxy.resume()
  await waitUntil('Postgres answers again', async () => (await ask(serving, OTHER)).errors === undefined, { withinMs: 20_000 })
  expect(await weightOf()).toBe(before)
}, 60_000)

test('with Postgres away the figures that need none still come, and those that do are SERVICE_UNAVAILABLE', async () => {
  const admin = await bearer(DEMO_ADMIN_ID, true)
  proxy.hang()
  const [without, needing] = await Promise.all([
    serving.askText('{ cacheStats { hitRate tiers { hits } redis { connected } } }', {}, admin),
    serving.askText('{ cacheStats { pendingInvalidations } }', {}, admin),
  ])
  expect(without.data).toMatchObject({ cacheStats: { redis: { connected: true } } })
  expect(needing).toMatchObject({ data: null, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] })
  await proxy.resume()
  await waitUntil('Postgres answers again', async () => (await ask(serving, OTHER)).errors === undefined, { withinMs: 20_000 })
}, 60_000)

test('a gateway can be stopped while Postgres hangs', async () => {
  const url = new URL(postgres.url)
  url.port = String(proxy.port)
  const leaving = await startGateway({ databaseUrl: url.href, cache: { kind: 'redis', url: redis.url } })
  await waitUntil('it is a hit', async () => (await ask(leaving)).data?.recommendations.source === 'REDIS')
  proxy.hang()
  const began = performance.now()
  await leaving.close()
  expect(performance.now() - began).toBeLessThan(25_000)
  await proxy.resume()
}, 60_000)
