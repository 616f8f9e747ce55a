import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PADDING, startupMessageIn } from '../../src/db/startup-message.ts'

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const startup = (parameters: Readonly<Record<string, string>>): Buffer => {
  const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`)
  return Buffer.concat([int32(body.length + 8), int32(196_608), body])
}

const WORD = fc.stringMatching(/^[a-z_]{1,12}$/)
const PARAMETERS = fc.dictionary(WORD, WORD, { minKeys: 1, maxKeys: 4, noNullPrototype: true })

test('whatever is left of the connection before, and wherever the padding stands, the server is told what it would be told without', () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), PARAMETERS, PARAMETERS, (left, before, behind) => {
      const written = Buffer.concat([left, startup({ ...before, ...PADDING, ...behind })])
      expect(startupMessageIn(written)).toEqual(startup({ ...before, ...behind }))
    }),
  ))

test('a request to cancel holds no startup message, whatever its key is', () =>
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (key) => {
      expect(startupMessageIn(Buffer.concat([int32(16), int32(80_877_102), key]))).toBeUndefined()
    }),
  ))
