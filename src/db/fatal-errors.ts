/** A message from the server: a letter, the length of the rest with itself, the rest (Postgres's protocol, "Message Formats"). */
const HEADER_BYTES = 5
const ERROR_RESPONSE = 0x45

export type Heard = {
  /** What may be handed on; the rest waits for more. */
  chunk: Buffer
  /** The server's last word behind it, if it has come: the server closes the connection. */
  fatal?: Error
}

/** Finds, in what one connection's server sends, the error with which it takes leave; of all else it looks at the headers alone. */
export function createFatalErrorWatch(): (chunk: Buffer) => Heard {
  let heldBack = Buffer.alloc(0)
  /** Bytes still to come of a message that begins in what was handed on. */
  let unfinished = 0
  return (chunk) => {
    const bytes = heldBack.length === 0 ? chunk : Buffer.concat([heldBack, chunk])
    let at = unfinished
    while (at + HEADER_BYTES <= bytes.length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1)
      if (bytes[at] === ERROR_RESPONSE) {
        if (end > bytes.length) break
        const fatal = fatalErrorOf(bytes.toString('utf8', at + HEADER_BYTES, end))
        if (fatal !== undefined) return { chunk: bytes.subarray(0, at), fatal }
      }
      at = end
    }
    unfinished = Math.max(0, at - bytes.length)
    heldBack = Buffer.from(bytes.subarray(at))
    return { chunk: bytes.subarray(0, at) }
  }
}

/** Of the two severities one may be in the server's language; servers before 9.6, and poolers, may have no other. */
function fatalErrorOf(fields: string): Error | undefined {
  const byType: Record<string, string | undefined> = Object.fromEntries(fields.split('\0').map((field) => [field.slice(0, 1), field.slice(1)]))
  const { V: severity, S: localized, C: code, M: message, D: detail, H: hint } = byType
  if (!['FATAL', 'PANIC'].includes(severity ?? localized ?? '')) return undefined
  return Object.assign(new Error(message), { severity: 'FATAL', code, ...(detail === undefined ? {} : { detail }), ...(hint === undefined ? {} : { hint }) })
}
