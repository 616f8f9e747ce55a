import type { IncomingMessage } from 'node:http'

export type BodyOutcome =
  | { kind: 'read'; body: Buffer }
  | { kind: 'too-large' }
  /** Others' bodies take all the memory there is for bodies. */
  | { kind: 'no-room' }
  /** The client went away, or was too slow and its connection was closed. */
  | { kind: 'gone' }

/**
 * Reads the whole body, at most `maxBytes` of it in memory, and of all that are on their way together at most `allBytes`:
 * many slow ones could else fill it. One of `smallBytes` or less is always read, so that large ones keep no small one out.
 * What is declared too large is not read at all. How long a body may take is the server's `requestTimeout`.
 */
export function createBodyReader({ maxBytes, smallBytes, allBytes }: { maxBytes: number; smallBytes: number; allBytes: number }): (request: IncomingMessage) => BodyOutcome | Promise<BodyOutcome> {
  let held = 0
  return (request) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return { kind: 'too-large' }
    return new Promise((resolve) => {
      const chunks: Buffer[] = []
      let bytes = 0
      let isOver = false
      const end = (outcome: BodyOutcome) => {
        if (isOver) return
        isOver = true
        held -= bytes
        resolve(outcome)
      }
      const refuse = (outcome: BodyOutcome) => {
        end(outcome)
        // The rest flows past unread: closing at once would reset the connection, and the client would never see why.
        request.off('data', onData).resume()
      }
      const onData = (chunk: Buffer) => {
        if (isOver) return
        bytes += chunk.length
        held += chunk.length
        if (bytes > maxBytes) return refuse({ kind: 'too-large' })
        if (held > allBytes && bytes > smallBytes) return refuse({ kind: 'no-room' })
        chunks.push(chunk)
      }
      request.on('data', onData)
      request.on('end', () => {
        const [first] = chunks
        end({ kind: 'read', body: chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks) })
      })
      const gone = () => end({ kind: 'gone' })
      request.on('error', gone)
      request.on('close', gone)
    })
  }
}
