import { expect, test } from 'vitest'
import { createRandom } from './random.ts'

const draws = (seed: number) => {
  const { next } = createRandom(seed)
  return Array.from({ length: 1_000 }, next)
}

test('the same seed gives the same numbers, another one gives others', () => {
  expect(draws(7)).toEqual(draws(7))
  expect(draws(7)).not.toEqual(draws(8))
})

test('numbers lie where they should and nothing is left out', () => {
  expect(draws(1).every((one) => one >= 0 && one < 1)).toBe(true)
  const { pick, between } = createRandom(1)
  expect(new Set(Array.from({ length: 200 }, () => pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']))
  expect(Array.from({ length: 200 }, () => between(300, 4_000)).every((ms) => ms >= 300 && ms < 4_000)).toBe(true)
  expect(() => pick([])).toThrow('nothing to pick')
})

test('what one client draws does not depend on the others', () => {
  const alone = createRandom(1).of('reader 1')
  const crowd = createRandom(1)
  crowd.of('reader 2').next()
  crowd.next()
  const amongOthers = crowd.of('reader 1')
  const drawn = (random: typeof alone) => Array.from({ length: 20 }, random.next)
  expect(drawn(alone)).toEqual(drawn(amongOthers))
  expect(drawn(createRandom(1).of('reader 1'))).not.toEqual(drawn(createRandom(1).of('reader 2')))
  expect(drawn(createRandom(1).of('reader 1'))).not.toEqual(drawn(createRandom(2).of('reader 1')))
})
