import { readdir } from 'node:fs/promises'
import { Cluster, Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { startTestCluster } from '../support/redis-cluster.ts'
import { ask, startRedisNode } from '../support/redis-node.ts'
import { startTestSentinels } from '../support/redis-sentinel.ts'
import { createRedisWorld, type RedisWorld } from '../support/redis-world.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const newWorld = async (): Promise<RedisWorld> => {
  const world = await createRedisWorld({ folder: await temporaryFolder() })
  onTestFinished(world.close)
  return world
}

/** Over a connection of the question's own, by its url. */
const on = <T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> => ask(Number(new URL(url).port), question)
const get = (url: string, key = 'pet') => on(url, (redis) => redis.get(key))
const set = (url: string, value: string, key = 'pet') => on(url, (redis) => redis.set(key, value))

const pidOf = async (url: string): Promise<number> =>
  Number(/process_id:(\d+)/.exec(await on(url, (redis) => redis.info('server')))?.[1])

/** Whether the replica of that primary has what was just written to it. */
const isReplicated = (url: string) =>
  on(url, async (redis) => {
    await redis.set('canary', 'sings')
    return (await redis.wait(1, 5_000)) === 1
  })

test('a primary started from a snapshot serves the old data again, one started empty serves none', async () => {
  const world = await newWorld()
  const { url } = await world.route('a')
  await set(url, 'old')
  await world.saveSnapshot()
  await set(url, 'new')

  await world.kill()
  await expect(get(url)).rejects.toThrow()
  await world.start('snapshot')
  expect(await get(url)).toBe('old')

  await world.kill()
  await world.start('empty')
  expect(await get(url)).toBeNull()
})

test('a flush empties the primary, and a paused one answers when it is resumed', async () => {
  const world = await newWorld()
  const { url } = await world.route('a')
  await set(url, 'new')
  await world.flush()
  expect(await get(url)).toBeNull()
  const impatient = new Redis(url, { commandTimeout: 100 })
  impatient.on('error', () => {})
  onTestFinished(() => impatient.disconnect())
  await impatient.ping()
  await world.pause()
  await expect(impatient.ping()).rejects.toThrow(/timed out/)
  await world.resume()
  expect(await get(url)).toBeNull()
})

test('after a failover of a replica that fell behind, all routes serve older data', async () => {
  const world = await newWorld()
  const a = await world.route('a')
  const b = await world.route('b')
  expect(await world.route('a'), 'the same name gives the same route').toBe(a)
  await set(a.url, 'old')
  await world.caughtUp()
  world.lagReplica()
  await set(a.url, 'new')
  const formerPid = await pidOf(world.primaryUrl())

  await world.failover('all')
  expect(await get(a.url)).toBe('old')
  expect(await get(b.url)).toBe('old')
  expect(isAlive(formerPid)).toBe(false)
  await expect(world.failover('all')).rejects.toThrow(/heal first/)
})

test('in a split brain the moved routes serve older data while the old primary goes on with the others, until it is healed', async () => {
  const world = await newWorld()
  const [moved, stays] = await Promise.all([world.route('moved'), world.route('stays')])
  await set(moved.url, 'old')
  await world.caughtUp()
  world.lagReplica()
  await set(moved.url, 'new')
  const formerPid = await pidOf(world.primaryUrl())

  await world.failover(['moved'])
  expect([await get(moved.url), await get(stays.url)]).toEqual(['old', 'new'])
  await set(stays.url, 'of the old one')
  await set(moved.url, 'of the promoted one')
  expect([await get(moved.url), await get(stays.url)]).toEqual(['of the promoted one', 'of the old one'])

  const promoted = world.primaryUrl()
  await world.heal()
  expect(world.primaryUrl()).toBe(promoted)
  expect([await get(moved.url), await get(stays.url)]).toEqual(['of the promoted one', 'of the promoted one'])
  expect(isAlive(formerPid)).toBe(false)
  expect(await isReplicated(promoted)).toBe(true)
})

type Step = (world: RedisWorld) => Promise<void> | void
const kill: Step = (world) => world.kill()
const pause: Step = (world) => world.pause()
const lag: Step = (world) => world.lagReplica()
const failover: Step = (world) => world.failover('all')
const split: Step = (world) => world.failover(['a'])
const cutRoute: Step = async (world) => (await world.route('a')).proxy.cut()
const hangRoute: Step = async (world) => (await world.route('a')).proxy.hang()
const restartEmpty: Step = async (world) => {
  await world.kill()
  await world.start('empty')
}

