import type { ServerResponse } from 'node:http'
import type { Answer } from './answer.ts'

/** On every answer of this server. */
export const COMMON_HEADERS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

const BODILESS = new Set([204, 304])

/**
 * Sends an answer whole. Whoever does not take it within `withinMs` loses the connection, so that its bytes are not held
 * for ever; most answers are in the kernel's hands when `end` returns, and need no timer.
 */
export function send(response: ServerResponse, { status, headers, body }: Answer, requestId: string, withinMs: number): void {
  if (response.destroyed || response.headersSent) return
  const length = Buffer.isBuffer(body) ? body.length : Buffer.byteLength(body)
  const sized = BODILESS.has(status) ? {} : { 'content-length': String(length) }
  response.writeHead(status, { ...COMMON_HEADERS, ...headers, ...sized, 'x-request-id': requestId })
  response.end(body)
  if (response.writableFinished || response.socket?.writableLength === 0) return
  const timer = setTimeout(() => response.destroy(), withinMs)
  response.once('close', () => clearTimeout(timer))
}
