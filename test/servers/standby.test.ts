import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { RecommendationsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import { connect } from '../../src/db/client.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI, DEMO_SENIOR_DOG_ID as OTHER } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, startGateway, TEST_SECRET, type TestGateway } from '../support/gateway.ts'
import { askPostgres } from '../support/postgres-node.ts'
import { createPostgresWorld, type PostgresWorld } from '../support/postgres-world.ts'
import { startTestRedis, type TestServer } from '../support/servers.ts'
import { startSilentPooler } from '../support/silent-pooler.ts'
import { waitUntil } from '../support/wait-until.ts'
import { keysIn } from '../support/lineage.ts'

/** Milliseconds: "within seconds", on a machine that does other work too. */
const SOON = { withinMs: 15_000 }

let world: PostgresWorld
let server: TestServer
let redis: Redis
/** On the primary; on the moved route, serving and refusing what nothing confirms. */
let onPrimary: TestGateway
let moved: TestGateway
let refusing: TestGateway
let user: Record<string, string>
const gateways: TestGateway[] = []
beforeAll(async () => {
  ;[world, server] = await Promise.all([createPostgresWorld({ folder: inject('testFolder') }), startTestRedis()])
  redis = new Redis(server.url)
  user = await bearer(DEMO_USER_ID)
  const { db, close } = connect(world.primaryUrl(), { max: 1 })
  await seedDemo(db, '2026-11-24')
  await close()
  const start = async (route: string, unverifiedAnswers: 'serve' | 'refuse') => {
    const databaseUrl = (await world.route(route)).url
    const gateway = await startGateway({ databaseUrl, cache: { kind: 'redis', url: server.url }, unverifiedAnswers })
    gateways.push(gateway)
    return gateway
  }
  onPrimary = await start('primary', 'serve')
  moved = await start('moved', 'serve')
  refusing = await start('moved', 'refuse')
}, 120_000)
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()))
  redis.disconnect()
  await Promise.all([world.close(), server.stop()])
})

type Answer = {
  data?: { recommendations: { runId: string | null; source: string } | null } | null
  errors?: { extensions: { code: string } }[]
  extensions?: { unverified: string[] }
}
const ask = async (gateway: TestGateway, petId = BORI): Promise<Answer> => {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...user },
    body: JSON.stringify({ query: `{ recommendations(petId: "${petId}") { runId source } }` }),
  })
  return JSON.parse(await response.text())
}
const sourceOf = async (gateway: TestGateway, petId = BORI) => (await ask(gateway, petId)).data?.recommendations?.source
const codeOf = ({ errors }: { errors?: { extensions: { code: string } }[] | undefined }) => errors?.[0]?.extensions.code
const isReady = async (gateway: TestGateway) => (await fetch(`${gateway.url}/health/ready`)).ok
const weigh = (gateway: TestGateway, weightKg: number, petId = BORI) =>
  gateway.ask(UpdatePetWeightDocument, { petId, weightKg }, user)
const versions = async (petId: string, runId: string | null | undefined) =>
  askPostgres(world.primaryUrl(), async (sql) => {
    const [row] = await sql<{ pet: string; run: string | null }[]>`
      select recommendation_version as pet, (select version from recommendation_runs where id = ${runId ?? null}) as run
      from pets where id = ${petId}`
    return row
  })
const keysOf = async (pattern: string[]) => (await Promise.all(pattern.map((one) => redis.keys(one)))).flat()

const toStandby = async () => {
  await world.caughtUp()
  await world.point('moved', 'standby')
}
const backToPrimary = async () => {
  await world.resumeLink()
  await world.point('moved', 'primary')
  await waitUntil('both are ready again', async () => (await isReady(moved)) && (await isReady(refusing)), SOON)
}

test('a gateway whose name leads to a standby is not ready until it leads to the primary, within seconds', async () => {
  expect(await isReady(moved)).toBe(true)
  await toStandby()
  expect(await isReady(moved)).toBe(false)
  const live = await fetch(`${moved.url}/health/live`)
  expect(live.status).toBe(200)
  await backToPrimary()
  expect(codeOf(await weigh(moved, 12))).toBeUndefined()
}, 60_000)

