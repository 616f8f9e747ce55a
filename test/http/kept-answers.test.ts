import { expect, test } from 'vitest'
import type { FencesRead } from '../../src/cache/fence-reader.ts'
import { createKeptAnswers, type KeptAnswers } from '../../src/http/kept-answers.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { createFloors, type Floors } from '../../src/recommend/floors.ts'
import { inLineage, LINEAGE } from '../support/lineage.ts'

const PETS = ['pet a', 'pet b'] as const
const UNTIL = 2_000

/** A store over fences that a test writes, and may hold back while they are read. */
function setUp({ maxBytes = 1_000_000 } = {}) {
  const state = { epoch: 5, now: 1_000, here: 1_000, fences: new Map<string, string>([['pet a', 'a1'], ['pet b', 'b1']]), isTrusted: true, gate: Promise.resolve() }
  const floors: Floors = createFloors({ floorMs: 1_000, mayForget: () => true, keyspace: inLineage(), monotonicNow: () => 0 })
  const kept: KeptAnswers = createKeptAnswers({
    fences: {
      read: async (petIds): Promise<FencesRead | undefined> => {
        const read = { lineage: LINEAGE, epoch: state.epoch, now: state.now, fenceTexts: petIds.map((petId) => state.fences.get(petId) ?? null) }
        await state.gate
        return state.isTrusted ? read : undefined
      },
    },
    floors, maxBytes, metrics: createMetrics(), now: () => state.here,
  })
  const keep = (body = 'answer', key = 'key') =>
    kept.keep(key, {
      covered: { pets: PETS.map((petId) => ({ petId, version: 1, epoch: 5, fenceText: state.fences.get(petId) ?? '' })), until: UNTIL, runs: 1, isFromMemory: true },
      headers: {}, etag: undefined, operation: 'Test', points: 1, body,
    })
  const find = async (key = 'key') => (await kept.find(key))?.body.toString()
  return { state, floors, kept, keep, find }
}

test('what is kept is found while every fence reads the same', async () => {
  const { keep, find } = setUp()
  keep()
  expect(await find()).toBe('answer')
  expect(await find('another')).toBeUndefined()
})

test.each<[string, (stage: ReturnType<typeof setUp>) => void]>([
  ['one of its fences is another', ({ state }) => state.fences.set('pet b', 'b2')],
  ['one of its fences is gone', ({ state }) => state.fences.delete('pet b')],
  ['the epoch of its run is over', ({ state }) => (state.epoch = 6)],
  ['this process knows a newer version', ({ floors }) => floors.note(LINEAGE, 'pet b', 2)],
  ['this process knows a newer epoch', ({ floors }) => floors.noteEpoch(LINEAGE, 6)],
  ["it is over by Postgres's clock", ({ state }) => (state.now = UNTIL)],
  ['it is over by the clock here', ({ state }) => (state.here = UNTIL)],
])('it is not sent, and forgotten, once %s', async (_why, change) => {
  const stage = setUp()
  stage.keep()
  expect(await stage.find()).toBe('answer')
  change(stage)
  expect(await stage.find()).toBeUndefined()
  expect(stage.kept.find('key')).toBeUndefined()
})

test('without trust it is not sent, and stays for when there is trust', async () => {
  const { state, keep, find } = setUp()
  keep()
  state.isTrusted = false
  expect(await find()).toBeUndefined()
  state.isTrusted = true
  expect(await find()).toBe('answer')
})

test('a newer answer that was kept while fences were read is not forgotten in place of the old one', async () => {
  const { state, keep, find } = setUp()
  keep('old')
  state.fences.set('pet a', 'a2')
  let letGo = () => {}
  state.gate = new Promise((resolve) => (letGo = () => resolve()))
  const finding = find()
  keep('new')
  letGo()
  expect(await finding).toBeUndefined()
  expect(await find()).toBe('new')
})

test('what was sent is a floor: with fences from before, nothing older is sent after it', async () => {
  const { floors, keep, find } = setUp()
  keep()
  await find()
  expect(floors.allow('pet a', 0, Infinity)).toBe(false)
  expect(floors.allow('pet a', 1, 4)).toBe(false)
})

test('kept answers stay within their bytes, compressed ones counted', async () => {
  const { kept, keep } = setUp({ maxBytes: 50_000 })
  for (let i = 0; i < 100; i++) keep('x'.repeat(4_000), `key ${i}`)
  const held = Array.from({ length: 100 }, (_, i) => kept.find(`key ${i}`)).filter((one) => one !== undefined).length
  expect(held).toBeGreaterThan(0)
  expect(held * 4_000).toBeLessThanOrEqual(50_000)
})
