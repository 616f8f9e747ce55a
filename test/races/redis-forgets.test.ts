import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { DeletePetDocument, RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer } from '../support/gateway.ts'
import { setLosingStage, type Change, type LosingStage, type Read } from '../support/losing-stage.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Milliseconds: what is promised, whatever Redis does. */
const BOUND_MS = 1_000
const WATCHED_MS = 2_500

let stage: LosingStage
let petId: string
beforeAll(async () => {
  stage = await setLosingStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  petId = await stage.newPet()
  await stage.read(stage.gateways.a, petId)
  await stage.cached(stage.gateways.a, petId)
  await stage.cached(stage.gateways.b, petId)
})
afterEach(async () => {
  await stage.world.heal()
  await stage.cached(stage.gateways.a, petId)
  await stage.cached(stage.gateways.b, petId)
})

/** Reads of the gateway that did not make the change: it knows of it from the stores alone. */
const watch = () => stage.readUntil(performance.now() + WATCHED_MS, stage.gateways.b, petId)

function expectKept(reads: readonly Read[], change: Change): void {
  const late = reads.filter(({ began }) => began > change.at + BOUND_MS)
  expect(late.length).toBeGreaterThan(0)
  for (const { version } of late) expect(version).toBeGreaterThanOrEqual(change.version)
  for (const [i, { version }] of reads.entries()) expect(version).toBeGreaterThanOrEqual(reads[i - 1]?.version ?? 0)
}

test('old snapshot loaded at restart: what changed since the snapshot is not answered from it', async () => {
  await stage.world.saveSnapshot()
  const change = await stage.changeWeight(stage.gateways.a, petId)
  expect(change.invalidation).toBe('CLEARED')
  await stage.world.kill()
  await stage.world.start('snapshot')
  expectKept(await watch(), change)
})

test('lagging replica promoted: what it never got is not answered from it', async () => {
  await stage.world.caughtUp()
  stage.world.lagReplica()
  const change = await stage.changeWeight(stage.gateways.a, petId)
  expect(change.invalidation).toBe('CLEARED')
  await stage.world.failover('all')
  expectKept(await watch(), change)
})

test('split brain: a process that talks to the deposed primary notices within the second', async () => {
  await stage.world.caughtUp()
  stage.world.lagReplica()
  await stage.world.failover(['a'])
  const change = await stage.changeWeight(stage.gateways.a, petId)
  expectKept(await watch(), change)
})

test('delete lost in a partition: after it heals nobody is answered for the pet that is gone', async () => {
  const user = await bearer(DEMO_USER_ID)
  const routes = await Promise.all(['a', 'b'].map((name) => stage.world.route(name)))
  for (const { proxy } of routes) proxy.hang()
  const gone = await stage.gateways.a.ask(DeletePetDocument, { petId }, user)
  expect(gone.data?.deletePet.invalidation).toBe('QUEUED')
  const codeAt = async () => (await stage.gateways.b.ask(RecommendationsDocument, { petId }, user)).errors?.[0]?.extensions.code
  const end = performance.now() + BOUND_MS
  while (performance.now() < end) expect(await codeAt()).toBe('NOT_FOUND')
  for (const { proxy } of routes) await proxy.resume()
  for (let i = 0; i < 50; i++) expect(await codeAt()).toBe('NOT_FOUND')
  petId = await stage.newPet()
  await stage.read(stage.gateways.a, petId)
})

test('open breaker swallows an invalidation: what was changed meanwhile is delivered before Redis is read again', async () => {
  const { a, b } = stage.gateways
  const routes = await Promise.all(['a', 'b'].map((name) => stage.world.route(name)))
  for (const { proxy } of routes) proxy.hang()
  await waitUntil('the circuit leaves Redis alone', async () => {
    const began = performance.now()
    await stage.read(b, petId)
    return performance.now() - began < 50
  })
  const change = await stage.changeWeight(a, petId)
  expect(change.invalidation).toBe('QUEUED')
  for (const { proxy } of routes) await proxy.resume()
  const reads: Read[] = []
  await waitUntil('Redis is read again', async () => {
    const read = await stage.read(b, petId)
    reads.push(read)
    return read.source === 'REDIS'
  }, { withinMs: 20_000 })
  for (const { version } of reads) expect(version).toBe(change.version)
})

test('flush removes the fence: everything of Redis gone at once is a look at Postgres, and never older', async () => {
  const change = await stage.changeWeight(stage.gateways.a, petId)
  await stage.world.flush()
  expectKept(await watch(), change)
})
