import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTurns } from '../../src/lib/turns.ts'

/** Each item takes a millisecond of a clock of ours. */
function withClock(sliceMs: number) {
  let now = 0
  const log: string[] = []
  const turns = createTurns({ sliceMs, monotonicNow: () => now })
  const work = (name: string, count: number) =>
    turns.forEach(Array.from({ length: count }, (_, i) => i), (i) => {
      now++
      log.push(`${name}${i}`)
    })
  return { log, work }
}

/** What happened between one turn of the loop and the next. */
async function turnByTurn(log: string[], all: Promise<unknown>): Promise<string[][]> {
  const turnsSeen: string[][] = []
  let isOver = false
  const done = all.finally(() => (isOver = true))
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve))
    turnsSeen.push(log.splice(0))
  }
  await done
  return turnsSeen.filter((turn) => turn.length > 0)
}

test('every item is worked on once and in order, whatever else is worked on', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 100 }), { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), async (counts, sliceMs) => {
      const { log, work } = withClock(sliceMs)
      await Promise.all(counts.map((count, i) => work(`${i}:`, count)))
      counts.forEach((count, i) => {
        const ofOne = log.filter((entry) => entry.startsWith(`${i}:`))
        expect(ofOne).toEqual(Array.from({ length: count }, (_, at) => `${i}:${at}`))
      })
    }),
  ))

test('a turn of the event loop sees one slice, of however many works, and they take turns', async () => {
  const { log, work } = withClock(16)
  const seen = await turnByTurn(log, Promise.all([work('a', 48), work('b', 32), work('c', 16)]))
  expect(seen.map((turn) => `${turn[0]} ${turn.length}`)).toEqual(['a0 16', 'b0 16', 'c0 16', 'a16 16', 'b16 16', 'a32 16'])
})

test('what throws ends its own work only', async () => {
  const { log, work } = withClock(16)
  const turns = createTurns({ sliceMs: 1, monotonicNow: () => 0 })
  const failing = turns.forEach([1], () => {
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await turns.forEach([1], () => void log.push('after'))
  await work('a', 1)
  expect(log).toEqual(['after', 'a0'])
})
