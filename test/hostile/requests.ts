import fc from 'fast-check'
import { badToken } from './tokens.ts'
import { hostileDocument } from './documents.ts'
import { askedOperation, OPERATIONS, type NamedOperation } from './operations.ts'
import { hostileText, hostileValue, POISONS } from './texts.ts'
import { anything, fillIn, RIGHT, type Mix, type Sender } from './values.ts'

/** Bytes for a connection that is kept, and whether only a head comes back. */
export type Prepared = { bytes: Buffer; isHead: boolean }

/** People with pets; the first of them may also ask as an admin. */
export type People = readonly (Sender & { token: string; adminToken: string })[]

const HOSTILE: Mix = { right: 20, hostile: 4, anything: 1 }

const JSON_TYPE: readonly [string, string] = ['Content-Type', 'application/json']

type Head = readonly (readonly [string, string])[]

function post(body: string | Buffer, headers: Head, { method = 'POST', path = '/graphql' } = {}): Prepared {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body)
  const lines = [...headers, ['Content-Length', String(bytes.length)]].map(([name, value]) => `${name}: ${value}\r\n`)
  return { bytes: Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: gateway\r\n${lines.join('')}\r\n`, 'latin1'), bytes]), isHead: method === 'HEAD' }
}

const get = (search: string, headers: Head): Prepared => ({ bytes: Buffer.from(`GET /graphql${search} HTTP/1.1\r\nHost: gateway\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1'), isHead: false })

const bearer = (token: string): readonly [string, string] => ['Authorization', `Bearer ${token}`]
const ACCEPT = fc.constantFrom<Head>([['Accept', 'application/graphql-response+json']], [['Accept', 'application/json']], [])
const member = <T>(all: readonly T[], at: number): T => {
  const one = all[at % all.length]
  if (one === undefined) throw new Error('nobody')
  return one
}

/** Whoever may ask the operation. */
const entitled = ({ isForAdmins }: NamedOperation, { token, adminToken }: People[number]): Head => [JSON_TYPE, bearer(isForAdmins ? adminToken : token)]

/** `variables` as JSON, by whoever may ask. */
export const asked = (operation: NamedOperation, variables: string, person: People[number]): Buffer =>
  post(`{"documentId":"${operation.id}","variables":${variables}}`, entitled(operation, person)).bytes

export const createRequests = (people: People) => {
  type Asking = { sender: Sender; head: Head }
  const someone = fc.tuple(fc.nat(people.length - 1), ACCEPT).map(([at, accept]) => ({ ...member(people, at), accept }))
  /** Mostly the owner; sometimes an admin, somebody else with a device, or nobody. */
  const asking: fc.Arbitrary<Asking> = fc.tuple(someone, fc.integer({ min: 0, max: 19 })).map(([{ token, adminToken, accept, ...sender }, who]) => {
    const signedIn: Head = who < 15 ? [bearer(token)] : who < 18 ? [bearer(adminToken)] : who === 18 ? [['X-Device-UID', 'demo-device']] : []
    return { sender, head: [JSON_TYPE, ...signedIn, ...accept] }
  })
  const named = (mix: Mix, by: 'id' | 'text') =>
    fc.tuple(askedOperation(mix), asking, fc.nat(people.length - 1), fc.boolean()).map(([{ operation, variables }, { head, sender }, at, isEntitled]) => {
      const who = isEntitled ? member(people, at) : sender
      const document = by === 'id' ? `"documentId":"${operation.id}"` : `"query":${JSON.stringify(operation.text)}`
      return post(`{${document},"variables":${fillIn(variables, who)}}`, isEntitled ? entitled(operation, member(people, at)) : head)
    })

  const document = fc.tuple(hostileDocument, asking, fc.option(anything, { nil: undefined, freq: 3 })).map(([query, { head, sender }, variables]) => post(fillIn({ query, variables }, sender), head))

  /** The parameters of a request, each of any shape. */
  const right = fc.constantFrom(...OPERATIONS)
  const shaped = fc.tuple(
    fc.record(
      { query: fc.oneof(right.map(({ text }) => text), anything), documentId: fc.oneof(right.map(({ id }) => id), anything, fc.constant(`sha256:${'0'.repeat(64)}`)), operationName: fc.oneof(right.map(({ name }) => name), anything), variables: fc.oneof(fc.constant({ petId: '@pet0@' }), anything), extensions: fc.oneof(anything, persisted()) },
      { requiredKeys: [] },
    ),
    fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fc.dictionary(hostileText, anything, { maxKeys: 3 }) }),
  ).map(([known, more]): unknown => ({ ...more, ...known }))
  function persisted() {
    const sha256Hash = fc.oneof(right.map(({ id }) => id.slice(7)), anything, fc.stringMatching(/^[0-9a-f]{64}$/))
    return fc.record({ persistedQuery: fc.oneof(anything, fc.record({ version: fc.oneof(fc.constant(1), anything), sha256Hash })) })
  }
  const shape = fc.tuple(fc.oneof({ weight: 8, arbitrary: shaped }, { weight: 1, arbitrary: fc.array(shaped, { maxLength: 5 }) }, { weight: 1, arbitrary: anything }), asking).map(([body, { head, sender }]) => post(fillIn(body, sender), head))

  /** A good body, broken as bytes. */
  const bytes = fc.tuple(askedOperation(RIGHT), asking, broken, fc.array(fc.tuple(fc.nat(4_000), broken), { maxLength: 3 })).map(([{ operation, variables }, { head, sender }, whole, edits]) => {
    if (edits.length === 0) return post(whole, head)
    let body = Buffer.from(`{"documentId":"${operation.id}","variables":${fillIn(variables, sender)}}`)
    for (const [at, part] of edits) {
      const place = at % (body.length + 1)
      body = part.length === 0 ? body.subarray(0, place) : Buffer.concat([body.subarray(0, place), part, body.subarray(place + 1)])
    }
    return post(body, head)
  })

  const search = fc.tuple(
    fc.array(fc.tuple(fc.constantFrom('query', 'documentId', 'operationName', 'variables', 'extensions', '__proto__', 'x', ''), fc.oneof(right.map(({ id }) => id), right.map(({ text }) => text), hostileValue, anything.map((value) => JSON.stringify(value)), hostileDocument)), { maxLength: 4 }),
    asking,
    fc.constantFrom('encoded', 'encoded', 'raw'),
  ).map(([parameters, { head, sender }, how]) => {
    const text = how === 'encoded' ? new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value.toWellFormed()])).toString() : parameters.map(([name, value]) => `${name}=${value.replaceAll(/[^\x21-\x7e\x80-\xff]/g, '%')}`).join('&')
    return get(`?${JSON.parse(fillIn(text, sender))}`, head.filter(([name]) => name !== 'Content-Type'))
  })
  /** GET with an operation that is taken: mutations are not. */
  const getNamed = fc.tuple(askedOperation(HOSTILE), someone).map(([{ operation, variables }, { accept, token, ...sender }]) =>
    get(`?${new URLSearchParams({ documentId: operation.id, variables: fillIn(variables, sender) })}`, [bearer(token), ...accept]),
  )

  const header = fc.tuple(right, someone, fc.array(fc.tuple(fc.constantFrom(...NAMES), headerValue), { minLength: 1, maxLength: 3 })).map(([operation, { token, accept, ...sender }, strange]) => {
    const names = strange.map(([name]) => name.toLowerCase())
    // A device is looked at only where there is no token.
    const signIn = names.includes('x-device-uid') ? [] : [bearer(token)]
    const usual: Head = [JSON_TYPE, ...signIn, ...accept].filter(([name]) => !names.includes(name.toLowerCase()))
    return post(`{"documentId":"${operation.id}","variables":${fillIn({ petId: '@pet0@' }, sender)}}`, [...usual, ...strange])
  })

  const token = fc.tuple(right, badToken, fc.constantFrom('Bearer ', 'bearer ', 'BEARER    ')).map(([{ id }, bad, scheme]) =>
    post(`{"documentId":"${id}","variables":{}}`, [JSON_TYPE, ['Authorization', `${scheme}${bad.replaceAll(/[^\x21-\x7e]/g, '~')}`]]),
  )

  const form = fc.tuple(fc.constantFrom(...METHODS), fc.oneof(fc.constant('/graphql'), fc.constantFrom(...PATHS)), fc.oneof(fc.constant('application/json'), fc.constantFrom(...MEDIA_TYPES)), fc.constantFrom(...MEDIA_TYPES, ...ACCEPTS), right, someone)
    .map(([method, path, contentType, accept, { id }, { token: good }]) => post(method === 'GET' || method === 'HEAD' ? '' : `{"documentId":"${id}"}`, [['Content-Type', contentType], ['Accept', accept], bearer(good)], { method, path }))

  return { namedById: named(HOSTILE, 'id'), namedByText: named(HOSTILE, 'text'), document, shape, bytes, search, getNamed, header, token, form }
}

