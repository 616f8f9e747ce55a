import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { connect } from '../../src/db/client.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const ORIGIN = 'https://app.example.com'
const MAX_BODY_BYTES = 10_000

let database: TestDatabase
let gateway: TestGateway
const log: string[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  const { db, close } = connect(database.url, { max: 1 })
  await seedDemo(db, '2026-11-24')
  await close()
  gateway = await startGateway({
    databaseUrl: database.url,
    corsOrigins: [ORIGIN, 'http://localhost:3000'],
    maxBodyBytes: MAX_BODY_BYTES,
    logger: pino({ level: 'debug' }, { write: (line) => log.push(line) }),
  })
})
afterAll(async () => {
  await gateway.close()
  await database.drop()
})

type Raw = { status: number; headers: IncomingHttpHeaders; body: Buffer }

/** Unlike fetch it decodes nothing, adds nothing and may send what it likes. */
function ask({ method = 'POST', path = '/graphql', headers = {}, body }: { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer }): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${gateway.url}${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
    })
    request.once('error', reject)
    request.end(body)
  })
}

const JSON_SENT = { 'content-type': 'application/json' }
const TYPENAME = '{"query":"{ __typename }"}'
const json = ({ body }: Raw) => JSON.parse(body.toString())

const REFUSALS: [string, Parameters<typeof ask>[0], number, string][] = [
  ['no content type', { body: TYPENAME }, 415, 'content-type'],
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query={__typename}' }, 415, 'content-type'],
  ['a multipart form', { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' }, 415, 'content-type'],
  ['plain text', { headers: { 'content-type': 'text/plain' }, body: TYPENAME }, 415, 'content-type'],
  ['bare GraphQL', { headers: { 'content-type': 'application/graphql' }, body: '{ __typename }' }, 415, 'content-type'],
  ['another charset', { headers: { 'content-type': 'application/json; charset=latin1' }, body: TYPENAME }, 415, 'content-type'],
  ['a compressed body', { headers: { ...JSON_SENT, 'content-encoding': 'gzip' }, body: 'x' }, 415, 'content-encoding'],
  ['bytes that are not UTF-8', { headers: JSON_SENT, body: Buffer.from('{"query":"\xff"}', 'latin1') }, 400, 'body'],
  ['one byte too many', { headers: JSON_SENT, body: TYPENAME.padEnd(MAX_BODY_BYTES + 1) }, 413, 'body'],
  ['chunks that are too many', { headers: { ...JSON_SENT, 'transfer-encoding': 'chunked' }, body: TYPENAME.padEnd(MAX_BODY_BYTES + 1) }, 413, 'body'],
  ['an answer wanted as an event stream', { headers: { ...JSON_SENT, accept: 'text/event-stream' }, body: TYPENAME }, 406, 'accept'],
  ['an answer wanted in parts', { headers: { ...JSON_SENT, accept: 'multipart/mixed' }, body: TYPENAME }, 406, 'accept'],
  ['JSON refused by its weight', { headers: { ...JSON_SENT, accept: 'application/json;q=0' }, body: TYPENAME }, 406, 'accept'],
  ['PUT', { method: 'PUT', headers: JSON_SENT, body: TYPENAME }, 405, 'method'],
  ['DELETE', { method: 'DELETE' }, 405, 'method'],
]

test.each(REFUSALS)('%s: refused with its own status, as GraphQL clients read it, with the id of the request', async (_name, sent, status, path) => {
  const answer = await ask({ ...sent, headers: { ...sent.headers, 'x-request-id': 'mine-1' } })
  expect(answer.status).toBe(status)
  expect(json(answer).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }])
  expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'mine-1', 'cache-control': 'no-store' })
  if (status === 405) expect(answer.headers.allow).toBe('GET, POST, OPTIONS')
})

