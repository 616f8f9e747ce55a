import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLeaveWatch } from '../../src/db/reasons-to-leave.ts'

const message = (type: string, body: Buffer): Buffer => {
  const bytes = Buffer.concat([Buffer.from(type), Buffer.alloc(4), body])
  bytes.writeInt32BE(bytes.length - 1, 1)
  return bytes
}
const errorResponse = (severity: string, code: string): Buffer => message('E', Buffer.from(`SANY\0V${severity}\0C${code}\0Mwords\0\0`))
const parameter = (name: string, value: string): Buffer => message('S', Buffer.from(`${name}\0${value}\0`))
const SERVER = '10.0.0.1:5432'

const ANSWERS = fc.array(
  fc.oneof(
    fc
      .tuple(fc.constantFrom('D', 'T', 'Z', 'S'), fc.uint8Array({ maxLength: 200 }))
      .map(([type, body]) => message(type, Buffer.from(body))),
    fc.constant(errorResponse('ERROR', '22012')),
    fc.constant(parameter('in_hot_standby', 'off')),
    fc.constant(parameter('default_transaction_read_only', 'off')),
    fc.constant(parameter('application_name', 'on')),
    // As a value of a row, not a message.
    fc.constant(message('D', errorResponse('FATAL', '57P01'))),
    fc.constant(message('D', parameter('in_hot_standby', 'on'))),
  ),
  { maxLength: 8 },
)

const LAST = [
  [errorResponse('FATAL', '57P01'), { code: '57P01', message: 'words', severity: 'FATAL' }],
  [parameter('in_hot_standby', 'on'), { code: '25006', message: expect.stringMatching(/10\.0\.0\.1:5432 is a standby/) }],
  [
    parameter('default_transaction_read_only', 'on'),
    { code: '25006', message: expect.stringMatching(/10\.0\.0\.1:5432 is read-only/) },
  ],
] as const

test('why a server is left is found in whatever pieces it comes, with all that was before it and nothing behind it', () =>
  fc.assert(
    fc.property(
      ANSWERS,
      fc.constantFrom(undefined, ...LAST),
      ANSWERS,
      fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 200 }),
      (answers, last, later, sizes) => {
        const before = Buffer.concat(answers)
        const bytes = last === undefined ? before : Buffer.concat([before, last[0], ...later])
        const hear = createLeaveWatch(SERVER)
        const heard: Buffer[] = []
        const reasons: unknown[] = []
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const end = Math.min(bytes.length, at + (sizes[i] ?? 1_000))
          const next = hear(bytes.subarray(at, end))
          heard.push(next.chunk)
          if (next.reason !== undefined) reasons.push(next.reason)
          at = end
        }
        expect(Buffer.concat(heard)).toEqual(before)
        expect(reasons).toEqual(last === undefined ? [] : [expect.objectContaining(last[1])])
      },
    ),
  ))
