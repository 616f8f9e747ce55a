import Negotiator from 'negotiator'
import { memoised } from '../lib/memoised.ts'

const GRAPHQL_RESPONSE = 'application/graphql-response+json'
const JSON_TYPE = 'application/json'
export type MediaType = typeof GRAPHQL_RESPONSE | typeof JSON_TYPE

/** With their charset, since clients name it: `Accept: application/json; charset=utf-8`. In the order we prefer them. */
const OFFERED = [`${JSON_TYPE}; charset=utf-8`, `${GRAPHQL_RESPONSE}; charset=utf-8`, 'text/html; charset=utf-8']
const HEADERS_KEPT = 200

/** What Accept prefers of what we have: a media type of GraphQL over HTTP, or `page` for who would rather read HTML. Undefined: nothing of ours. */
export const preferredMediaType = memoised(HEADERS_KEPT, (accept: string): MediaType | 'page' | undefined => {
  const preferred = new Negotiator({ headers: { accept } }).mediaType(OFFERED)
  if (preferred === undefined) return undefined
  if (preferred.startsWith('text/html')) return 'page'
  return preferred.startsWith(GRAPHQL_RESPONSE) ? GRAPHQL_RESPONSE : JSON_TYPE
})

/** For who asked for a page where there is none, or posts from one: what they accept besides. */
export const preferredJsonType = memoised(HEADERS_KEPT, (accept: string): MediaType | undefined => {
  const preferred = new Negotiator({ headers: { accept } }).mediaType(OFFERED.slice(0, 2))
  return preferred === undefined ? undefined : preferred.startsWith(GRAPHQL_RESPONSE) ? GRAPHQL_RESPONSE : JSON_TYPE
})

const SENT_JSON = /^application\/json *(; *charset="?utf-8"? *)?;?$/i

/** Whether a request of this Content-Type can be read: JSON in UTF-8 and nothing else. Forms and plain text, which any site may send without asking, cannot. */
export const isJson = (contentType: string | undefined): boolean => contentType !== undefined && SENT_JSON.test(contentType)
