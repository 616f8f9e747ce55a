import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { RecommendationsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import { connectRedis } from '../../src/cache/redis.ts'
import { parseRedisUrl } from '../../src/cache/redis-target.ts'
import { connect } from '../../src/db/client.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { findFreePort } from '../../src/embedded/ports.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { recordLog } from '../support/recorded-log.ts'
import { startTestSentinels } from '../support/redis-sentinel.ts'
import { startTestRedis } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'

const REFUSAL = 'redis: SELECT was refused, so the cache is not used'

let folder: string
let database: TestDatabase
let user: Record<string, string>
const atEnd: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  folder = join(inject('testFolder'), `databases_${randomBytes(4).toString('hex')}`)
  await mkdir(folder)
  await chmod(folder, 0o777) // as root the server runs as nobody
  database = await createTestDatabase()
  const { db, close } = connect(database.url, { max: 1 })
  await seedDemo(db, '2026-11-24')
  await close()
  user = await bearer(DEMO_USER_ID)
})
afterEach(async () => {
  for (const end of atEnd.splice(0).toReversed()) await end()
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

/** Its settings may be changed before it is started again. */
const startServer = async (settings: string[]) => {
  const server = await startTestRedis({ settings })
  const client = new Redis(server.port, { username: 'boss', password: 'boss' })
  client.on('error', () => {})
  atEnd.push(server.stop, async () => client.disconnect())
  const keyCount = async (index: number) => Number(new RegExp(`^db${index}:keys=(\\d+)`, 'm').exec(await client.info('keyspace'))?.[1] ?? 0)
  return { server, client, keyCount }
}
const BOSS = 'user boss on >boss ~* &* +@all'

const startOn = async (url: string) => {
  const { logger, lines } = recordLog()
  const gateway = await startGateway({ databaseUrl: database.url, cache: { kind: 'redis', url }, logger })
  atEnd.push(gateway.close)
  const refusals = () => lines.filter(({ msg }) => msg === REFUSAL)
  const isOpen = () => lines.some(({ msg, state }) => msg === 'redis circuit' && state === 'OPEN')
  return { gateway, refusals, isOpen }
}
const sourceFrom = async (gateway: TestGateway): Promise<string> => {
  const { data, errors } = await gateway.ask(RecommendationsDocument, { petId: BORI }, user)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.recommendations.source
}
let weightKg = 10
const change = async (gateway: TestGateway): Promise<string | undefined> => {
  weightKg += 0.25
  return (await gateway.ask(UpdatePetWeightDocument, { petId: BORI, weightKg }, user)).data?.updatePet.invalidation
}

test.each([
  ['a number in the path that is too high', (port: number) => `redis://127.0.0.1:${port}/5`, ['databases 2'], 'DB index is out of range'],
  ['a number in the query that is too high', (port: number) => `redis://127.0.0.1:${port}?db=5`, ['databases 2'], 'DB index is out of range'],
  ['a number beside a socket that is too high', () => `unix://${folder}/redis.sock?db=5`, ['databases 2'], 'DB index is out of range'],
  ['a user without SELECT', (port: number) => `redis://app:app@127.0.0.1:${port}/5`, ['user app on >app ~* &* +@all -select'], "no permissions to run the 'select' command"],
  ['a node of a cluster', (port: number) => `redis://127.0.0.1:${port}/5`, ['cluster-enabled yes'], 'SELECT is not allowed in cluster mode'],
])('with %s, a refused SELECT writes nothing into database 0, and is logged once by name', async (_, urlOf, settings, reason) => {
  const sockets = [`unixsocket ${folder}/redis.sock`, 'unixsocketperm 777', `cluster-port ${await findFreePort()}`]
  const { server, keyCount } = await startServer([BOSS, ...sockets, ...settings])
  const url = urlOf(server.port)
  const { gateway, refusals, isOpen } = await startOn(url)
  await sourceFrom(gateway)
  await waitUntil('the circuit is open', isOpen)
  expect(await change(gateway)).toBe('QUEUED')
  expect(await sourceFrom(gateway)).toBe('POSTGRES')
  expect(await keyCount(0)).toBe(0)
  const [refusal] = refusals()
  const address = url.startsWith('unix') ? { host: `${folder}/redis.sock` } : { host: '127.0.0.1', port: server.port }
  expect(refusal).toMatchObject({ ...address, database: 5, reason: expect.stringContaining(reason) })
  expect(refusal).not.toHaveProperty('err')
  expect(refusals()).toHaveLength(1)
})

test('a SELECT that is refused on a reconnect writes nothing into database 0, and hits return when it is allowed', async () => {
  const settings = ['databases 6', BOSS]
  const { server, keyCount } = await startServer(settings)
  const { gateway, refusals, isOpen } = await startOn(`redis://127.0.0.1:${server.port}/5`)
  const isHit = async () => (await sourceFrom(gateway)) === 'REDIS'
  await waitUntil('it is a hit', isHit)
  settings[0] = 'databases 2'
  await server.restart()
  await waitUntil('the circuit is open', isOpen)
  expect(await change(gateway)).toBe('QUEUED')
  expect(await sourceFrom(gateway)).toBe('POSTGRES')
  expect(await keyCount(0)).toBe(0)
  expect(refusals()).toHaveLength(1)
  settings[0] = 'databases 6'
  await server.restart()
  await waitUntil('it is a hit again', isHit, { withinMs: 20_000 })
  expect(await keyCount(0)).toBe(0)
  expect(await keyCount(5)).toBeGreaterThan(0)
  expect(refusals()).toHaveLength(1)
}, 60_000)

test('a user who is allowed to SELECT later is served from Redis then, and a second refusal is logged again', async () => {
  const { server, client, keyCount } = await startServer([BOSS, 'user app on >app ~* &* +@all -select'])
  const { gateway, refusals } = await startOn(`redis://app:app@127.0.0.1:${server.port}/3`)
  await sourceFrom(gateway)
  await client.acl('SETUSER', 'app', '+select')
  await waitUntil('it is a hit', async () => (await sourceFrom(gateway)) === 'REDIS', { withinMs: 20_000 })
  expect(refusals()).toHaveLength(1)
  await client.acl('SETUSER', 'app', '-select')
  await client.client('KILL', 'USER', 'app')
  await waitUntil('it is refused again', () => refusals().length === 2)
  await change(gateway)
  expect(await keyCount(0)).toBe(0)
}, 60_000)

test('behind Sentinels a refused SELECT writes nothing into database 0 either', async () => {
  const { server, keyCount } = await startServer([BOSS, 'databases 2'])
  const sentinels = await startTestSentinels({ folder, masterName: 'petfood', primaryPort: server.port })
  atEnd.push(sentinels.close)
  const target = parseRedisUrl(`redis+sentinel://${sentinels.ports.map((port) => `127.0.0.1:${port}`).join()}/petfood?db=5`)
  if (target === undefined) throw new Error('no URL of Redis')
  const { logger, lines } = recordLog()
  const redis = await connectRedis(target, logger)
  atEnd.push(redis.close)
  const refusals = () => lines.filter(({ msg }) => msg === REFUSAL)
  await waitUntil('it is refused', () => refusals().length > 0)
  await expect(redis.run('raise', ['petfood:x'], [1])).rejects.toThrow()
  expect(refusals()).toEqual([expect.objectContaining({ port: server.port, database: 5 })])
  expect(await keyCount(0)).toBe(0)
}, 60_000)

test.each([
  ['redis://h:6379', true], ['redis://h:6379/', true], ['redis://h:6379/5', true], ['rediss://u:p@h:6379?db=5', true], ['redis://h/5?db=5', true],
  ['redis://h:6379/five', false], ['redis://h:6379/-1', false], ['redis://h:6379/5/6', false], ['redis://h?db=', false], ['redis://h?db=five', false],
  ['redis://h/5?db=6', false], ['redis://h/5.5', false],
])('%s names a database of Redis: %s', (url, isOne) => expect(parseRedisUrl(url) !== undefined).toBe(isOne))
