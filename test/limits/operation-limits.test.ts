import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { getIntrospectionQuery, getNamedType, isLeafType, isObjectType, parse, print, validate, type GraphQLObjectType } from 'graphql'
import { createSchema, createYoga } from 'graphql-yoga'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildSchema } from '../../src/graphql/schema.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { createLimitOperations } from '../../src/http/limit-operations.ts'
import { DEFAULT_OPERATION_LIMITS } from '../../src/http/operation-limits.ts'
import { withVariablesInPages } from '../../src/http/variables-in-pages.ts'
import { bearer, startGateway, type Reply, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'

let stage: Stage
let user: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
})
afterAll(() => stage.close())

const schema = buildSchema()
const repeat = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i)).join(' ')
/** `{ viewer { pets { recommendations { pet { recommendations ...`, so many fields deep. */
const deep = (depth: number) => {
  const names = ['viewer', 'pets', ...Array.from({ length: depth }, (_, i) => (i % 2 === 0 ? 'recommendations' : 'pet'))].slice(0, depth - 1)
  return `{ ${names.join(' { ')} { __typename } ${'} '.repeat(names.length)}`
}
const ITEM_FIELDS = 'items { rank matchScore safetyScore fitnessScore confidenceScore product { id brandName productName nutrition { proteinPct fatPct } } offer { currentPrice offer { url } } }'
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `${name}Fragment`)
/** Each fragment spreads the next one twice: 2^7 fields, or a computation without an end for whoever follows each spread. */
const doubling = (leaf: string) =>
  `{ ...${NAMES[0]} } ${NAMES.map((name, i) => `fragment ${name} on Query { ${NAMES[i + 1] === undefined ? leaf : `...${NAMES[i + 1]} ...${NAMES[i + 1]}`} }`).join(' ')}`

/** The first operation of the document, or the one of no name. */
const askFirst = async (gateway: TestGateway, query: string, headers: Record<string, string>): Promise<Pick<Reply<unknown>, 'status' | 'data' | 'errors'>> => {
  const [, operationName] = /^query (\w+)/.exec(query) ?? []
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify({ query, operationName }),
  })
  return { status: response.status, ...JSON.parse(await response.text()) }
}

const TOO_LARGE: Record<string, [document: string, message: RegExp]> = {
  'a field too deep': [deep(8), /depth limit of 7 exceeded, found 8/],
  'a field too deep inside nested fragments': [
    `{ viewer { pets { recommendations { ...A } } } } fragment A on Recommendations { pet { ...B } } fragment B on Pet { recommendations { ... on Recommendations { pet { primary: recommendations { source } } } } }`,
    /depth limit of 7 exceeded, found 8/,
  ],
  'too many aliases': [`{ ${repeat(16, (i) => `a${i}: viewer { id }`)} }`, /Aliases limit of 15 exceeded, found 16/],
  'too many aliases in fragments': [
    `{ viewer { ...A } } fragment A on Viewer { ${repeat(10, (i) => `a${i}: id`)} ...B } fragment B on Viewer { ${repeat(6, (i) => `b${i}: id`)} }`,
    /Aliases limit of 15 exceeded, found 16/,
  ],
  'too many directives': [`{ viewer { ${repeat(51, () => 'id @skip(if: false)')} } }`, /Directives limit of 50 exceeded, found 51/],
  'too many tokens': [`{ viewer { ${repeat(1_000, () => 'id')} } }`, /Token limit of 1000 exceeded/],
  'too many characters': [`{ viewer { id } } #${'x'.repeat(20_000)}`, /Document limit of 20000 characters exceeded, found 20019/],
  'too many fields of the root': [`{ ${repeat(21, () => 'viewer { id }')} }`, /Root fields limit of 20 exceeded, found 21/],
  'fragments that double each other': [doubling('viewer { id }'), /Root fields limit of 20 exceeded, found 128/],
  'too many operations': [repeat(11, (i) => `query ${i === 0 ? 'Q' : `Q${i}`} { viewer { id } }`), /Operations limit of 10 exceeded, found 11/],
  'a page too costly': [`{ recommendations(petId: "${BORI}") { items { product(first: 4000) { id } } } }`, /Cost limit of 5000 exceeded, found/],
}

