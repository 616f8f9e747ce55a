import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { badInput } from '../graphql/errors.ts'
import { problemAnswer } from './answer.ts'
import { COMMON_HEADERS } from './send.ts'

const REFUSALS: Record<string, { status: number; message: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request took too long to arrive.' },
}
const MALFORMED = { status: 400, message: 'This is not HTTP.' }

/**
 * Answers what never became a request: malformed, too large or too slow. An answer that is on its way over this connection
 * is not disturbed: answers are handed over whole, so this one comes behind it.
 */
export function refuseClient(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, message } = REFUSALS[error.code ?? ''] ?? MALFORMED
  const { headers, body } = problemAnswer(status, badInput([{ path: '', message }]))
  const lines = Object.entries({ ...COMMON_HEADERS, ...headers, 'content-length': body.length, connection: 'close' }).map(([name, value]) => `${name}: ${value}`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body.toString()}`, () => socket.destroy())
}
