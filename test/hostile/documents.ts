import fc from 'fast-check'
import { OPERATIONS } from './operations.ts'
import { hostileText, hostileValue } from './texts.ts'
import { anything } from './values.ts'

/* Texts of GraphQL that no well-meaning client sends. Most fail; some are answered, which is as good. */

const times = (count: number, part: (i: number) => string) => Array.from({ length: count }, (_, i) => part(i)).join(' ')
const count = (max: number) => fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) }, { weight: 1, arbitrary: fc.integer({ min: 1, max }) })

const FIELDS = ['viewer', 'pets', 'id', 'name', 'recommendations', 'items', 'product', 'nope', '__typename', '__schema', '__type', 'types', 'constructor', '__proto__', 'toString', 'hasOwnProperty', '_', 'π']
const TYPES = ['ID', 'ID!', 'String', '[String!]!', 'CreatePetInput!', 'Pet', 'Query', 'Nope', '__Type', '[[[[ID]]]]', 'Int', 'constructor', '__proto__', 'DateTime', 'Locale']
const DIRECTIVES = ['@skip(if: true)', '@include(if: false)', '@skip', '@skip(if: "x")', '@nope', '@deprecated', '@defer', '@stream', '@stream(initialCount: -1)', '@specifiedBy(url: "x")', '@oneOf', '@__proto__', '@constructor(a: 1)']
const field = fc.constantFrom(...FIELDS)
const type = fc.constantFrom(...TYPES)
const directive = fc.constantFrom(...DIRECTIVES)

