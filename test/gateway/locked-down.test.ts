import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/db/client.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { tokenFor, TEST_CLAIMS, TEST_SECRET } from '../support/gateway.ts'
import { blocksOf, DOCUMENTED_PASSWORD } from '../support/operations.ts'
import { startTlsServers, type TlsServers } from '../support/tls-servers.ts'
import { waitUntil } from '../support/wait-until.ts'
import { playWholeJourney } from '../support/whole-journey.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const USER = 'petfood_gateway'
const DEVICE = 'device-that-nobody-may-know'
/** Passwords that are found again wherever they leak. */
const WRONG = 'wrong-secret-of-the-url'

let servers: TlsServers
beforeAll(async () => {
  const [role = '', grants = ''] = blocksOf('sql')
  servers = await startTlsServers(blocksOf('acl'))
  const owner = connect(servers.postgres.url, { max: 1, statementTimeoutMs: 60_000 })
  await seedDemo(owner.db, '2026-11-24')
  await owner.sql.unsafe(role)
  await owner.sql.unsafe(grants)
  await owner.close()
})
afterAll(() => servers.stop())

type Started = { process: ChildProcess; output: () => string; url: () => string; ended: Promise<number | null> }
const started: Started[] = []
afterEach(async () => {
  for (const { process } of started) process.kill('SIGTERM')
  await Promise.all(started.splice(0).map(({ ended }) => ended))
})

const postgresUrl = (password = DOCUMENTED_PASSWORD) =>
  `postgres://${USER}:${password}@127.0.0.1:${servers.postgres.port}/petfood?sslmode=verify-full&sslrootcert=${servers.authorityFile}`
const redisUrl = (password = DOCUMENTED_PASSWORD) => `rediss://${USER}:${password}@127.0.0.1:${servers.redis.tlsPort}`

/** A gateway as its own process, locked down as the page says, that logs all it can. */
function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, [main], {
    cwd: '/',
    env: {
      PATH: process.env['PATH'] ?? '', PORT: '0', LOG_LEVEL: 'trace', AUTH_JWT_SECRET: TEST_SECRET, AUTH_ISSUER: TEST_CLAIMS.issuer, AUTH_AUDIENCE: TEST_CLAIMS.audience,
      AUTH_DEVICE_UID: 'on', RUN_MEMORY_MB: '0', DATABASE_URL: postgresUrl(), REDIS_URL: redisUrl(), NODE_EXTRA_CA_CERTS: servers.authorityFile, ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const one = {
    process: child,
    output: () => output,
    url: () => /GraphiQL +(\S+)/.exec(output)?.[1] ?? '',
    ended: new Promise<number | null>((resolve) => child.on('exit', resolve)),
  }
  started.push(one)
  return one
}
const up = (one: Started) => waitUntil('the gateway is up', () => one.url() !== '', { withinMs: 30_000 })

const post = async (one: Started, query: string, headers: Record<string, string>): Promise<{ data?: unknown; errors?: unknown }> => {
  const response = await fetch(one.url(), { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query }) })
  return response.json()
}
const tokens = async () => ({ user: await tokenFor(DEMO_USER_ID), admin: await tokenFor(DEMO_ADMIN_ID, true) })
const play = async (one: Started, withErrors: 'fail' | 'go on' = 'fail') => {
  const bearers = await tokens()
  return playWholeJourney(async (query, who) => {
    const { data, errors } = await post(one, query, { authorization: `Bearer ${bearers[who]}` })
    // What Redis holds is the one thing that only Redis can tell.
    if (errors !== undefined && withErrors === 'fail' && !query.includes('cacheEntry')) throw new Error(`${query}: ${JSON.stringify(errors)}`)
    return data
  })
}

/** What must stand in no output, whatever happened. */
const expectNoSecrets = async (output: string, more: readonly string[] = []) => {
  const bearers = await tokens()
  const secrets = { user: bearers.user, admin: bearers.admin, secret: TEST_SECRET, password: DOCUMENTED_PASSWORD, wrong: WRONG, device: DEVICE }
  const signatures = [bearers.user, bearers.admin].map((token) => token.split('.')[2] ?? token)
  for (const secret of [...Object.values(secrets), ...signatures, ...more]) expect(output.includes(secret), `${secret} is in the output`).toBe(false)
}

test('with TLS to both stores, the documented user and the documented role, everything works and no secret is logged at any level', { timeout: 60_000 }, async () => {
  const one = start({})
  await up(one)
  expect(await play(one)).toContain('REDIS')
  expect(await post(one, '{ viewer { id } }', { 'x-device-uid': DEVICE })).not.toHaveProperty('errors')
  const good = await tokenFor(DEMO_USER_ID)
  const spoilt = `${good.slice(0, -4)}AAAA`
  expect(await post(one, '{ viewer { id } }', { authorization: `Bearer ${spoilt}` })).toHaveProperty('errors')
  expect(await post(one, '{ viewer { id } }', { authorization: `Basic ${good}` })).toHaveProperty('errors')
  expect(one.output()).toContain('"msg":"request"')
  await expectNoSecrets(one.output(), [spoilt])
})

test('Redis is not spoken to where its certificate cannot be verified', { timeout: 60_000 }, async () => {
  const one = start({ NODE_EXTRA_CA_CERTS: '' })
  await up(one)
  expect(await play(one)).not.toContain('REDIS')
  await expectNoSecrets(one.output())
})

test('a wrong password for Redis costs the cache and is not logged', { timeout: 60_000 }, async () => {
  const one = start({ REDIS_URL: redisUrl(WRONG) })
  await up(one)
  expect(await play(one)).not.toContain('REDIS')
  await waitUntil('the refusal is logged', () => one.output().includes('WRONGPASS'))
  await expectNoSecrets(one.output())
})

test('a wrong password for Postgres ends the start in a sentence without it', { timeout: 60_000 }, async () => {
  const one = start({ DATABASE_URL: postgresUrl(WRONG) })
  expect(await one.ended).toBe(1)
  expect(one.output()).toContain('password authentication failed')
  await expectNoSecrets(one.output())
})

test('stores that go away in the midst of it leave no secret in the log', { timeout: 90_000 }, async () => {
  const one = start({})
  await up(one)
  await play(one)
  await Promise.all([servers.redis.kill(), servers.postgres.kill()])
  await post(one, '{ viewer { id pets { name } } }', { 'x-device-uid': `${DEVICE}-2` })
  await play(one, 'go on')
  expect(one.output()).toContain('postgres unavailable')
  await expectNoSecrets(one.output())
})