/** Pieces that are not UTF-8, or not JSON. */
const broken: fc.Arbitrary<Buffer> = fc.oneof(
  fc.constantFrom('', 'ff', 'c0af', 'eda080', 'f4908080', 'efbbbf', 'fffe', '00', 'e2', '80', '1f8b0800', '28b52ffd').map((hex) => Buffer.from(hex, 'hex')),
  fc.constantFrom('', ' ', '{', '}', '[', '"', '\\', '\\u', '\\ud800', ',', ':', 'NaN', "'", '//', '1e', '--', 'tru', '{}', '[]', '{"query"', '\u2028', '{"a":1,"a":2}').map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 60 }).map((all) => Buffer.from(all)),
  fc.integer({ min: 1, max: 40_000 }).map((depth) => Buffer.from('['.repeat(depth))),
  fc.integer({ min: 1, max: 20_000 }).map((depth) => Buffer.from(`{"query":"{ viewer { id } }","variables":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`)),
  hostileText.map((text) => Buffer.from(text, 'utf16le')),
  fc.constantFrom(99_999, 100_001, 300_000).map((length) => Buffer.alloc(length, 'a')),
)

const NAMES = [
  'X-Request-Id', 'traceparent', 'tracestate', 'Accept-Language', 'X-Device-UID', 'Authorization', 'Accept', 'Accept-Encoding', 'Accept-Charset', 'Content-Type', 'Content-Encoding', 'Content-Language', 'Origin', 'Referer', 'Cookie', 'Host', 'User-Agent', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'Forwarded', 'X-HTTP-Method-Override',
  'X-Original-URL', 'If-None-Match', 'If-Modified-Since', 'Range', 'Expect', 'Upgrade', 'Connection', 'TE', 'Trailer', 'Via', 'Sec-Fetch-Site', '__proto__', 'constructor', 'toString', 'x-apollo-operation-name', 'Last-Event-ID', 'Max-Forwards', 'Date', 'Warning',
]
/** Bytes of 128 and more come as they are; what ends a line would make another request of it, and is for broken-http.ts. */
const oneLine = (text: string) => Buffer.from(text.toWellFormed()).toString('latin1').replaceAll(/[\0\r\n]/g, ' ')
const headerValue = fc.oneof(
  { weight: 4, arbitrary: hostileText.map(oneLine) },
  { weight: 1, arbitrary: fc.constantFrom(...POISONS).map((text) => oneLine(text).repeat(20).slice(0, 9_000)) },
  { weight: 2, arbitrary: fc.constantFrom('*/*;q=0', 'text/html', 'application/json;q=0.0001, */*;q=abc', 'ko-KR,ko;q=0.9', ',,,', ';', '=', 'en;q=9', 'gzip;q=1, br;q=2, zstd', 'identity;q=0', '*;q=0', 'chunked', 'close', 'keep-alive', 'h2c', 'websocket', '100-continue', '200-ok', 'null', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'demo-device', 'bytes=0-1', 'cross-site', 'a'.repeat(128), 'a'.repeat(129), '127.0.0.2, ::1, x'.repeat(3)) },
)

