import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Keys } from '../../src/cache/keys.ts'
import { connect } from '../../src/db/client.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { keysIn } from '../support/lineage.ts'
import { blocksOf, DOCUMENTED_PASSWORD } from '../support/operations.ts'
import { startTestCluster } from '../support/redis-cluster.ts'
import { startTestRedis, type TestServer } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'
import { playWholeJourney } from '../support/whole-journey.ts'

/** As in the document, user and password as they stand there. */
const [line = ''] = blocksOf('acl')
const USER = 'petfood_gateway'
const allowed = new Set([...line.matchAll(/ \+(\S+)/g)].map(([, command]) => command))
/** Written in a script for the case that a counter was left without an end, which does not come about by itself. */
const NOT_PLAYED = new Set(['expire'])
/** What every connection may say before anybody has signed in. */
const WITHOUT_SIGN_IN = new Set(['hello', 'auth', 'quit'])
const OF_THE_TEST = /^(acl|config|client\|kill|ping)/

let folder: string
let database: TestDatabase
let redis: TestServer
let boss: Redis
let keys: Keys
beforeAll(async () => {
  folder = join(inject('testFolder'), `sockets_${randomBytes(4).toString('hex')}`)
  await mkdir(folder)
  await chmod(folder, 0o777) // as root the server runs as nobody
  const settings = [`unixsocket ${folder}/redis.sock`, 'unixsocketperm 777', 'user boss on >boss ~* &* +@all', line]
  ;[redis, database] = await Promise.all([startTestRedis({ settings }), createTestDatabase()])
  const { db, sql, close } = connect(database.url, { max: 1 })
  await seedDemo(db, '2026-11-24')
  // The first gateway on a database draws its lineage.
  await (await startGateway({ databaseUrl: database.url, cache: { kind: 'memory' } })).close()
  keys = await keysIn(sql)
  await close()
  boss = new Redis(redis.port, { username: 'boss', password: 'boss', disableClientInfo: true })
  await boss.acl('SETUSER', 'default', 'off')
})
afterAll(async () => {
  boss.disconnect()
  await redis.stop()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const playOn = async (gateway: TestGateway) => {
  const headers = { user: await bearer(DEMO_USER_ID), admin: await bearer(DEMO_ADMIN_ID, true) }
  return playWholeJourney(async (text, who) => {
    const { data, errors } = await gateway.askText(text, {}, headers[who])
    if (errors !== undefined) throw new Error(`${text}: ${JSON.stringify(errors)}`)
    return data
  })
}

const played = async (url: string): Promise<string[]> => {
  const gateway = await startGateway({ databaseUrl: database.url, cache: { kind: 'redis', url } })
  try {
    return await playOn(gateway)
  } finally {
    await gateway.close()
  }
}
const refusals = (client: Redis) => client.call('ACL', 'LOG')

test('the documented user can do all of a whole journey, and the journey uses all that the user may', async () => {
  await boss.config('RESETSTAT')
  // Data of unknown age are scanned for and dropped at the start.
  await boss.set(keys.result('left-over'), 'x')
  expect(await played(`redis://${USER}:${DOCUMENTED_PASSWORD}@127.0.0.1:${redis.port}`)).toContain('REDIS')
  expect(await refusals(boss)).toEqual([])
  const used = [...(await boss.info('commandstats')).matchAll(/^cmdstat_([^:]+):calls=[1-9]/gm)].map(([, command = '']) => command)
  const ours = used.filter((command) => !OF_THE_TEST.test(command) && !WITHOUT_SIGN_IN.has(command))
  expect(ours.filter((command) => !allowed.has(command)), 'used, and not in the document').toEqual([])
  expect([...allowed].filter((command) => !used.includes(command ?? '') && !NOT_PLAYED.has(command ?? '')), 'in the document, and not used').toEqual([])
  expect(await boss.exists(keys.result('left-over'))).toBe(0)
})

test.each([
  ['FLUSHALL'], ['FLUSHDB'], ['KEYS', '*'], ['CONFIG', 'GET', '*'], ['ACL', 'LIST'], ['MONITOR'], ['SHUTDOWN'],  ['CLIENT', 'LIST'],
  ['SCRIPT', 'FLUSH'], ['REPLICAOF', 'NO', 'ONE'], ['GET', 'of-others'], ['SET', 'of-others', '1'], ['EVAL', "return redis.call('GET', 'of-others')", '0'],
  ['EVAL', "return redis.call('FLUSHALL')", '0'], ['SUBSCRIBE', 'x'], ['PUBLISH', 'x', 'y'],
])('the documented user may not %s %s', async (command, ...args) => {
  const client = new Redis(redis.port, { username: USER, password: DOCUMENTED_PASSWORD, disableClientInfo: true, maxRetriesPerRequest: 0 })
  try {
    await expect(client.call(command, ...args)).rejects.toThrow(/NOPERM|ACL failure|The user executing the script can't/)
  } finally {
    client.disconnect()
  }
})

test('a socket serves as well as a port', async () => {
  await boss.call('ACL', 'LOG', 'RESET')
  expect(await played(`redis+unix://${USER}:${DOCUMENTED_PASSWORD}@${folder}/redis.sock`)).toContain('REDIS')
  expect(await refusals(boss)).toEqual([])
})

test('a wrong password costs the cache and nothing else', async () => {
  const sources = await played(`redis://${USER}:wrong@127.0.0.1:${redis.port}`)
  expect(sources).toContain('COMPUTED')
  expect(sources).not.toContain('REDIS')
})

test('in a cluster the documented user needs what the document adds, and no more', { timeout: 120_000 }, async () => {
  const cluster = await startTestCluster({ folder, replicasPerMaster: 0 })
  const nodes = cluster.nodes.map(({ port }) => new Redis(port))
  try {
    const rules = [...line.split(' ').slice(2), '+cluster|slots', '+cluster|info', '+client|setname', '+asking']
    await Promise.all(nodes.map((node) => node.acl('SETUSER', USER, ...rules)))
    const hosts = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join()
    const sources = await played(`redis+cluster://${USER}:${DOCUMENTED_PASSWORD}@${hosts}`)
    expect(sources).toContain('REDIS')
    for (const node of nodes) expect(await refusals(node)).toEqual([])
    await waitUntil('every master was asked', async () => (await Promise.all(nodes.map(async (node) => (await node.info('commandstats')).includes('cmdstat_evalsha')))).every(Boolean))
  } finally {
    for (const node of nodes) node.disconnect()
    await cluster.close()
  }
})
