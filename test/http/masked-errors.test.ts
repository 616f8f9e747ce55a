import { GraphQLError, GraphQLEnumType, GraphQLInt, GraphQLInterfaceType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString, type GraphQLOutputType } from 'graphql'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { notFound, unavailable } from '../../src/graphql/errors.ts'
import { createCors } from '../../src/http/cors.ts'
import { createDocumentIds } from '../../src/http/document-ids.ts'
import { createGraphqlEndpoint } from '../../src/http/graphql-endpoint.ts'
import { createNewContext } from '../../src/http/new-context.ts'
import { createRequestLog } from '../../src/http/request-log.ts'
import { startHttpServer, type HttpServer } from '../../src/http/server.ts'
import { createYogaAnswer } from '../../src/http/yoga-answer.ts'
import { createGraphql } from '../../src/http/yoga.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { OPEN } from '../support/gateway.ts'
import { rawRequest } from '../support/raw-request.ts'

/** In every message below; never in an answer. */
const SECRET = 'hunter2'

const postgresError = (code: string, message: string) =>
  Object.assign(new Error(`Failed query: select ${SECRET} from users where id = $1\nparams: ${SECRET}`), { cause: Object.assign(new Error(message), { code, query: SECRET, detail: SECRET }) })

const THROWN: Record<string, () => unknown> = {
  'a plain error': () => new Error(`${SECRET} at /srv/app/secret.ts:1:2`),
  'a statement that Postgres refused': () => postgresError('42P01', `relation "${SECRET}" does not exist`),
  'a constraint that was violated': () => postgresError('23505', `duplicate key value (${SECRET})`),
  'a Redis reply': () => Object.assign(new Error(`WRONGTYPE Operation against a key ${SECRET}`), { name: 'ReplyError', command: { name: 'get', args: [SECRET] } }),
  'a failed validation': () => z.object({ [SECRET]: z.string() }).safeParse({ [SECRET]: 1 }).error,
  "a library's GraphQLError": () => new GraphQLError(SECRET, { extensions: { sql: SECRET, stack: [SECRET] } }),
  "a library's GraphQLError with a code of its own": () => new GraphQLError(SECRET, { extensions: { code: 'DOWNSTREAM', http: { headers: { 'x-leak': SECRET } } } }),
  "a library's GraphQLError around another error": () => new GraphQLError(SECRET, { originalError: new Error(SECRET) }),
  'several errors': () => new AggregateError([new Error(SECRET), new Error(SECRET)], SECRET),
  'a text': () => SECRET,
  'an object': () => ({ message: SECRET, stack: SECRET, extensions: { code: 'NOT_FOUND', leak: SECRET } }),
  nothing: () => undefined,
}

const AWAY: Record<string, () => unknown> = {
  'a connection refused': () => postgresError('ECONNREFUSED', `connect ECONNREFUSED ${SECRET}:5432`),
  'a server that stops': () => postgresError('57P01', `terminating connection ${SECRET}`),
}

/** What GraphQL itself says of what a resolver gave. */
const Node = new GraphQLInterfaceType({ name: 'Node', fields: { id: { type: GraphQLString } }, resolveType: () => SECRET })
const Strict = new GraphQLObjectType({ name: 'Strict', isTypeOf: () => false, fields: { id: { type: GraphQLString } } })
const Colour = new GraphQLEnumType({ name: 'Colour', values: { RED: {} } })
const GIVEN: Record<string, { type: GraphQLOutputType; value: unknown }> = {
  aTextForANumber: { type: GraphQLInt, value: SECRET },
  anUnknownEnumValue: { type: Colour, value: SECRET },
  anObjectOfAnotherType: { type: Strict, value: { [SECRET]: SECRET } },
  anUnknownImplementation: { type: Node, value: { id: SECRET } },
  noList: { type: new GraphQLList(GraphQLString), value: { [SECRET]: 1 } },
  anErrorInAList: { type: new GraphQLList(GraphQLInt), value: [1, new GraphQLError(SECRET), SECRET] },
  noValueAtAll: { type: new GraphQLNonNull(GraphQLString), value: null },
  anErrorGivenBack: { type: GraphQLString, value: new Error(SECRET) },
}

const selection = (name: string) => (['anObjectOfAnotherType', 'anUnknownImplementation'].includes(name) ? `${name} { id }` : name)

const raise = (name: unknown): never => {
  const make = typeof name === 'string' ? (THROWN[name] ?? AWAY[name]) : undefined
  throw make?.()
}
const text = { type: GraphQLString }
const schema = new GraphQLSchema({
  types: [Strict],
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      throws: { ...text, args: { name: text }, resolve: (_root, { name }) => raise(name) },
      rejects: { ...text, args: { name: text }, resolve: async (_root, { name }) => raise(name) },
      ours: { ...text, resolve: () => { throw notFound('pet') } },
      asks: { ...text, args: { value: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 1 } }, resolve: () => 'asked' },
      ...Object.fromEntries(Object.entries(GIVEN).map(([name, { type, value }]) => [name, { type, resolve: () => value }])),
    },
  }),
})