describe.each(Object.entries(TOO_LARGE))('%s', (_name, [query, message]) => {
  test('is refused before anything is executed, with the limit and what was found', async () => {
    const ask = (accept: string) => askFirst(stage.gateway, query, { ...user, accept })
    const { status, data, errors } = await ask('application/graphql-response+json')
    expect(status).toBe(400)
    expect(data).toBeUndefined()
    const refusal = errors?.find((one) => message.test(one.message))
    expect(refusal, JSON.stringify(errors)).toBeDefined()
    expect(refusal?.message).not.toContain('Syntax Error')
    expect(refusal?.extensions.code).toBe('BAD_USER_INPUT')
    // Once more, as Yoga's caches have it now.
    const again = await ask('application/json')
    expect(again.errors?.find((one) => message.test(one.message))?.extensions.code).toBe('BAD_USER_INPUT')
  })
})

test('what lies just within the limits is answered', async () => {
  for (const query of [
    deep(7),
    `{ ${repeat(15, (i) => `a${i}: viewer { id }`)} }`,
    `{ viewer { ${repeat(50, () => 'id @skip(if: false)')} } }`,
    `{ viewer { ${repeat(15, (i) => `a${i}: isAdmin @skip(if: false)`)} ${repeat(35, () => 'id @skip(if: false)')} } }`,
    `{ recommendations(petId: "${BORI}") { ${repeat(30, () => ITEM_FIELDS)} } }`,
    `{ viewer { id } } #${'x'.repeat(19_900)}`,
    `{ ${repeat(20, () => 'viewer { id }')} }`,
  ]) {
    const { errors, data } = await stage.gateway.askText(query, {}, user)
    expect(errors, query.slice(0, 60)).toBeUndefined()
    expect(data).toHaveProperty(query.includes('a1: viewer') ? 'a1' : query.includes('items') ? 'recommendations' : 'viewer')
  }
})

test('what validation itself costs is bounded: a thousand fields of one name are given up on quickly', async () => {
  const began = performance.now()
  const { errors } = await stage.gateway.askText(`{ viewer { ${repeat(990, () => 'id')} } }`, {}, user)
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  expect(performance.now() - began).toBeLessThan(1_000)
})

test('fragments that spread themselves or each other are refused, not followed for ever', async () => {
  for (const query of [
    '{ ...A } fragment A on Query { viewer { id } ...A }',
    '{ viewer { pets { ...A } } } fragment A on Pet { id ...B } fragment B on Pet { name ...A }',
  ]) {
    const { status, errors } = await stage.gateway.askText(query, {}, { ...user, accept: 'application/graphql-response+json' })
    expect(status).toBe(400)
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  }
})

describe.each(readdirSync(new URL('../../schema/operations', import.meta.url)))('schema/operations/%s', (file) => {
  test('is within the limits', async () => {
    const text = readFileSync(new URL(`../../schema/operations/${file}`, import.meta.url), 'utf8')
    expect(validate(schema, parse(text))).toEqual([])
    const { errors } = await stage.gateway.askText(text, {}, user)
    expect(errors?.filter(({ message }) => / limit of /.test(message)) ?? []).toEqual([])
  })
})

const PAGE = 'query Page($first: Int) { products(first: $first) { edges { node { id name } } } }'
test('what a variable says of a page costs as much as if it were written out', () => {
  const written = withVariablesInPages(parse(PAGE, { noLocation: true }), { first: 100 })
  expect(print(written)).toContain('first: 100')
  const byDefault = withVariablesInPages(parse(PAGE.replace('Int)', 'Int = 30)')), {})
  expect(print(byDefault)).toContain('products(first: 30)')
  const without = parse('query ($id: ID!) { pet(id: $id) { id } }')
  expect(withVariablesInPages(without, { id: 'x' })).toBe(without)
})

