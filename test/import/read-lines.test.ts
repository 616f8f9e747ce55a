import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLines, type Line } from '../../src/import/read-lines.ts'

async function* chunked(bytes: Uint8Array, ...cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  let start = 0
  for (const end of ends) {
    yield bytes.subarray(start, end)
    start = end
  }
}

async function collect(lines: AsyncIterable<Line>): Promise<Line[]> {
  const found: Line[] = []
  for await (const line of lines) found.push(line)
  return found
}
const read = (bytes: Uint8Array, longest?: number) => collect(readLines(chunked(bytes), longest))

test('however a file is cut into chunks, the same lines are read', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat()), async (texts, cuts) => {
      const lines = texts.map((text) => text.replaceAll(/[\n\ufeff]/g, ' '))
      const found = await collect(readLines(chunked(Buffer.from(lines.join('\n').toWellFormed()), ...cuts)))
      expect(found).toEqual(
        lines.flatMap((text, at) => (text.trim() === '' ? [] : [{ number: at + 1, kind: 'text', text: text.toWellFormed() }])),
      )
    }),
  ))

test('empty lines are counted and left out, and a last line needs no newline', async () => {
  expect(await read(Buffer.from('\ufeffone\r\n\n  \nfour'))).toEqual([
    { number: 1, kind: 'text', text: 'one\r' },
    { number: 4, kind: 'text', text: 'four' },
  ])
})

test('a line that is too long is refused without being kept, and the next one is read', async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let megabytes = 0; megabytes < 300; megabytes++) yield Buffer.alloc(1_000_000, 'x')
    yield Buffer.from('\nnext')
  }
  const before = process.memoryUsage().arrayBuffers
  const lines = await collect(readLines(endless()))
  expect(lines).toEqual([
    { number: 1, kind: 'unreadable', reason: 'longer than 1,000,000 bytes' },
    { number: 2, kind: 'text', text: 'next' },
  ])
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200_000_000)
})

test('a line is as long as its limit and no longer', async () => {
  expect(await read(Buffer.from('12345\n123456'), 5)).toEqual([
    { number: 1, kind: 'text', text: '12345' },
    { number: 2, kind: 'unreadable', reason: 'longer than 5 bytes' },
  ])
})

test('bytes that are not UTF-8 are refused, not mended', async () => {
  expect(await read(Buffer.from([0x61, 0xff, 0x0a, 0x62]))).toEqual([
    { number: 1, kind: 'unreadable', reason: 'not valid UTF-8' },
    { number: 2, kind: 'text', text: 'b' },
  ])
})
