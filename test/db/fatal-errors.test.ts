import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFatalErrorWatch } from '../../src/db/fatal-errors.ts'

const message = (type: string, body: Buffer): Buffer => {
  const bytes = Buffer.concat([Buffer.from(type), Buffer.alloc(4), body])
  bytes.writeInt32BE(bytes.length - 1, 1)
  return bytes
}
const errorResponse = (severity: string, code: string): Buffer => message('E', Buffer.from(`SANY\0V${severity}\0C${code}\0Mwords\0\0`))
const ANSWERS = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom('D', 'T', 'Z', 'S'), fc.uint8Array({ maxLength: 200 })).map(([type, body]) => message(type, Buffer.from(body))),
    fc.constant(errorResponse('ERROR', '22012')),
    // As a value of a row, not a message.
    fc.constant(message('D', errorResponse('FATAL', '57P01'))),
  ),
  { maxLength: 8 },
)

test("the server's last word is found in whatever pieces it comes, and all before it is handed on as it came", () =>
  fc.assert(
    fc.property(ANSWERS, fc.boolean(), fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 200 }), (answers, isLast, sizes) => {
      const before = Buffer.concat(answers)
      const bytes = isLast ? Buffer.concat([before, errorResponse('FATAL', '57P01')]) : before
      const hear = createFatalErrorWatch()
      const heard: Buffer[] = []
      let fatal: unknown
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const end = Math.min(bytes.length, at + (sizes[i] ?? 1_000))
        const next = hear(bytes.subarray(at, end))
        heard.push(next.chunk)
        fatal ??= next.fatal
        at = end
      }
      expect(Buffer.concat(heard)).toEqual(before)
      expect(fatal).toEqual(isLast ? expect.objectContaining({ code: '57P01', message: 'words', severity: 'FATAL' }) : undefined)
    }),
  ))