/** A value as it stands in a document. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(' ')}]`
  if (typeof value === 'object' && value !== null) return `{${Object.entries(value).map(([name, inner]) => `${/^\w+$/.test(name) ? name : 'x'}: ${literal(inner)}`).join(' ')}}`
  if (typeof value !== 'string') return String(value)
  const [, raw] = /^@raw:(.+)@$/.exec(value) ?? []
  if (raw !== undefined) return raw
  return /^[A-Z][A-Z_]+$/.test(value) ? value : JSON.stringify(value)
}

const LITERALS = ['"\\u0000"', '"\\uD800"', '"\\u{110000}"', '"\\u{D800}"', '"\\x"', '"', '"""', '"""\u0000"""', '1e999', '-', '00', '0x1', '1.', '99999999999999999999', '$x', '$', '{', '[', 'null', 'NaN', 'true', '{__proto__: {a: 1}}', '{a: 1, a: 2}', "'x'", '…', '"\u0007"', '#']
const written = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...LITERALS) }, { weight: 3, arbitrary: anything.map(literal) }, { weight: 1, arbitrary: hostileText })

const ARGUMENTS: readonly ((value: string) => string)[] = [
  (value) => `{ pet(id: ${value}) { id name } }`,
  (value) => `{ recommendations(petId: ${value}) { petId } }`,
  (value) => `{ recommendations(petId: "@pet0@", conditions: ${value}) { runId message(locale: KO) } }`,
  (value) => `{ recommendations(petId: "@pet0@", conditions: {minDailyAmountG: ${value}, emphasizedConcerns: ${value}}) { runId } }`,
  (value) => `{ recommendations(petId: "@pet0@", forceRefresh: ${value}) { runId } }`,
  (value) => `{ recommendations(petId: "@pet1@") { message(locale: ${value}) items { matchReasons(locale: ${value}) { message } } } }`,
  (value) => `{ recommendationHistory(petId: "@pet0@", first: 2, after: ${value}) { edges { cursor } } }`,
  (value) => `{ recommendationHistory(petId: "@pet0@", first: ${value}) { edges { cursor } pageInfo { endCursor } } }`,
  (value) => `{ productMatchScore(productId: ${value}, petId: "@pet0@") { matchScore } }`,
  (value) => `{ productMatchScore(productId: "@product0@", petId: ${value}) { matchScore } }`,
  (value) => `{ cacheEntry(petId: ${value}) { petId } }`,
  (value) => `mutation { createPet(input: ${value}) { pet { id } } }`,
  (value) => `mutation { createPet(input: {name: ${value}, species: DOG, weightKg: 5, approxAgeMonths: 9}) { pet { id name } } }`,
  (value) => `mutation { updatePet(input: {petId: "@pet0@", photoUrl: ${value}}) { pet { photoUrl } } }`,
  (value) => `mutation { updatePet(input: {petId: "@pet0@", otherAllergies: ${value}}) { pet { otherAllergies recommendations { items { rank } } } } }`,
  (value) => `mutation { updatePet(input: {petId: "@pet0@", weightKg: ${value}}) { pet { weightKg } } }`,
  (value) => `mutation { updatePet(input: {petId: "@pet0@", birthdate: ${value}}) { pet { ageStage } } }`,
  (value) => `mutation { updatePet(input: {petId: "@pet0@", breedCode: ${value}}) { pet { breedCode } } }`,
  (value) => `mutation { updateRecommendationPreferences(input: {softAvoidIngredients: ${value}}) { preferences { softAvoidIngredients } } }`,
  (value) => `mutation { updateRecommendationPreferences(input: {maxPricePerKg: ${value}}) { preferences { maxPricePerKg } } }`,
  (value) => `mutation { generateExplanations(petId: "@pet1@", locale: ${value}) { recommendations { items { expertExplanation(locale: ${value}) { text } } } } }`,
  (value) => `mutation { setPrimaryPet(petId: ${value}) { pet { id } } }`,
  (value) => `query ($v: String = ${value}) { recommendationHistory(petId: "@pet0@", after: $v) { edges { cursor } } }`,
]

const deep = count(800).map((n) => `{ viewer { pets ${'{ recommendations { pet '.repeat(n)}{ id }${' } }'.repeat(n)} } }`)
const unclosed = count(900).map((n) => '{ viewer '.repeat(n))
const nestedLists = count(900).map((n) => `{ pet(id: ${'['.repeat(n)}${']'.repeat(n)}) { id } }`)
const wide = fc.tuple(count(900), field).map(([n, name]) => `{ ${times(n, () => name)} }`)
const aliased = fc.tuple(count(300), field).map(([n, name]) => `{ ${times(n, (i) => `a${i}: ${name}`)} }`)
const conflicting = count(150).map((n) => `{ viewer { ${times(n, (i) => `pets { x: ${i % 2 ? 'id' : 'name'} recommendations { y: ${i % 2 ? 'runId' : 'petId'} } }`)} } }`)
const cycle = count(60).map((n) => `{ ...F0 } ${times(n, (i) => `fragment F${i} on Query { ...F${(i + 1) % n} }`)}`)
const doubling = count(60).map((n) => `{ ...F0 } ${times(n, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F${n} on Query { viewer { id } }`)
const directives = fc.tuple(count(200), directive).map(([n, one]) => `{ viewer ${times(n, () => one)} { id ${one} } }`)
const guessing = fc.tuple(field, field, fc.oneof(field, hostileText), type).map(([a, b, c, d]) => `query ($x: ${d}) { ${a} { ${b}(x: $x, ${c}: 1) { ... on ${d} { ${c} } } } }`)
const operations = count(40).map((n) => times(n, (i) => `query Q${i} { viewer { id } }`))
const variables = fc.tuple(count(200), type).map(([n, one]) => `query (${times(n, (i) => `$v${i}: ${one}`)}) { viewer { id } }`)
const otherKinds = fc.constantFrom(
  'subscription { viewer { id } }', 'subscription S { x }', 'type T { a: Int }', 'extend schema { query: T }', 'schema { query: Q }', 'fragment F on Query { viewer { id } }', 'scalar S { viewer { id } }', 'directive @d on FIELD query { viewer { id } }',
  '{ __schema { types { name fields { name } } } }', '{ __type(name: "Pet") { fields { name } } }', 'query { ... on Query { __schema { directives { name } } } }', '{ _service { sdl } }', '{ _entities(representations: []) { __typename } }',
  '', ' ', '#', '#'.repeat(3_000), ','.repeat(3_000), '\ufeff{ viewer { id } }', '{ viewer { id } }\u0000', '\u0000', '{}', '{ }', 'query', 'mutation { viewer { id } }', '{ viewer { id } } { viewer { id } }', 'query A { viewer { id } } query A { viewer { id } }', 'x'.repeat(19_000), '{ viewer { id } }'.padEnd(21_000),
)
const argued = fc.tuple(fc.constantFrom(...ARGUMENTS), written).map(([ask, value]) => ask(value))

/** A text of the app with some of its words replaced, doubled or left out. */
const edited = fc
  .tuple(fc.constantFrom(...OPERATIONS), fc.array(fc.tuple(fc.nat(400), fc.constantFrom('drop', 'double', 'swap'), fc.oneof(field, type, directive, written)), { minLength: 1, maxLength: 4 }))
  .map(([{ text }, edits]) => {
    const words = text.match(/\w+|\s+|[^\w\s]/g) ?? []
    for (const [at, how, word] of edits) {
      const place = at % words.length
      if (how === 'drop') words.splice(place, 1)
      else if (how === 'double') words.splice(place, 0, words[place] ?? '')
      else words[place] = word
    }
    return words.join('')
  })

const words = fc.array(fc.oneof(field, type, directive, written, fc.constantFrom('{', '}', '(', ')', '[', ']', ':', '!', '...', 'on', 'fragment', 'query', 'mutation', '$', '=', '|', '&', '@', '\u0000')), { maxLength: 40 }).map((all) => all.join(' '))

export const hostileDocument: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: argued },
  { weight: 6, arbitrary: edited },
  { weight: 2, arbitrary: fc.oneof(deep, unclosed, nestedLists, wide, aliased, conflicting) },
  { weight: 2, arbitrary: fc.oneof(cycle, doubling, directives, operations, variables) },
  { weight: 2, arbitrary: fc.oneof(guessing, words) },
  { weight: 1, arbitrary: fc.oneof(otherKinds, hostileValue) },
)
