export type Line = { number: number } & ({ kind: 'text'; text: string } | { kind: 'unreadable'; reason: string })

const NEWLINE = 0x0a
export const LONGEST_LINE_BYTES = 1_000_000

/**
 * The lines of a file that may be larger than the memory, numbered from 1; empty ones are numbered and left out.
 * Of a line over `longestBytes` nothing is kept but its number. A line that is not UTF-8 is told, never mended:
 * replacement characters would end up in an ingredient list.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, longestBytes = LONGEST_LINE_BYTES): AsyncGenerator<Line> {
  let number = 0
  let parts: Uint8Array[] = []
  let bytes = 0

  const take = (part: Uint8Array) => {
    bytes += part.length
    if (bytes > longestBytes) parts = []
    else parts.push(part)
  }
  const finish = (): Line | null => {
    const line = bytes > longestBytes ? tooLong(++number, longestBytes) : decode(++number, Buffer.concat(parts))
    parts = []
    bytes = 0
    return line
  }

  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end))
      start = end + 1
      const line = finish()
      if (line !== null) yield line
    }
    take(chunk.subarray(start))
  }
  const last = bytes === 0 ? null : finish()
  if (last !== null) yield last
}

const tooLong = (number: number, longestBytes: number): Line => ({
  number,
  kind: 'unreadable',
  reason: `longer than ${longestBytes.toLocaleString('en')} bytes`,
})

/** A byte order mark at the start is dropped by the decoder. */
function decode(number: number, bytes: Uint8Array): Line | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.trim() === '' ? null : { number, kind: 'text', text }
  } catch {
    return { number, kind: 'unreadable', reason: 'not valid UTF-8' }
  }
}
