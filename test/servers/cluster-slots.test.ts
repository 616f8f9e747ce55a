import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import calculateSlot from 'cluster-key-slot'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { createDataOrigins } from '../../src/cache/data-origins.ts'
import { connect } from '../../src/db/client.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { recordLog } from '../support/recorded-log.ts'
import { startTestCluster, type ClusterNode, type TestCluster } from '../support/redis-cluster.ts'
import { ask } from '../support/redis-node.ts'
import { waitUntil } from '../support/wait-until.ts'

const OWNER = '11111111-2222-4333-8444-555555555555'
const PETS = 30

let folder: string
let cluster: TestCluster
let created: TestDatabase
let gateway: TestGateway
const { logger, lines } = recordLog()
beforeAll(async () => {
  folder = await mkdtemp(join(inject('testFolder'), 'slots-'))
  ;[cluster, created] = await Promise.all([startTestCluster({ folder, replicasPerMaster: 0 }), createTestDatabase()])
  const { sql, close } = connect(created.url, { max: 1 })
  await sql`insert into users (id) values (${OWNER})`
  await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select ${OWNER}, 'pet ' || i, 'DOG', 30, current_date, 3 + i from generate_series(1, ${PETS}) i`
  await close()
  const url = `redis+cluster://${cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join()}`
  gateway = await startGateway({ databaseUrl: created.url, cache: { kind: 'redis', url }, logger })
})
afterAll(async () => {
  await gateway.close()
  await cluster.close()
  await created.drop()
  await rm(folder, { recursive: true, force: true })
})

const shape = z.object({ viewer: z.object({ pets: z.array(z.object({ recommendations: z.object({ source: z.string() }) })) }) })
const allAreHits = async () => {
  const { data, errors } = await gateway.askText('{ viewer { pets { recommendations { source } } } }', {}, await bearer(OWNER))
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return shape.parse(data).viewer.pets.every(({ recommendations }) => recommendations.source === 'REDIS')
}
const keysOn = async ({ port }: ClusterNode, pattern: string) => (await ask(port, (redis) => redis.keys(pattern))).sort()
const fencesOn = (node: ClusterNode) => keysOn(node, '*rec:meta:*')
const heartbeatsOn = (node: ClusterNode) => keysOn(node, '*rec:heartbeat:*')

/** By which masters. */
const dropsSince = (line: number) => lines.slice(line).filter(({ msg }) => msg === 'redis: data of unknown age, dropped').map(({ masters }) => masters)

/** With the slot of its heartbeat, and of no other key. */
const firstHeartbeat = async () => {
  for (const node of cluster.nodes) {
    const [key] = await heartbeatsOn(node)
    if (key?.includes('{0}') === true) return { node, slot: calculateSlot(key) }
  }
  throw new Error('there is no heartbeat')
}

test('a slot that moves with its heartbeat costs at most what lay on its former master', async () => {
  await waitUntil('all are cached', allAreHits, { withinMs: 25_000 })
  const { node: from, slot } = await firstHeartbeat()
  const [to, third] = cluster.nodes.filter((node) => node !== from)
  if (to === undefined || third === undefined) throw new Error('there are three masters')
  const logged = lines.length
  const before = await Promise.all([fencesOn(to), fencesOn(third)])
  expect(before.every((fences) => fences.length > 0)).toBe(true)
  await cluster.moveSlot(slot, from, to)
  await waitUntil('the former master has another heartbeat', async () => (await heartbeatsOn(from)).length > 0)
  await waitUntil('all are hits', allAreHits, { withinMs: 25_000 })
  expect(await Promise.all([fencesOn(to), fencesOn(third)])).toEqual(before)
  expect(dropsSince(logged)).toEqual([[`127.0.0.1:${from.port}`]])
}, 90_000)

test('a master that joins with a single slot costs nothing of the others', async () => {
  await waitUntil('all are cached', allAreHits, { withinMs: 25_000 })
  const before = lines.length
  const joined = await cluster.addMaster()
  const [from] = cluster.nodes
  if (from === undefined) throw new Error('there are three masters')
  const fences = await Promise.all(cluster.nodes.map(fencesOn))
  // A slot without a key of ours.
  const own = new Set([...fences.flat(), ...(await heartbeatsOn(from))].map((key) => calculateSlot(key)))
  const slot = Array.from({ length: 1_000 }, (_, i) => i).find((one) => !own.has(one)) ?? 0
  await cluster.moveSlot(slot, from, joined)
  await waitUntil('its data are verified', async () => (await heartbeatsOn(joined)).length > 0, { withinMs: 25_000 })
  await waitUntil('all are hits', allAreHits, { withinMs: 25_000 })
  expect(await Promise.all(cluster.nodes.map(fencesOn))).toEqual(fences)
  expect(dropsSince(before)).toEqual([])
}, 90_000)

test.each([
  ['nobody but the master without a heartbeat', ['a', 'b', 'c'], { a: 1, b: 1, c: 1 }, ['a']],
  ['a master that was given its slot while it was the same server', ['b', 'b', 'c'], { a: 1, b: 1, c: 1 }, ['a']],
  ['who holds a slot of a server that is another one since', ['b', 'a', 'c'], { a: 2, b: 1, c: 1 }, ['a', 'b']],
  ['who holds a slot of a server that is gone', ['a', 'b', 'b'], { a: 1, b: 1 }, ['a', 'b']],
])('data of unknown age are looked for at %s', (_, owners, runIds, expected) => {
  const named = (all: Record<string, number>) => Object.entries(all).map(([name, run]) => ({ name, incarnation: `${name}${run}` }))
  const origins = createDataOrigins()
  origins.confirm(named({ a: 1, b: 1, c: 1 }), ['a', 'b', 'c'])
  const masters = named(runIds)
  expect(origins.suspects(masters, owners, masters.filter(({ name }) => name === 'a')).map(({ name }) => name)).toEqual(expected)
  expect(createDataOrigins().suspects(masters, owners, masters), 'by a process that knows nothing yet').toEqual(masters)
})
