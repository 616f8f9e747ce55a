import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { startTestPostgres, startTestRedis, type TestServer } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Milliseconds: readiness' own second, and what a busy machine takes besides. */
const DEADLINE_MS = 2_500

let postgres: TestServer
let redis: TestServer
let gateway: TestGateway
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startTestPostgres(), startTestRedis()])
  gateway = await startGateway({ databaseUrl: postgres.url, cache: { kind: 'redis', url: redis.url } })
})
afterAll(async () => {
  await Promise.all([postgres.resume(), redis.resume()])
  await gateway.close()
  await Promise.all([redis.stop(), postgres.stop()])
})

async function health(path: 'live' | 'ready'): Promise<{ status: number; body: unknown }> {
  const began = performance.now()
  const response = await fetch(`${gateway.url}/health/${path}`)
  expect(performance.now() - began).toBeLessThan(DEADLINE_MS)
  return { status: response.status, body: await response.json() }
}

const LIVE = { status: 200, body: { status: 'live' } }
const READY = { status: 200, body: { status: 'ready' } }
const NOT_READY = { status: 503, body: { status: 'not ready' } }

test('live and ready while both stores answer', async () => {
  expect(await health('live')).toEqual(LIVE)
  expect(await health('ready')).toEqual(READY)
})

test('ready with a Redis that hangs', async () => {
  await redis.pause()
  expect(await health('ready')).toEqual(READY)
  await redis.resume()
})

test('not ready with a Postgres that hangs, within the deadline however many ask, and ready again by itself; live all the while', async () => {
  await postgres.pause()
  expect(await Promise.all(Array.from({ length: 50 }, () => health('ready')))).toEqual(Array.from({ length: 50 }, () => NOT_READY))
  expect(await health('live')).toEqual(LIVE)
  await postgres.resume()
  await waitUntil('it is ready again', async () => (await health('ready')).status === 200, { withinMs: 20_000 })
}, 60_000)
