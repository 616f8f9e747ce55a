import type { IncomingMessage } from 'node:http'

export type BodyOutcome =
  | { kind: 'read'; body: Buffer }
  | { kind: 'too-large' }
  /** The client went away, or was too slow and its connection was closed. */
  | { kind: 'gone' }

/**
 * The whole body, at most `maxBytes` of it in memory. What is declared too large is not read at all. How long a body may
 * take is the server's `requestTimeout`.
 */
export function readBody(request: IncomingMessage, maxBytes: number): BodyOutcome | Promise<BodyOutcome> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return { kind: 'too-large' }
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) return void chunks.push(chunk)
      // The rest flows past unread: closing at once would reset the connection, and the client would never see why.
      request.off('data', onData).resume()
      resolve({ kind: 'too-large' })
    }
    request.on('data', onData)
    request.once('end', () => {
      const [first] = chunks
      resolve({ kind: 'read', body: chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks) })
    })
    request.once('error', () => resolve({ kind: 'gone' }))
    request.once('close', () => resolve({ kind: 'gone' }))
  })
}
