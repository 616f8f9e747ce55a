import { readOnlyReason } from './read-only.ts'

/**
 * A message from the server: a letter, the length of the rest with itself, the rest (Postgres's protocol, "Message
 * Formats").
 */
const HEADER_BYTES = 5
const ERROR_RESPONSE = 0x45
const PARAMETER_STATUS = 0x53

export type Heard = {
  /** What may be handed on; the rest waits for more. */
  chunk: Buffer
  /** Why the connection is at its end behind it: the server takes leave, or says that it is read-only. */
  reason?: Error
}

/**
 * `server` is its name in what is said of it. Finds, in what one connection's server sends, the error with which it
 * takes leave, and the word that it is read-only; of all else it looks at the headers alone. That word comes before the
 * server first says that it may be asked something, so a standby is never asked anything.
 */
export function createLeaveWatch(server: string): (chunk: Buffer) => Heard {
  let heldBack = Buffer.alloc(0)
  /** Bytes still to come of a message that begins in what was handed on. */
  let unfinished = 0
  let isOver = false
  return (chunk) => {
    // A server that is left goes on: what it says until it has heard of that is for nobody.
    if (isOver) return { chunk: chunk.subarray(0, 0) }
    const bytes = heldBack.length === 0 ? chunk : Buffer.concat([heldBack, chunk])
    let at = unfinished
    while (at + HEADER_BYTES <= bytes.length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1)
      const type = bytes[at]
      if (type === ERROR_RESPONSE || type === PARAMETER_STATUS) {
        if (end > bytes.length) break
        const fields = bytes.toString('utf8', at + HEADER_BYTES, end).split('\0')
        const [name = '', value = ''] = fields
        const reason = type === ERROR_RESPONSE ? fatalErrorOf(fields) : readOnlyReason(name, value, server)
        isOver = reason !== undefined
        if (reason !== undefined) return { chunk: bytes.subarray(0, at), reason }
      }
      at = end
    }
    unfinished = Math.max(0, at - bytes.length)
    heldBack = Buffer.from(bytes.subarray(at))
    return { chunk: bytes.subarray(0, at) }
  }
}

/** Of the two severities one may be in the server's language; servers before 9.6, and poolers, may have no other. */
function fatalErrorOf(fields: readonly string[]): Error | undefined {
  const byType: Record<string, string | undefined> = Object.fromEntries(fields.map((field) => [field.slice(0, 1), field.slice(1)]))
  const { V: severity, S: localized, C: code, M: message, D: detail, H: hint } = byType
  if (!['FATAL', 'PANIC'].includes(severity ?? localized ?? '')) return undefined
  return Object.assign(new Error(message), { severity: 'FATAL', code, ...(detail === undefined ? {} : { detail }), ...(hint === undefined ? {} : { hint }) })
}
