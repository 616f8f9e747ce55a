import { Transform } from 'node:stream'

/**
 * Bytes that go through with each `from` replaced by the `to` of the same length, while `isOn`. What may be the beginning of
 * `from` at the end of a chunk waits for the next one.
 */
export function replacedText({ from, to, isOn }: { from: string; to: string; isOn: () => boolean }): Transform {
  if (Buffer.byteLength(from) !== Buffer.byteLength(to)) throw new Error('the length of a reply is written in front of it')
  let held = ''
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const text = held + chunk.toString('latin1')
      const begun = Array.from({ length: from.length - 1 }, (_, i) => from.slice(0, from.length - 1 - i)).find((part) => text.endsWith(part)) ?? ''
      held = isOn() ? begun : ''
      const whole = text.slice(0, text.length - held.length)
      done(null, Buffer.from(isOn() ? whole.replaceAll(from, to) : whole, 'latin1'))
    },
  })
}
