import fc from 'fast-check'
import { expect, test } from 'vitest'
import { behind, decodeMarks, encodeMarks, furthest, MARKS, NO_MARKS, type Marks } from '../../src/domain/marks.ts'

const mark = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const marks: fc.Arbitrary<Marks> = fc.record({ version: mark, revision: mark, wal: mark, epoch: mark, catalogue: mark, clock: mark })

test('what was encoded is decoded', () => {
  fc.assert(fc.property(marks, (some) => void expect(decodeMarks(encodeMarks(some))).toEqual(some)))
})

test.each(['', '1.2.3.4.5', '1.2.3.4.5.6.7', '1.2.3.4.5.', '1.2.3.4.5.-6', '1.2.3.4.5.6e3', ' 1.2.3.4.5.6', '1.2.3.4.5.12345678901234567'])(
  'garbage is refused: %j',
  (text) => expect(decodeMarks(text)).toBeUndefined(),
)

test('any other text is refused', () => {
  fc.assert(fc.property(fc.string(), (text) => void expect(decodeMarks(text)).toBeUndefined()))
})

test('nothing is behind itself, nor is the furthest behind anything', () => {
  fc.assert(
    fc.property(fc.array(marks), (all) => {
      expect(all.flatMap((some) => [...behind(some, some), ...behind(furthest(all), some)])).toEqual([])
    }),
  )
})

test.each(MARKS.filter((name) => name !== 'clock'))('a lower %s is behind by whatever it is lower', (name) => {
  expect(behind({ ...NO_MARKS, [name]: 6 }, { ...NO_MARKS, [name]: 7 })).toEqual([name])
})

test('a clock is behind once it went back by more than a second', () => {
  const at = (clock: number): Marks => ({ ...NO_MARKS, clock })
  expect(behind(at(9_000), at(10_000))).toEqual([])
  expect(behind(at(8_999), at(10_000))).toEqual(['clock'])
})
