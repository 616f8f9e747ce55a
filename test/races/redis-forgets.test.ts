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
let steadyPetId: string
beforeAll(async () => {
  stage = await setLosingStage()
  steadyPetId = await stage.newPet()
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

/**
 * Reads of the gateway that did not make the change, once it reads Redis again and the bound has passed. Until then it is
 * asked for another pet only: an answer from Postgres would tell it of the change, and it never goes back behind that.
 */
async function readsAfter(change: Change): Promise<Read[]> {
  const { b } = stage.gateways
  await waitUntil('Redis is read again', async () => (await stage.read(b, steadyPetId)).source === 'REDIS' && performance.now() > change.at + BOUND_MS, { withinMs: 20_000 })
  return Promise.all(Array.from({ length: 20 }, () => stage.read(b, petId)))
}

/** Reads one after the other from now on, over the bound: answers may change in between, but never back. */
const watch = () => stage.readUntil(performance.now() + WATCHED_MS, stage.gateways.b, petId)

function expectKept(reads: readonly Read[], change: Change): void {
  const late = reads.filter(({ began }) => began > change.at + BOUND_MS)
  expect(late.length).toBeGreaterThan(0)
  for (const { version } of late) expect(version).toBeGreaterThanOrEqual(change.version)
  for (const [i, { version }] of reads.entries()) expect(version).toBeGreaterThanOrEqual(reads[i - 1]?.version ?? 0)
}

const routes = () => Promise.all(['a', 'b'].map((name) => stage.world.route(name)))

test('old snapshot loaded at restart: what changed since the snapshot is not answered from it', async () => {
  await stage.world.saveSnapshot()
  const change = await stage.changeWeight(stage.gateways.a, petId)
  expect(change.invalidation).toBe('CLEARED')
  await stage.world.kill()
  await stage.world.start('snapshot')
  expectKept(await readsAfter(change), change)
})

test('lagging replica promoted: what it never got is not answered from it', async () => {
  await stage.world.caughtUp()
  stage.world.lagReplica()
  const change = await stage.changeWeight(stage.gateways.a, petId)
  expect(change.invalidation).toBe('CLEARED')
  await stage.world.failover('all')
  expectKept(await readsAfter(change), change)
})

test('split brain: a process that talks to the deposed primary notices within the second', async () => {
  await stage.world.caughtUp()
  stage.world.lagReplica()
  await stage.world.failover(['a'])
  // Once the other side has settled on its new primary, and committed as delivered: no relay delivers it on this side too,
  // so the fence alone can tell.
  await stage.settled()
  const change = await stage.changeAsDelivered(petId)
  expectKept(await watch(), change)
})

test('delete lost in a partition: after it heals nobody is answered for the pet that is gone', async () => {
  const user = await bearer(DEMO_USER_ID)
  for (const { proxy } of await routes()) proxy.hang()
  const gone = await stage.gateways.a.ask(DeletePetDocument, { petId }, user)
  expect(gone.data?.deletePet.invalidation).toBe('QUEUED')
  const change = { at: performance.now(), version: 0, invalidation: 'QUEUED' }
  for (const { proxy } of await routes()) await proxy.resume()
  await waitUntil('Redis is read again', async () => (await stage.read(stage.gateways.b, steadyPetId)).source === 'REDIS' && performance.now() > change.at + BOUND_MS, { withinMs: 20_000 })
  const { errors } = await stage.gateways.b.ask(RecommendationsDocument, { petId }, user)
  expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND')
  petId = steadyPetId
})

test('open breaker swallows an invalidation: what was changed meanwhile is delivered before Redis is read again', async () => {
  const { a, b } = stage.gateways
  for (const { proxy } of await routes()) proxy.hang()
  for (const gateway of [a, b]) {
    await waitUntil('the circuit leaves Redis alone', async () => {
      const began = performance.now()
      await stage.read(gateway, steadyPetId)
      return performance.now() - began < 50
    })
  }
  const change = await stage.changeWeight(a, petId)
  expect(change.invalidation).toBe('QUEUED')
  for (const { proxy } of await routes()) await proxy.resume()
  expectKept(await readsAfter(change), change)
})

test('flush removes the fence: everything of Redis gone at once is a look at Postgres, and never older', async () => {
  const change = await stage.changeWeight(stage.gateways.a, petId)
  await stage.world.flush()
  expectKept(await watch(), change)
})