test('a body of just the bytes that are allowed is read', async () => {
  expect(json(await ask({ headers: JSON_SENT, body: TYPENAME.padEnd(MAX_BODY_BYTES) }))).toEqual({ data: { __typename: 'Query' } })
})

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json; charset=utf-8, application/json; charset=utf-8', 'application/graphql-response+json'],
  ['application/json;q=0.5, application/graphql-response+json', 'application/graphql-response+json'],
  ['application/json, application/graphql-response+json;q=0.9', 'application/json'],
  ['text/event-stream, application/json;q=0.1', 'application/json'],
])('Accept: %s is answered as %s', async (accept, mediaType) => {
  const { headers } = await ask({ headers: { ...JSON_SENT, ...(accept === undefined ? {} : { accept }) }, body: TYPENAME })
  expect(headers['content-type']).toBe(`${mediaType}; charset=utf-8`)
})

const DECODE: Record<string, (bytes: Buffer) => Buffer> = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync, none: (bytes) => bytes }
/** Some 2 kB and some 40 kB: the one is compressed at once, the other aside. */
const SIZES = {
  short: `query ($petId: ID!) { recommendations(petId: $petId) { items { rank matchScore product { productName brandName } technicalExplanation } } }`,
  long: RecommendationsDocument.toString(),
}

test.each([
  ['gzip', 'gzip'],
  ['br', 'br'],
  ['zstd', 'zstd'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['gzip, deflate, br', 'br'],
  ['gzip;q=1.0, br;q=0.5', 'gzip'],
  ['zstd;q=0, br;q=0, *', 'gzip'],
  ['identity', 'none'],
  ['deflate', 'none'],
  ['', 'none'],
  ['gzip;q=0', 'none'],
])('Accept-Encoding: %s is answered as %s, with the same content', async (acceptEncoding, encoding) => {
  for (const [size, query] of Object.entries(SIZES)) {
    const body = JSON.stringify({ query, variables: { petId: BORI } })
    const sent = { ...JSON_SENT, 'x-device-uid': 'demo-device' }
    // The second answer: the first would say of itself that it was computed.
    await ask({ headers: sent, body })
    const plain = await ask({ headers: sent, body })
    expect(plain.body.length).toBeGreaterThan(size === 'long' ? 32_768 : 1_024)
    const answer = await ask({ headers: { ...sent, 'accept-encoding': acceptEncoding }, body })
    expect(answer.headers['content-encoding'] ?? 'none').toBe(encoding)
    expect(answer.headers.vary).toContain('Accept-Encoding')
    expect(Number(answer.headers['content-length'])).toBe(answer.body.length)
    expect(DECODE[encoding]?.(answer.body).toString()).toBe(plain.body.toString())
  }
})

test('a small answer is not compressed', async () => {
  const { headers } = await ask({ headers: { ...JSON_SENT, 'accept-encoding': 'gzip' }, body: TYPENAME })
  expect(headers['content-encoding']).toBeUndefined()
})

const preflight = (origin: string) =>
  ask({ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' } })

test('a page of a named origin may ask, with the headers that signing in takes', async () => {
  const { status, headers } = await preflight(ORIGIN)
  expect(status).toBe(204)
  expect(headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, 'access-control-allow-methods': 'GET, POST', vary: expect.stringContaining('Origin') })
  expect(headers['access-control-allow-headers']?.toLowerCase()).toMatch(/authorization.*content-type.*x-device-uid/)
  const answer = await ask({ headers: { ...JSON_SENT, origin: ORIGIN }, body: TYPENAME })
  expect(answer.headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, vary: expect.stringContaining('Origin') })
  // Also to know why it was refused.
  expect((await ask({ headers: { origin: ORIGIN }, body: TYPENAME })).headers['access-control-allow-origin']).toBe(ORIGIN)
})

test.each(['https://evil.example', 'https://app.example.com.evil.example', 'http://app.example.com', 'https://app.example.com:8443', 'null', '*'])(
  'a page of %s may not',
  async (origin) => {
    for (const { headers } of [await preflight(origin), await ask({ headers: { ...JSON_SENT, origin }, body: TYPENAME })]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(headers.vary).toContain('Origin')
    }
  },
)

test.each(['/', '/graphql/', '/nothing', '/health', '/constructor', '/__proto__', '//graphql', '/graphql%00'])('%s says what it is in JSON, or leads to /graphql', async (path) => {
  const answer = await ask({ method: 'GET', path })
  if (path === '/') expect(answer).toMatchObject({ status: 302, headers: { location: '/graphql' } })
  else expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'application/json; charset=utf-8' } })
})