const troubles: Record<string, readonly Step[]> = {
  nothing: [],
  'a killed primary': [kill],
  'a paused primary': [pause],
  'a primary that came back empty': [restartEmpty],
  'a replica that fell behind': [lag],
  'a failover': [failover],
  'a failover of a paused primary': [pause, failover],
  'a failover whose new primary was killed': [lag, failover, kill],
  'a split brain': [lag, split],
  'a split brain with a paused old primary': [pause, split],
  'a split brain whose new primary was killed': [split, kill],
  'a split brain whose new primary is paused': [split, pause],
  'a route that was cut': [cutRoute],
  'a route that hangs after a failover': [failover, hangRoute],
}

test('heal brings back a primary, a synchronised replica and all routes, from every trouble and quickly', async () => {
  const world = await newWorld()
  const routes = await Promise.all([world.route('a'), world.route('b')])
  for (const [trouble, steps] of Object.entries(troubles)) {
    for (const step of steps) await step(world)
    const start = performance.now()
    await world.heal()
    expect(performance.now() - start, `healed from ${trouble}, ms`).toBeLessThan(5_000)
    await set(world.primaryUrl(), trouble)
    for (const { url } of routes) expect(await get(url)).toBe(trouble)
    expect(await isReplicated(world.primaryUrl()), `replicated after ${trouble}`).toBe(true)
  }
})

test('a world that is closed in the midst of something leaves no server and no folder', async () => {
  const folder = await temporaryFolder()
  const world = await createRedisWorld({ folder })
  await world.route('a')
  const pid = await pidOf(world.primaryUrl())
  await world.failover(['a'])
  await world.pause()
  const healing = world.heal()
  await Promise.all([world.close(), healing])
  expect(isAlive(pid)).toBe(false)
  expect(await readdir(folder)).toEqual([])
  await expect(world.heal()).rejects.toThrow(/closed/)
})

test('a cluster goes on without a killed master and takes it back as a replica, and a planned failover loses nothing', async () => {
  const folder = await temporaryFolder()
  const cluster = await startTestCluster({ folder })
  onTestFinished(cluster.close)
  const client = new Cluster([...cluster.urls], { slotsRefreshTimeout: 2_000 })
  client.on('error', () => {})
  onTestFinished(() => client.disconnect())
  const keys = Array.from({ length: 30 }, (_, i) => `pet:${i}`)
  for (const key of keys) await client.set(key, 'Rex')
  const values = () => Promise.all(keys.map((key) => client.get(key)))
  expect(new Set(await values())).toEqual(new Set(['Rex']))
  expect(cluster.nodes.map(({ isMasterAtStart }) => isMasterAtStart)).toEqual([true, true, true, false, false, false])

  const [first, second] = cluster.nodes
  if (first === undefined || second === undefined) throw new Error('a cluster of six nodes')
  const master = async (port: number) => (await ask(port, (redis) => redis.role()))[0]
  await first.kill()
  await cluster.waitUntilOk()
  expect(await master(cluster.nodes[3]?.port ?? 0)).toBe('master')
  await waitUntil('the client has found the new master', () => values().then((all) => all.every((value) => value === 'Rex'), () => false))

  await first.start()
  await cluster.waitUntilOk()
  expect(await master(first.port)).toBe('slave')

  const next = await cluster.failover(second)
  expect([await master(next.port), await master(second.port)]).toEqual(['master', 'slave'])
  expect(new Set(await values())).toEqual(new Set(['Rex']))

  await cluster.close()
  expect(cluster.nodes.filter(({ pid }) => isAlive(pid))).toEqual([])
  expect(await readdir(folder)).toEqual([])
}, 60_000)

test('sentinels promote a replica of a killed primary and tell clients where it is', async () => {
  const folder = await temporaryFolder()
  const primary = await startRedisNode(`${folder}/primary`, ['repl-diskless-sync no'])
  onTestFinished(primary.kill)
  const replica = await startRedisNode(`${folder}/replica`, [`replicaof 127.0.0.1 ${primary.port}`])
  onTestFinished(replica.kill)
  const up = async () => /master_link_status:up/.test(await ask(replica.port, (redis) => redis.info('replication')))
  await waitUntil('the replica is synchronised', up)

  const sentinels = await startTestSentinels({ folder, masterName: 'pets', primaryPort: primary.port })
  onTestFinished(sentinels.close)
  const client = new Redis({ sentinels: sentinels.ports.map((port) => ({ host: '127.0.0.1', port })), name: 'pets' })
  client.on('error', () => {})
  onTestFinished(() => client.disconnect())
  await client.set('pet', 'Rex')
  expect(await client.wait(1, 5_000)).toBe(1)

  await primary.kill()
  await sentinels.waitUntilPrimaryIs(replica.port)
  await waitUntil('the client writes to the promoted one', () => client.set('pet', 'Bella').then(() => true, () => false))
  expect(await ask(replica.port, (redis) => redis.get('pet'))).toBe('Bella')

  await sentinels.close()
  expect(sentinels.pids.filter(isAlive)).toEqual([])
  expect(await readdir(folder)).toEqual(['primary', 'replica'])
}, 60_000)
