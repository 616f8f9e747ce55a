import { z } from 'zod'
import { ERROR_CODES } from '../../src/graphql/errors.ts'
import type { FindLeaks } from './leaks.ts'
import type { WireAnswer } from './wire.ts'

const STATUSES = new Set([200, 204, 302, 304, 400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 417, 429, 431, 503])
const HEADERS = new Set([
  'accept', 'accept-encoding', 'allow', 'cache-control', 'connection', 'content-encoding', 'content-length', 'content-type', 'date', 'etag', 'keep-alive', 'location',
  'ratelimit', 'ratelimit-policy', 'referrer-policy', 'retry-after', 'vary', 'x-content-type-options', 'x-request-id',
])
const EXTENSIONS = new Set(['code', 'fields', 'retryAfterSeconds'])
/** Of a refusal, however much of it is wrong. */
const REFUSAL_BYTES = 32_000

const error = z.strictObject({
  message: z.string().min(1),
  locations: z.array(z.strictObject({ line: z.int(), column: z.int() })).optional(),
  path: z.array(z.union([z.string(), z.int()])).optional(),
  extensions: z.looseObject({ code: z.enum(ERROR_CODES) }),
})
const graphqlAnswer = z.strictObject({
  data: z.record(z.string(), z.unknown()).nullable().optional(),
  errors: z.array(error).min(1).optional(),
})

export type Verdict = {
  problems: string[]
  /** Of its errors, or of the whole answer. */
  codes: string[]
  /** Root fields that were answered with a value. */
  answered: string[]
}

/** Whether an answer is one that a stranger may see, whatever they sent in `requestBytes`. */
export function createJudge(findLeaks: FindLeaks): (answer: WireAnswer, requestBytes: number) => Verdict {
  return ({ status, headers, body, text }, requestBytes) => {
    const problems = findLeaks(text)
    // Node itself answers some of what is no request: 400 for no Host, 417 for an Expect that it does not know.
    if (body === '' && (status === 400 || status === 417)) return { problems, codes: [], answered: [] }
    if (!STATUSES.has(status)) problems.push(`status ${status}`)
    for (const name of headers.keys()) if (!HEADERS.has(name)) problems.push(`header ${name}`)
    if (!/^[\w-]{1,64}$/.test(headers.get('x-request-id') ?? 'none')) problems.push('X-Request-Id of another form')
    if (body === '' || headers.get('content-type')?.includes('json') !== true) {
      if (body !== '') problems.push(`a body of ${headers.get('content-type')}`)
      return { problems, codes: [], answered: [] }
    }
    const parsed = parseJson(body)
    if (status === 404 || isHealth(parsed)) return { problems, codes: [], answered: [] }
    const known = graphqlAnswer.safeParse(parsed)
    if (!known.success) return { problems: [...problems, `not an answer of GraphQL: ${body.slice(0, 300)}`], codes: [], answered: [] }
    const { data, errors = [] } = known.data
    const codes = errors.map(({ extensions }) => extensions.code)
    if (codes.includes('INTERNAL_SERVER_ERROR')) problems.push(`masked: ${body.slice(0, 300)}`)
    if (status >= 500 && !codes.every((code) => code === 'SERVICE_UNAVAILABLE')) problems.push(`status ${status} of ${codes.join()}`)
    for (const name of errors.flatMap(({ extensions }) => Object.keys(extensions))) if (!EXTENSIONS.has(name)) problems.push(`extension ${name}`)
    if (data === undefined && body.length > REFUSAL_BYTES) problems.push(`${requestBytes} bytes are refused in ${body.length}`)
    return { problems, codes, answered: Object.entries(data ?? {}).filter(([, value]) => value !== null).map(([name]) => name) }
  }
}

const isHealth = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).join() === 'status'

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
