import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPointCounter, type PointCounter } from '../../src/cache/point-counter.ts'
import { createSpendAhead, mostAheadOf, type SpendAhead } from '../../src/cache/spend-ahead.ts'
import { inLineage } from '../support/lineage.ts'

const KEY = 'somebody'
/** Flushed by hand: nothing here waits for a timer. */
const NEVER_MS = 1_000_000

/** A counter of this process, and how often it was asked. */
function countedCounter(monotonicNow: () => number) {
  const counter = createPointCounter({ shared: undefined, keyspace: inLineage(), keyPrefix: () => '', windowSeconds: 60, monotonicNow })
  const asked: number[] = []
  const add: PointCounter['add'] = (key, points) => {
    asked.push(points)
    return counter.add(key, points)
  }
  return { counter: { add }, asked }
}

const grants = async (limiter: SpendAhead, times: number, points = 1) => {
  let granted = 0
  for (let i = 0; i < times; i++) if ((await limiter.spend(KEY, points)).isGranted) granted++
  return granted
}

test('one process grants exactly its limit', async () => {
  for (const limit of [1, 5, 9, 10, 100, 600]) {
    const { counter } = countedCounter(() => 0)
    const limiter = createSpendAhead({ counter, limit, monotonicNow: () => 0, flushMs: NEVER_MS })
    expect(await grants(limiter, limit + 20)).toBe(limit)
    await limiter.close()
  }
})

test('where much is left a request is granted without a promise, and the counter hears of many at once', async () => {
  const { counter, asked } = countedCounter(() => 0)
  const limiter = createSpendAhead({ counter, limit: 1_000, monotonicNow: () => 0, flushMs: NEVER_MS })
  await limiter.spend(KEY, 1)
  for (let i = 0; i < 100; i++) expect(limiter.spend(KEY, 1)).toMatchObject({ isGranted: true, remaining: 998 - i })
  expect(asked).toEqual([1])
  await limiter.flush()
  expect(asked).toEqual([1, 100])
})

test('what is granted ahead is told within the interval, though nobody asks again', async () => {
  const { counter, asked } = countedCounter(() => 0)
  const told = Promise.withResolvers<void>()
  const listening: PointCounter = { add: (key, points) => (points === 7 && told.resolve(), counter.add(key, points)) }
  const limiter = createSpendAhead({ counter: listening, limit: 1_000, monotonicNow: () => 0, flushMs: 1 })
  await limiter.spend(KEY, 1)
  const began = performance.now()
  for (let i = 0; i < 7; i++) void limiter.spend(KEY, 1)
  // The timer lets a process end; this one stays for it.
  const stay = setInterval(() => {}, 1_000)
  await told.promise
  clearInterval(stay)
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(asked).toEqual([1, 7])
})

test('a spent window refuses without asking anybody, and ends', async () => {
  let now = 0
  const { counter, asked } = countedCounter(() => now)
  const limiter = createSpendAhead({ counter, limit: 3, monotonicNow: () => now, flushMs: NEVER_MS })
  expect(await grants(limiter, 4)).toBe(3)
  const before = asked.length
  now = 59_000
  expect(limiter.spend(KEY, 1)).toEqual({ isGranted: false, remaining: 0, resetMs: 1_000 })
  expect(asked).toHaveLength(before)
  now = 60_000
  expect((await limiter.spend(KEY, 1)).isGranted).toBe(true)
})

test('a thousand that come at once to a key nobody knows ask in two commands, and the limit holds among them', async () => {
  const { counter, asked } = countedCounter(() => 0)
  const limiter = createSpendAhead({ counter, limit: 600, monotonicNow: () => 0, flushMs: NEVER_MS })
  const verdicts = await Promise.all(Array.from({ length: 1_000 }, async () => limiter.spend(KEY, 1)))
  expect(verdicts.filter(({ isGranted }) => isGranted)).toHaveLength(600)
  expect(asked).toEqual([1, 999])
})

test('however the processes and their commands interleave, the limit is exceeded by processes x a tenth of it at most', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 4 }), fc.infiniteStream(fc.nat(99)), async (s, limit, processes, dice) => {
      const shared = createPointCounter({ shared: undefined, keyspace: inLineage(), keyPrefix: () => '', windowSeconds: 60, monotonicNow: () => 0 })
      // The command arrives when the scheduler says, and so does its answer.
      const travelling: PointCounter = {
        add: async (key, points) => {
          await s.schedule(Promise.resolve(), 'command')
          const count = await shared.add(key, points)
          await s.schedule(Promise.resolve(), 'answer')
          return count
        },
      }
      const limiters = Array.from({ length: processes }, () => createSpendAhead({ counter: travelling, limit, monotonicNow: () => 0, flushMs: NEVER_MS }))
      let granted = 0
      const roll = () => dice.next().value ?? 0
      const client = async (limiter: SpendAhead) => {
        for (let i = 0; i < 2 * limit + 5; i++) {
          if (roll() < 10) void limiter.flush()
          if (roll() < 30) await s.schedule(Promise.resolve(), 'pause')
          if ((await limiter.spend(KEY, 1)).isGranted) granted++
        }
        await limiter.flush()
      }
      const done = Promise.all(limiters.flatMap((limiter) => [client(limiter), client(limiter)]))
      await s.waitFor(done)
      expect(granted).toBeGreaterThanOrEqual(limit)
      expect(granted).toBeLessThanOrEqual(limit + processes * mostAheadOf(limit))
    }),
    { numRuns: 100 },
  )
}, 60_000)

test('it forgets the longest silent of very many keys, and what it granted them is told all the same', async () => {
  const { counter, asked } = countedCounter(() => 0)
  const limiter = createSpendAhead({ counter, limit: 1_000, monotonicNow: () => 0, flushMs: NEVER_MS, keysKept: 10 })
  for (let i = 0; i < 30; i++) {
    await limiter.spend(`key ${i}`, 1)
    void limiter.spend(`key ${i}`, 5)
  }
  await limiter.close()
  expect(asked.filter((points) => points === 5)).toHaveLength(30)
})
