import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeHeartbeat, heartbeatArguments, latestNow } from '../../src/cache/heartbeat.ts'
import { encodeMarks, NO_MARKS } from '../../src/domain/marks.ts'

const hex = fc.stringMatching(/^[\da-f]{1,64}$/)
const heartbeat = fc.record({
  incarnation: fc.tuple(hex, hex).map((both) => both.join('.')),
  time: fc.nat({ max: 999_999_999_999_999 }),
  marks: fc.constant({ ...NO_MARKS, version: 7, wal: 123_456_789 }),
})

/** As scripts/beat.lua puts it together. */
const written = (of: Parameters<typeof heartbeatArguments>[0]) => ['1', ...heartbeatArguments(of).slice(0, 3)].join('|')

test('what is written of a heartbeat is read as the same', () => {
  fc.assert(fc.property(heartbeat, (some) => void expect(decodeHeartbeat(written(some))).toEqual(some)))
})

const marks = encodeMarks(NO_MARKS)
test.each([
  null,
  '',
  `1|aa.bb|1`,
  `2|aa.bb|1|${marks}`,
  `1|aa|1|${marks}`,
  `1|AA.bb|1|${marks}`,
  `1|aa.bb|-1|${marks}`,
  `1|aa.bb|1.5|${marks}`,
  `1|aa.bb|1234567890123456|${marks}`,
  `1|aa.bb|1|${marks}.1`,
  `1|aa.bb|1|${marks}\n`,
  `1|aa.bb|1|1.2.3`,
])('garbage is no heartbeat: %j', (text) => expect(decodeHeartbeat(text)).toBeUndefined())

test('where a heartbeat is missing nothing outlives it', () => {
  const one = written({ incarnation: 'aa.bb', time: 1_000, marks: NO_MARKS })
  const later = written({ incarnation: 'cc.dd', time: 5_000, marks: NO_MARKS })
  expect(latestNow([one, later])).toBe(latestNow([later]))
  expect(latestNow([one, null])).toBe(Infinity)
})
