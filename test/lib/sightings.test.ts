import { expect, test } from 'vitest'
import { createSightings } from '../../src/lib/sightings.ts'

const keys = (count: number, of: string) => Array.from({ length: count }, (_, i) => `${of}-${i}-8000-000000000000`)

test('what is seen again soon is known, and what was never seen is not', () => {
  const { again } = createSightings(65_536)
  const some = keys(1_000, 'some')
  expect(some.filter(again)).toEqual([])
  expect(some.filter(again).length).toBeGreaterThan(980)
  expect(keys(10_000, 'others').filter(again)).toEqual([])
})

test('what was seen long ago is forgotten by itself', () => {
  const { again } = createSightings(256)
  const old = keys(100, 'old')
  old.forEach(again)
  keys(5_000, 'new').forEach(again)
  expect(old.filter(again).length).toBeLessThan(5)
})