const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'SEARCH', 'PURGE', 'M-SEARCH']
const PATHS = ['/', '/graphql/', '/graphql//', '//graphql', '/GRAPHQL', '/graphql?', '/graphql#x', '/graphql;x=1', '/graphql/..', '/%67raphql', '/graphql%00', '/graphql/stream', '/metrics', '/health', '/health/live', '/health/ready', '/health/ready?x=%ff', '/.env', '/.git/config', '/../../ETC/PASSWD', '/constructor', '/__proto__', '/graphql?query=%', '/graphql?query', '/?query={viewer{id}}', 'http://evil.example/graphql', `/${'a'.repeat(5_000)}`, `/graphql?x=${'%20'.repeat(2_000)}`]
const MEDIA_TYPES = ['application/json', 'application/json; charset=utf-8', 'application/json; charset=utf-16', 'application/graphql', 'application/graphql-response+json', 'text/plain', 'text/html', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'application/json, text/plain', 'application/', '/', '', 'a', 'application/json;'.repeat(200), 'text/event-stream', 'multipart/mixed; deferSpec=20220824', 'application/JSON ; charset="UTF-8"', '*/*', 'é']
const ACCEPTS = ['application/json;q=0', 'text/html,application/xhtml+xml,*/*;q=0.8', 'image/png', '*/json', ';q=1', `${'a/b,'.repeat(900)}a/b`]