test('on a standby hits are marked as unverified or refused, misses and mutations are SERVICE_UNAVAILABLE', async () => {
  for (const gateway of [onPrimary, moved, refusing]) {
    await waitUntil('it is a hit', async () => (await sourceOf(gateway)) === 'REDIS', SOON)
  }
  await toStandby()
  await waitUntil('it holds no trust', async () => (await ask(moved)).extensions !== undefined)
  expect(await ask(moved)).toMatchObject({
    data: { recommendations: { source: 'REDIS' } },
    extensions: { unverified: [BORI] },
  })
  await waitUntil('it refuses', async () => codeOf(await ask(refusing)) === 'SERVICE_UNAVAILABLE')
  expect(codeOf(await ask(moved, OTHER))).toBe('SERVICE_UNAVAILABLE')
  expect(codeOf(await weigh(moved, 13))).toBe('SERVICE_UNAVAILABLE')
  const refreshed = await moved.ask(RecommendationsDocument, { petId: BORI, forceRefresh: true }, user)
  expect(codeOf(refreshed)).toBe('SERVICE_UNAVAILABLE')
  await backToPrimary()
  await waitUntil('trust is back', async () => {
    const answer = await ask(moved)
    return answer.data?.recommendations?.source === 'REDIS' && answer.extensions === undefined
  }, SOON)
}, 60_000)

test('a standby that lags fills nothing: nobody is answered what it still holds to be true', async () => {
  expect(await sourceOf(onPrimary)).toBeDefined()
  await world.caughtUp()
  world.lagStandby()
  expect((await weigh(onPrimary, 14)).data?.updatePet.invalidation).toBe('CLEARED')
  await world.point('moved', 'standby')
  // As if its memory had run out: no fence tells a filler that it is late.
  const { patterns } = await askPostgres(world.primaryUrl(), keysIn)
  const forgotten = await keysOf([...patterns.fences, ...patterns.results])
  if (forgotten.length > 0) await redis.unlink(forgotten)
  for (let i = 0; i < 3; i++) expect(codeOf(await ask(moved))).toBe('SERVICE_UNAVAILABLE')
  expect(await keysOf(patterns.results)).toEqual([])

  const answer = await ask(onPrimary)
  const found = await versions(BORI, answer.data?.recommendations?.runId)
  expect(found?.run).toBe(found?.pet)
  await backToPrimary()
}, 60_000)

test('behind a pooler that does not say so a standby is not ready, and mutations are SERVICE_UNAVAILABLE', async () => {
  const url = new URL(world.standbyUrl())
  const pooler = await startSilentPooler(Number(url.port))
  url.port = String(pooler.port)
  const gateway = await startGateway({ databaseUrl: url.href, cache: { kind: 'redis', url: server.url } })
  expect(await isReady(gateway)).toBe(false)
  expect(codeOf(await weigh(gateway, 16))).toBe('SERVICE_UNAVAILABLE')
  await gateway.close()
  await pooler.close()
}, 60_000)

test('a start or a migration on a standby ends with one sentence that says where DATABASE_URL leads', async () => {
  const url = world.standbyUrl()
  const sentence =
    'DATABASE_URL leads to no Postgres that can be written to: ' +
    `the Postgres at 127.0.0.1:${new URL(url).port} is a standby, which is read-only\n`
  for (const program of ['../../src/main.ts', '../../src/cli/migrate.ts']) {
    const child = spawn(process.execPath, [fileURLToPath(new URL(program, import.meta.url))], {
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: '0',
        DATABASE_URL: url,
        REDIS_URL: server.url,
        AUTH_JWT_SECRET: TEST_SECRET,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    expect({ code, said }).toEqual({ code: 1, said: sentence })
  }
}, 120_000)

test('a standby that is promoted under a gateway makes it ready, without a restart', async () => {
  await toStandby()
  expect(await isReady(moved)).toBe(false)
  await world.failover(['primary'])
  await waitUntil('it is ready', () => isReady(moved), SOON)
  // What is asked while it leaves the connections of before is refused.
  await waitUntil('a change is taken', async () => (await weigh(moved, 15)).data?.updatePet.invalidation !== undefined)
  await waitUntil('a hit is trusted', async () => {
    const answer = await ask(moved)
    return answer.data?.recommendations?.source === 'REDIS' && answer.extensions === undefined
  }, SOON)
}, 60_000)
