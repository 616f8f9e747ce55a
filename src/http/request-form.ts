import { GraphQLError } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { badInput } from '../graphql/errors.ts'

/**
 * Two forms of request and no other: GET with everything in the query string, POST with JSON. That a POST is JSON has been
 * seen to in media-type.ts: forms and plain text are what a foreign page can make a browser send unasked.
 */
export const requestForm: Plugin = {
  onRequestParse: ({ request, setRequestParser }) => {
    if (request.method === 'GET') setRequestParser(({ url }) => queryString(url))
    if (request.method === 'POST') setRequestParser(jsonBody)
  },
}

async function jsonBody(request: Request): Promise<GraphQLParams> {
  const body = parseJson('The body', await request.text().catch(cutShort))
  if (typeof body !== 'object' || body === null) throw badInput([{ path: 'The body', message: 'Expected a JSON object.' }], { status: 400 })
  return body
}

/** The client went away, which is no fault of ours; or the body was over its limit, which says so itself. */
function cutShort(cause: unknown): never {
  throw cause instanceof GraphQLError ? cause : badInput([{ path: 'The body', message: 'It was not sent to its end.' }], { status: 400 })
}

function queryString(url: string): GraphQLParams {
  const start = url.indexOf('?')
  const search = new URLSearchParams(start === -1 ? '' : url.slice(start))
  // An empty parameter counts as left out.
  const texts = ['query', 'documentId', 'operationName'].map((name) => [name, search.get(name) || undefined])
  const maps = ['variables', 'extensions'].map((name) => [name, parseJson(name, search.get(name) || 'null')])
  return Object.fromEntries([...texts, ...maps])
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badInput([{ path: name, message: 'Expected JSON.' }], { status: 400 })
  }
}