test('a page that a variable makes too costly is refused before its resolver runs', async () => {
  let ran = 0
  const typeDefs = 'type Query { products(first: Int): [Product!]! } type Product { id: ID! maker: Product! }'
  const yoga = createYoga({
    schema: createSchema({ typeDefs, resolvers: { Query: { products: () => (ran++, []) } } }),
    plugins: [createLimitOperations(DEFAULT_OPERATION_LIMITS)],
    logging: false,
  })
  const ask = async (first: number) => {
    const query = 'query Page($first: Int = 5) { products(first: $first) { id maker { maker { maker { id } } } } }'
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' }
    const response = await yoga.fetch('http://localhost/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables: { first } }) })
    return { status: response.status, text: await response.text() }
  }
  expect(await ask(10)).toEqual({ status: 200, text: '{"data":{"products":[]}}' })
  expect(ran).toBe(1)
  const refused = await ask(1_000)
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('Cost limit of 5000 exceeded, found')
  expect(ran).toBe(1)
})

test('the introspection that GraphiQL sends is answered', async () => {
  const { data, errors } = await stage.gateway.askText(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }), {}, user)
  expect(errors).toBeUndefined()
  expect(data).toHaveProperty('__schema.types')
})

test('introspection that loops is refused all the same', async () => {
  const { errors } = await stage.gateway.askText('{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }', {}, user)
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
})

test('fifty pets with all that MyPets asks of them and all that Recommendations asks of an item are answered', async () => {
  const owner = randomUUID()
  await stage.database.sql`insert into users (id) values (${owner})`
  await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select ${owner}, 'pet ' || i, 'DOG', 30, current_date, 3 + i from generate_series(1, 50) i`
  const text = (file: string) => readFileSync(new URL(`../../schema/operations/${file}.graphql`, import.meta.url), 'utf8')
  const [items = ''] = /items \{[^]*\n {4}\}/.exec(text('Recommendations')) ?? []
  expect(items).toContain('proteinPct')
  const query = text('MyPets').replace(/items \{[^\n]*\} \} \}/, `${items} }`)
  expect(query).toContain('proteinPct')
  const { data, errors } = await stage.gateway.askText(query, {}, await bearer(owner))
  expect(errors).toBeUndefined()
  expect(JSON.stringify(data).match(/"recommendations"/g)).toHaveLength(50)
})

/** Fields of the longest path from a root that meets no type twice. */
function longestPath(type: GraphQLObjectType, met: ReadonlySet<string> = new Set()): number {
  const within = new Set([...met, type.name])
  const lengths = Object.values(type.getFields()).map((field) => {
    const next = getNamedType(field.type)
    if (isLeafType(next)) return 1
    return isObjectType(next) && !within.has(next.name) ? 1 + longestPath(next, within) : 0
  })
  return Math.max(0, ...lengths)
}

test('every path of the schema that meets no type twice is within the depth', () => {
  const roots = [schema.getQueryType(), schema.getMutationType()].filter((type) => type != null)
  expect(roots).toHaveLength(2)
  for (const root of roots) expect(longestPath(root)).toBeLessThanOrEqual(DEFAULT_OPERATION_LIMITS.depth)
  expect(Math.max(...roots.map((root) => longestPath(root)))).toBe(DEFAULT_OPERATION_LIMITS.depth)
})

describe('each limit', () => {
  const tight: [keyof typeof DEFAULT_OPERATION_LIMITS, number, string][] = [
    ['characters', 100, `{ viewer { id } } # ${'x'.repeat(100)}`],
    ['tokens', 10, '{ viewer { id isAdmin primaryPet { id name } } }'],
    ['depth', 2, '{ viewer { primaryPet { id } } }'],
    ['cost', 5, '{ viewer { id isAdmin primaryPet { id name } } }'],
    ['aliases', 0, '{ me: viewer { id } }'],
    ['directives', 0, '{ viewer { id @skip(if: false) } }'],
    ['rootFields', 1, '{ viewer { id } viewer { isAdmin } }'],
    ['operations', 1, 'query A { viewer { id } } query B { viewer { id } }'],
  ]
  test.each(tight)('%s can be configured', async (name, most, query) => {
    const gateway: TestGateway = await startGateway({
      databaseUrl: stage.database.url,
      operationLimits: { ...DEFAULT_OPERATION_LIMITS, [name]: most },
    })
    try {
      const { errors } = await askFirst(gateway, query, user)
      expect(errors?.map(({ message }) => message).join()).toContain(`limit of ${most} `)
    } finally {
      await gateway.close()
    }
  })
})
