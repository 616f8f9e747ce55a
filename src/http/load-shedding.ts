import type { IncomingMessage, ServerResponse } from 'node:http'

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

const RETRY_AFTER_SECONDS = 1
const BODY = JSON.stringify({
  errors: [{ message: 'Too much is asked for right now. Try again in 1 s.', extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: RETRY_AFTER_SECONDS } }],
})

/**
 * Works on `most` requests at once and turns the rest away before anything is read of them. A process that takes in more
 * than it can answer answers nobody in time. Zero: no limit.
 */
export function createLoadShedding({ handler, most, onRefused }: { handler: Handler; most: number; onRefused: () => void }): Handler {
  if (most === 0) return handler
  let inFlight = 0
  return (request, response) => {
    if (inFlight >= most) {
      onRefused()
      const headers = { 'content-type': 'application/json; charset=utf-8', 'retry-after': String(RETRY_AFTER_SECONDS), connection: 'close' }
      return response.writeHead(503, headers).end(BODY)
    }
    inFlight++
    // Once for each response, whether it was finished or its client left.
    response.once('close', () => inFlight--)
    return handler(request, response)
  }
}
