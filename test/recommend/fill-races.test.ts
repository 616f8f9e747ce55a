import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryCache } from '../../src/cache/memory-cache.ts'
import type { RecommendationCache } from '../../src/cache/recommendation-cache.ts'
import { STRATEGY, type StoredRun } from '../../src/domain/run.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { createDeliver } from '../../src/recommend/deliver.ts'
import { createFill } from '../../src/recommend/fill.ts'
import { inLineage, LINEAGE } from '../support/lineage.ts'

const PET = '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b01'
const OWNER = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a01'

/** The database never goes back here. */
const watch = { note: () => {} }

const runAt = (version: number, epoch: number): StoredRun => ({
  id: '11111111-2222-4333-8444-555555555555',
  petId: PET,
  version,
  epoch,
  lineage: LINEAGE,
  strategy: STRATEGY.name,
  strategyVersion: STRATEGY.version,
  conditionsHash: '',
  createdAt: 1,
  expiresAt: 2,
  emptyReason: 'NO_MATCH',
  items: [],
})

/**
 * One pet in a Postgres that is a pair of numbers, and a cache that forgets everything when it is flushed. Every step
 * of everybody (reading Postgres, each call to the cache) waits for the scheduler, which picks any order of them.
 */
function createWorld(s: fc.Scheduler) {
  const postgres = { version: 1, epoch: 1 }
  let cache = createMemoryCache(inLineage())
  const step = <A extends unknown[], T>(name: string, act: (...args: A) => Promise<T>) => s.scheduleFunction(Object.defineProperty(act, 'name', { value: name }))

  const scheduled: RecommendationCache = {
    ...cache,
    read: step('read the cache', (asked, isTrusted) => cache.read(asked, isTrusted)),
    fill: step('fill', (run, ownerId, lifeMs, attempt) => cache.fill(run, ownerId, lifeMs, attempt)),
    invalidate: step('invalidate', (entries) => cache.invalidate(entries)),
  }
  const outbox = {
    current: step('read versions', async () => ({
      lineage: LINEAGE,
      now: 0,
      epoch: postgres.epoch,
      pets: new Map([[PET, { ownerId: OWNER, version: postgres.version }]]),
    })),
  }
  const shared = { cache: scheduled, watch, outbox, metrics: createMetrics(), logger: createLogger('silent') }
  const deliver = createDeliver(shared)
  const fill = createFill({ ...shared, deliver, monotonicNow: () => 0, random: () => 0 })
  const snapshot = step('read postgres', async () => ({ ...postgres }))
  const cachedRun = async () => {
    const outcome = await cache.read([{ petId: PET, conditionsHash: '' }], false)
    return outcome.kind === 'read' ? outcome.found[0]?.run : undefined
  }

  /** No answer may be older than what was committed and CLEARED before it was asked for. */
  const expectNothingOlder = async (than: { version: number; epoch: number }) => {
    const run = await cachedRun()
    if (run === undefined) return
    expect(run.version).toBeGreaterThanOrEqual(than.version)
    expect(run.epoch).toBeGreaterThanOrEqual(than.epoch)
  }

  return {
    cachedRun,
    reader: async () => {
      const { version, epoch } = await snapshot()
      await fill([{ run: runAt(version, epoch), ownerId: OWNER, endsAt: 60_000 }], undefined)
    },
    writer: async () => {
      const version = await step('commit', async () => ++postgres.version)()
      await deliver([{ kind: 'pet', petId: PET, version, ownerId: OWNER, lineage: LINEAGE }], 'mutation')
      await expectNothingOlder({ version, epoch: 0 })
    },
    clearAll: async () => {
      const epoch = await step('commit epoch', async () => ++postgres.epoch)()
      await deliver([{ kind: 'epoch', epoch, lineage: LINEAGE }], 'mutation')
      await expectNothingOlder({ version: 0, epoch })
    },
    flush: step('flush', async () => {
      cache = createMemoryCache(inLineage())
    }),
    postgres,
  }
}

const actors = fc.array(fc.constantFrom('reader' as const, 'writer' as const, 'clearAll' as const, 'flush' as const), { minLength: 2, maxLength: 8 })

test('a fill that raced an update, a clear-all or a flush never outlives it', { timeout: 60_000 }, () =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), actors, async (s, who) => {
      const world = createWorld(s)
      await s.waitFor(Promise.all(who.map((actor) => world[actor]())))
      const run = await world.cachedRun()
      if (run !== undefined) expect({ version: run.version, epoch: run.epoch }).toEqual(world.postgres)
    }),
    { numRuns: 500 },
  ))

test('without a race the cache holds the answer afterwards, also after a flush', () =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), async (s) => {
      const world = createWorld(s)
      for (const actor of ['writer', 'reader', 'flush', 'reader'] as const) await s.waitFor(world[actor]())
      expect((await world.cachedRun())?.version).toBe(2)
    }),
  ))

test('flush removes the fence: a run from before the change is verified against Postgres and never stored', async () => {
  const cache = createMemoryCache(inLineage())
  const outbox = { current: async () => ({ lineage: LINEAGE, now: 0, epoch: 1, pets: new Map([[PET, { ownerId: OWNER, version: 2 }]]) }) }
  const shared = { cache, watch, outbox, metrics: createMetrics(), logger: createLogger('silent') }
  const fill = createFill({ ...shared, deliver: createDeliver(shared), monotonicNow: () => 0, random: () => 0 })
  await fill([{ run: runAt(1, 1), ownerId: OWNER, endsAt: 60_000 }], undefined)
  expect(await cache.read([{ petId: PET, conditionsHash: '' }], false)).toMatchObject({ found: [{ fence: { version: 2 }, run: undefined }] })
})

test('lifetime extended by a back-fill: a filler that was paused does not give a run that time back', async () => {
  const cache = createMemoryCache(inLineage())
  await cache.invalidate([{ kind: 'epoch', epoch: 1, lineage: LINEAGE }, { kind: 'pet', petId: PET, version: 1, ownerId: OWNER, lineage: LINEAGE }])
  const outbox = { current: async () => ({ lineage: LINEAGE, now: 0, epoch: 1, pets: new Map() }) }
  const shared = { cache, watch, outbox, metrics: createMetrics(), logger: createLogger('silent') }
  const fill = createFill({ ...shared, deliver: createDeliver(shared), monotonicNow: () => 59_500, random: () => 0 })
  await fill([{ run: runAt(1, 1), ownerId: OWNER, endsAt: 60_000 }], 1)
  expect(await cache.read([{ petId: PET, conditionsHash: '' }], false)).toMatchObject({ found: [{ run: undefined }] })
})

test('an epoch written where there was none is confirmed against Postgres, which may be further on', async () => {
  const cache = createMemoryCache(inLineage())
  const outbox = { current: async () => ({ lineage: LINEAGE, now: 0, epoch: 2, pets: new Map() }) }
  const deliver = createDeliver({ cache, watch, outbox, metrics: createMetrics(), logger: createLogger('silent') })
  await deliver([{ kind: 'epoch', epoch: 1, lineage: LINEAGE }], 'verification')
  expect(await cache.read([], false)).toMatchObject({ epoch: 2 })
})
