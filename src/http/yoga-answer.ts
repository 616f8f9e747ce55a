import type { IncomingMessage } from 'node:http'
import type { Answer } from './answer.ts'
import type { Asked } from './graphql-endpoint.ts'
import type { RequestRecord } from './request-log.ts'
import type { Graphql } from './yoga.ts'

/** What Yoga's plugins find beside the request. `req` is for its headers and address; its body has been read. */
export type ServerContext = { req: IncomingMessage; record: RequestRecord }

/** Only the path matters; a Host header is the client's word and goes nowhere. */
const ORIGIN = 'http://gateway'

/**
 * Asks Yoga. It is handed the body as text in a request of its own light fetch implementation, and its answer is taken as
 * text: no stream is made on either side, which is most of what Yoga costs above the operation itself. There is no abort
 * signal: an operation whose client has left runs to its end, as a mutation must, and a computation is kept for the next.
 */
export function createYogaAnswer({ handleRequest, fetchAPI }: Pick<Graphql, 'handleRequest' | 'fetchAPI'>): (asked: Asked) => Promise<Answer> {
  return async ({ request, record, url, mediaType, body }) => {
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers[name] = value
    headers['accept'] = mediaType
    const method = request.method ?? 'GET'
    const asked = new fetchAPI.Request(ORIGIN + url, method === 'POST' ? { method, headers, body: body.toString() } : { method, headers })
    const response = await handleRequest(asked, { req: request, record })
    const answered: Record<string, string> = {}
    response.headers.forEach((value, name) => (answered[name] = value))
    return { status: response.status, headers: answered, body: await response.text() }
  }
}
