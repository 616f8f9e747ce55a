import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { badInput, overloaded } from '../graphql/errors.ts'
import { memoised } from '../lib/memoised.ts'
import { problemAnswer, type Answer, type Handler, type WhenOver } from './answer.ts'
import { compressed } from './compress.ts'
import type { Cors } from './cors.ts'
import type { GraphiqlPage } from './graphiql-page.ts'
import { HTTP_LIMITS } from './http-limits.ts'
import { isJson, preferredJsonType, preferredMediaType, type MediaType } from './media-type.ts'
import { limitHeaders } from './rate-limits.ts'
import { createBodyReader, type BodyOutcome } from './read-body.ts'
import type { RequestLog, RequestRecord } from './request-log.ts'

/** A GraphQL request that is well formed as far as HTTP goes. */
export type Asked = {
  /** For its method, headers and address; its body has been read. */
  request: IncomingMessage
  record: RequestRecord
  /** Path and query. */
  url: string
  /** In which the answer is wanted. */
  mediaType: MediaType
  /** UTF-8; empty for a GET. */
  body: Buffer
  whenOver: WhenOver
}

export type Ask = (asked: Asked) => Answer | Promise<Answer>

/** What can be said of a request before its body is read. */
type Judged = { kind: 'settled'; answer: Answer | Promise<Answer> } | { kind: 'wanted'; mediaType: MediaType }

const settled = (answer: Answer | Promise<Answer>): Judged => ({ kind: 'settled', answer })

const NOTHING = Buffer.alloc(0)
const NO_BODY: BodyOutcome = { kind: 'read', body: NOTHING }
/** Milliseconds. */
const RETRY_AFTER_MS = 1_000
const METHODS = 'GET, POST, OPTIONS'

const refused = (status: number, path: string, message: string, headers?: Record<string, string>) =>
  problemAnswer(status, badInput([{ path, message }]), headers)

/**
 * GraphQL over HTTP, up to where a request is known to be one: method, media types and size are settled here, before
 * anything of GraphQL runs. `answer` does the rest. The body is read whole, the answer sent whole.
 */
export function createGraphqlEndpoint({ answer, page, cors, maxBodyBytes, requestLog }: {
  answer: Ask
  /** Undefined: no GraphiQL. */
  page: GraphiqlPage | undefined
  cors: Cors
  maxBodyBytes: number
  requestLog: RequestLog
}): Handler {
  const readBody = createBodyReader({ maxBytes: maxBodyBytes, smallBytes: HTTP_LIMITS.smallBodyBytes, allBytes: HTTP_LIMITS.bodiesBytes })

  const judge = (request: IncomingMessage): Judged => {
    const { method, headers } = request
    if (method === 'OPTIONS') return settled({ status: 204, headers: { allow: METHODS, ...cors.preflight(headers.origin) }, body: NOTHING })
    if (page !== undefined && wantsPage(request)) return settled(page(headers))
    if (method !== 'GET' && method !== 'POST') return settled(refused(405, 'method', 'Ask with GET or POST.', { allow: METHODS }))
    const mediaType = preferredJsonType(headers.accept ?? '*/*')
    if (mediaType === undefined) return settled(refused(406, 'accept', 'Answers are application/graphql-response+json or application/json.'))
    if (method === 'GET') return { kind: 'wanted', mediaType }
    const { 'content-type': contentType, 'content-encoding': encoding } = headers
    if (!isJson(contentType)) return settled(refused(415, 'content-type', 'Send application/json in UTF-8.', { accept: 'application/json' }))
    if (encoding !== undefined && encoding !== 'identity') return settled(refused(415, 'content-encoding', 'Send the body uncompressed.', { 'accept-encoding': 'identity' }))
    return { kind: 'wanted', mediaType }
  }

  const refusal = (kind: 'no-room' | 'too-large'): Answer =>
    kind === 'no-room' ? problemAnswer(503, overloaded(RETRY_AFTER_MS)) : refused(413, 'body', `A request may be ${maxBodyBytes} bytes at most.`)

  return async (request, record, whenOver) => {
    const { headers, url = '' } = request
    const judged = judge(request)
    let plain: Answer
    if (judged.kind === 'wanted') {
      const read = request.method === 'POST' ? await readBody(request) : NO_BODY
      if (read.kind === 'gone') return undefined
      if (read.kind !== 'read') plain = refusal(read.kind)
      else if (!isUtf8(read.body)) plain = refused(400, 'body', 'The body is not UTF-8.')
      else plain = await answer({ request, record, url, mediaType: judged.mediaType, body: read.body, whenOver })
    } else {
      plain = await judged.answer
    }
    requestLog.answered(record, plain.status)
    return compressed({ ...plain, headers: endpointHeaders(plain.headers, record, headers.origin, cors) }, headers['accept-encoding'])
  }
}

/** What names an operation in an address. */
const OPERATION_PARAMETERS = ['query', 'documentId', 'extensions']

/** A browser that opens the address, as opposed to a client that puts an operation into it. */
function wantsPage({ method, headers, url = '' }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const parameters = new URLSearchParams(url.split('?', 2)[1])
  return preferredMediaType(headers.accept ?? '*/*') === 'page' && !OPERATION_PARAMETERS.some((name) => parameters.has(name))
}

/** Nothing is stored by anybody unless the answer itself says otherwise. */
function endpointHeaders(headers: Record<string, string>, { limits }: RequestRecord, origin: string | undefined, cors: Cors): Record<string, string> {
  const forOrigin = cors.headers(origin)
  const vary = varyOf(`${headers['vary'] ?? ''}, Accept, Accept-Encoding, ${forOrigin['vary'] ?? ''}`)
  return { 'cache-control': 'no-store', ...headers, ...limitHeaders(limits), ...forOrigin, vary }
}

const VARIES_KEPT = 20

/** Each name once. */
const varyOf = memoised(VARIES_KEPT, (names: string) => [...new Set(names.split(', ').filter((name) => name !== ''))].join(', '))
