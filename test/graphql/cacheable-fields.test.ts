import { buildASTSchema, extendSchema, isObjectType, parse, printSchema, type GraphQLSchema } from 'graphql'
import { expect, test } from 'vitest'
import { FIELD_DECISIONS } from '../../src/graphql/cacheable-fields.ts'
import { createIsCovered } from '../../src/graphql/covered-fields.ts'
import { buildSchema } from '../../src/graphql/schema.ts'

/** As `Type.field`, and for a cacheable one with its arguments. */
function fieldsOf(schema: GraphQLSchema): string[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'))
  return types.flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).map((field) => [type.name, field] as const) : [])).map(([type, { name, args }]) => {
    const isCacheable = FIELD_DECISIONS[type]?.cacheable !== undefined && Object.hasOwn(FIELD_DECISIONS[type].cacheable, name)
    return isCacheable ? named(type, name, args.map((one) => one.name)) : `${type}.${name}`
  })
}

const named = (type: string, field: string, args: readonly string[]) => `${type}.${field}(${args.toSorted().join(' ')})`

const decided = Object.entries(FIELD_DECISIONS).flatMap(([type, { cacheable = {}, executed = [] }]) => [
  ...Object.entries(cacheable).map(([field, args]) => named(type, field, args)),
  ...executed.map((field) => `${type}.${field}`),
])

test('of every field of the schema it is decided, once, whether it is cacheable, and with which arguments', () => {
  expect(decided.toSorted()).toEqual(fieldsOf(buildSchema()).toSorted())
})

test.each([
  ['a field', 'extend type Product { stock: Int }', '{ recommendations(petId: "p") { items { product { id stock } } } }', '{ recommendations(petId: "p") { items { product { id } } } }'],
  ['a field of the pet', 'extend type Pet { walksToday: Int }', '{ pet(id: "p") { name walksToday } }', '{ pet(id: "p") { name } }'],
  ['a type', 'type Weather { sunny: Boolean } extend type Pet { weather: Weather }', '{ pet(id: "p") { weather { sunny } } }', '{ pet(id: "p") { id } }'],
  ['a field of the root', 'extend type Query { time: String }', '{ time }', '{ viewer { id } }'],
])('%s that somebody adds tomorrow is not cacheable until somebody decides so', (_what, addition, asks, doesNot) => {
  const isCovered = createIsCovered(extendSchema(buildASTSchema(parse(printSchema(buildSchema()))), parse(addition)))
  expect([isCovered(parse(asks)), isCovered(parse(doesNot))]).toEqual([false, true])
})

test('an argument that somebody adds tomorrow to a cacheable field makes it not cacheable', () => {
  const printed = printSchema(buildSchema())
  const text = printed.replace(/\n {2}pet\(/, '\n  pet(asOf: String, ')
  expect(text).not.toBe(printed)
  const isCovered = createIsCovered(buildASTSchema(parse(text)))
  expect(isCovered(parse('{ pet(id: "p", asOf: "2026") { id } }'))).toBe(false)
  expect(isCovered(parse('{ pet(id: "p") { id } }'))).toBe(true)
})