const lines: string[] = []
let server: HttpServer
beforeAll(async () => {
  const metrics = createMetrics()
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const requestLog = createRequestLog({ logger, metrics, monotonicNow: () => performance.now() })
  const graphql = createGraphql({
    schema,
    // No resolver of this schema asks for any.
    newContext: createNewContext(JSON.parse('{}')),
    authenticate: {
      viewer: async (headers) => {
        const name = headers.get('x-throw')
        if (name === 'ours') throw unavailable()
        return name === null ? undefined : raise(name)
      },
    },
    exposure: OPEN,
    documentIds: createDocumentIds({ trusted: new Map(), arbitraryOperations: true }),
    logger,
    limits: [],
    observers: [],
  })
  const endpoint = createGraphqlEndpoint({ answer: createYogaAnswer(graphql), page: undefined, cors: createCors([]), maxBodyBytes: 100_000, requestLog })
  server = await startHttpServer({ host: '127.0.0.1', port: 0, routes: { '/graphql': endpoint }, requestLog, logger })
})
afterAll(() => server.close())

const ID = /"requestId":"([\w-]+)"/

function expectMasked({ text, headers }: { text: string; headers: Headers }): void {
  expect(text).not.toContain(SECRET)
  expect(text).not.toMatch(/\/srv|node_modules|select|\.ts:|stack|WRONGTYPE/)
  expect([...headers].flat().join()).not.toContain(SECRET)
  const [, requestId] = ID.exec(text) ?? []
  expect(lines.some((line) => line.includes(`"requestId":"${requestId}"`))).toBe(true)
}

describe.each(Object.keys(THROWN))('%s', (name) => {
  test.each(['throws', 'rejects'])('that a resolver %s is masked, and its id finds it in the log', async (field) => {
    const answer = await rawRequest(server, { body: { query: `query ($name: String) { ${field}(name: $name) }`, variables: { name } } })
    expect(answer).toMatchObject({ status: 200, data: { [field]: null }, message: 'Something went wrong on our side.' })
    expect(new Set(answer.codes)).toEqual(new Set(['INTERNAL_SERVER_ERROR']))
    expectMasked(answer)
  })
  test('that sign-in throws is masked with 500, whatever type is accepted', async () => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const answer = await rawRequest(server, { body: { query: '{ asks }' }, headers: { 'x-throw': name, accept } })
      expect(answer).toMatchObject({ status: 500, data: undefined, codes: ['INTERNAL_SERVER_ERROR'] })
      expectMasked(answer)
    }
  })
})

describe.each(Object.keys(AWAY))('%s', (name) => {
  test('is SERVICE_UNAVAILABLE: of a field with its path, of a whole request with 503', async () => {
    const field = await rawRequest(server, { body: { query: 'query ($name: String) { throws(name: $name) }', variables: { name } } })
    expect(field).toMatchObject({ status: 200, codes: ['SERVICE_UNAVAILABLE'], data: { throws: null } })
    const whole = await rawRequest(server, { body: { query: '{ asks }' }, headers: { 'x-throw': name } })
    expect(whole).toMatchObject({ status: 503, codes: ['SERVICE_UNAVAILABLE'], data: undefined })
    expect(field.text + whole.text).not.toContain(SECRET)
  })
})

test.each(Object.keys(GIVEN))('what GraphQL says of %s is masked', async (name) => {
  const answer = await rawRequest(server, { body: { query: `{ ${selection(name)} }` } })
  expect(new Set(answer.codes)).toEqual(new Set(['INTERNAL_SERVER_ERROR']))
  expectMasked(answer)
})

test('an outcome of ours passes as it is, with the status of its code where it ends the request', async () => {
  expect(await rawRequest(server, { body: { query: '{ ours }' } })).toMatchObject({ status: 200, codes: ['NOT_FOUND'], message: 'There is no such pet.' })
  expect(await rawRequest(server, { body: { query: '{ asks }' }, headers: { 'x-throw': 'ours' } })).toMatchObject({ status: 503, codes: ['SERVICE_UNAVAILABLE'] })
})

const WRONG: [string, object][] = [
  ['a text that does not parse', { query: '{ asks(' }],
  ['a null given for what must not be null, seen first while it runs', { query: 'query ($v: Int = 1) { asks(value: $v) }', variables: { v: null } }],
  ['a variable of another type', { query: 'query ($v: Int!) { asks(value: $v) }', variables: { v: 'x' } }],
  ['a variable left out', { query: 'query ($v: Int!) { asks(value: $v) }' }],
  ['deferred parts', { query: '{ ... @defer { asks } }' }],
]
test.each(WRONG)('%s is the client\'s to mend, and told', async (_name, body) => {
  const answer = await rawRequest(server, { body })
  expect(answer.codes).toEqual(['BAD_USER_INPUT'])
  expect(answer.message).not.toBe('Something went wrong on our side.')
})
