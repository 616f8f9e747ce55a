import { expect, test } from 'vitest'
import { createFloors } from '../../src/recommend/floors.ts'
import { inLineage, LINEAGE } from '../support/lineage.ts'

const FLOOR_MS = 10_000

function setUp() {
  const state = { now: 0, mayForget: true }
  const floors = createFloors({ floorMs: FLOOR_MS, mayForget: () => state.mayForget, keyspace: inLineage(), monotonicNow: () => state.now })
  floors.note(LINEAGE, 'pet', 2)
  return { state, floors, allowsOld: () => floors.allow('pet', 1, Infinity) }
}

test('a floor holds for its time at least and twice that at most', () => {
  const { state, allowsOld } = setUp()
  state.now = FLOOR_MS - 1
  expect(allowsOld()).toBe(false)
  state.now = 2 * FLOOR_MS
  expect(allowsOld()).toBe(true)
})

test('no floor ends while Postgres cannot be asked, however long that is, nor right after', () => {
  const { state, allowsOld } = setUp()
  state.mayForget = false
  for (state.now = 0; state.now < 50 * FLOOR_MS; state.now += FLOOR_MS) expect(allowsOld()).toBe(false)
  state.mayForget = true
  state.now += FLOOR_MS / 2
  expect(allowsOld()).toBe(false)
  state.now += 2 * FLOOR_MS
  expect(allowsOld()).toBe(true)
})

test('what is known of another lineage is no floor, and a new lineage begins without any', () => {
  const { floors, allowsOld } = setUp()
  floors.note('another', 'pet', 9)
  floors.noteEpoch('another', 9)
  expect(floors.allow('pet', 2, 1)).toBe(true)
  floors.forget()
  expect(allowsOld()).toBe(true)
})

test('what is known of a lineage before the cache is of it becomes a floor then', () => {
  const keyspace = inLineage()
  const floors = createFloors({ floorMs: FLOOR_MS, mayForget: () => true, keyspace, monotonicNow: () => 0 })
  floors.note('next', 'pet', 36)
  floors.noteEpoch('next', 4)
  expect(floors.allow('pet', 1, 1)).toBe(true)
  keyspace.enter('next')
  floors.forget()
  expect(floors.allow('pet', 35, 4)).toBe(false)
  expect(floors.allow('pet', 36, 3)).toBe(false)
  expect(floors.allow('pet', 36, 4)).toBe(true)
})