test('every answer carries the headers that keep browsers careful, and none says what runs here', async () => {
  const asked: Parameters<typeof ask>[0][] = [
    { headers: JSON_SENT, body: TYPENAME }, { body: 'x' }, { method: 'GET', path: '/nothing' }, { method: 'GET', path: '/health/live' }, { method: 'OPTIONS' },
    { method: 'GET', path: '/metrics' }, { method: 'GET', headers: { accept: 'text/html' } },
  ]
  for (const one of asked) {
    const { headers } = await ask(one)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-request-id': expect.stringMatching(/^[\w-]{36}$/) })
    expect(headers).not.toHaveProperty('server')
    expect(headers).not.toHaveProperty('x-powered-by')
  }
})

test('the log has the id of the request and the trace it belongs to; a malformed trace is ignored', async () => {
  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
  const logged = async (traceparent: string) => {
    log.length = 0
    await ask({ headers: { ...JSON_SENT, traceparent, 'x-request-id': 'mine-2' }, body: '{"query":"query Mine { __typename }"}' })
    return JSON.parse(log.find((line) => line.includes('mine-2')) ?? '{}')
  }
  expect(await logged(`00-${TRACE}-00f067aa0ba902b7-01`)).toMatchObject({ requestId: 'mine-2', traceId: TRACE, operation: expect.any(String), status: 200, msg: 'request' })
  expect(await logged(`00-${TRACE}-00f067aa0ba902b7`)).not.toHaveProperty('traceId')
})

test('GraphiQL comes compressed, is asked for again by its tag, and lets nothing run but its own scripts', async () => {
  const open = (headers: Record<string, string>) => ask({ method: 'GET', headers: { accept: 'text/html,*/*;q=0.8', ...headers } })
  const plain = await open({})
  expect(plain).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'private, no-cache' } })
  expect(plain.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/]{43}='; .*frame-ancestors 'none'$/)
  const tags = new Set([plain.headers.etag])
  for (const encoding of ['gzip', 'br', 'zstd']) {
    const answer = await open({ 'accept-encoding': encoding })
    expect(answer.headers['content-encoding']).toBe(encoding)
    expect(answer.body.length).toBeLessThan(3_000_000)
    expect(DECODE[encoding]?.(answer.body).equals(plain.body)).toBe(true)
    tags.add(answer.headers.etag)
    const again = await open({ 'accept-encoding': encoding, 'if-none-match': answer.headers.etag ?? '' })
    expect(again).toMatchObject({ status: 304, body: { length: 0 } })
    expect(again.headers.vary).toContain('Accept-Encoding')
  }
  // One for each encoding: they are different bytes.
  expect(tags.size).toBe(4)
  const head = await ask({ method: 'HEAD', headers: { accept: 'text/html', 'accept-encoding': 'gzip' } })
  expect(head).toMatchObject({ status: 200, headers: { 'content-encoding': 'gzip' }, body: { length: 0 } })
})

test('a browser that puts an operation into the address gets its answer and not the page', async () => {
  const open = (path: string) => ask({ method: 'GET', path, headers: { accept: 'text/html,*/*;q=0.8' } })
  expect(json(await open('/graphql?query={__typename}'))).toEqual({ data: { __typename: 'Query' } })
  expect(json(await open(`/graphql?documentId=${'0'.repeat(64)}`))).toHaveProperty('errors')
})

test('figures stand where they were asked to, and nowhere else', async () => {
  expect(gateway.metricsUrl).toBe(`${gateway.url}/metrics`)
  const apart = await startGateway({ databaseUrl: database.url, metrics: { kind: 'own-port', port: 0 } })
  const off = await startGateway({ databaseUrl: database.url, metrics: { kind: 'off' } })
  try {
    expect(await (await fetch(apart.metricsUrl ?? '')).text()).toContain('petfood_request_seconds')
    expect((await fetch(new URL('/graphql', apart.metricsUrl))).status).toBe(404)
    expect(off.metricsUrl).toBeUndefined()
    for (const { url } of [apart, off]) expect((await fetch(`${url}/metrics`)).status).toBe(404)
  } finally {
    await Promise.all([apart.close(), off.close()])
  }
})
