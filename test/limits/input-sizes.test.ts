import { getNamedType, getNullableType, isEnumType, isInputObjectType, isListType, isNonNullType, isScalarType, type GraphQLArgument, type GraphQLInputField, type GraphQLInputType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildSchema } from '../../src/graphql/schema.ts'
import { DEMO_ADMIN_ID } from '../../src/demo/users.ts'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'

let stage: Stage
let admin: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  admin = await bearer(DEMO_ADMIN_ID, true)
})
afterAll(() => stage.close())

const schema = buildSchema()
const UUID = '7e2b9c40-51d8-4f0a-8b36-000000000000'
const LONG = 'x'.repeat(20_001)
const MANY = 501

/** The smallest value of a type that the schema lets through. */
function least(type: GraphQLInputType): unknown {
  const inner = getNullableType(type)
  if (isListType(inner)) return []
  if (isEnumType(inner)) return inner.getValues()[0]?.name
  if (isInputObjectType(inner)) return leastOf(Object.values(inner.getFields()))
  return { ID: UUID, Int: 1, Float: 1, Boolean: false, Date: '2024-01-01' }[inner.name] ?? 'x'
}
const leastOf = (fields: readonly (GraphQLInputField | GraphQLArgument)[]) =>
  Object.fromEntries(fields.filter(({ type }) => isNonNullType(type)).map(({ name, type }) => [name, least(type)]))

/** Every place below `fields` that takes a text or a list, with a value for it that is far too large. */
function places(fields: readonly (GraphQLInputField | GraphQLArgument)[]): { path: string[]; value: unknown }[] {
  return fields.flatMap(({ name, type }) => {
    const inner = getNullableType(type)
    if (isInputObjectType(inner)) return places(Object.values(inner.getFields())).map(({ path, value }) => ({ path: [name, ...path], value }))
    if (isListType(inner)) {
      const one = least(inner.ofType)
      const long = isScalarType(getNamedType(inner)) ? [{ path: [name], value: [LONG] }] : []
      return [{ path: [name], value: Array.from({ length: MANY }, () => one) }, ...long]
    }
    return isScalarType(inner) && ['ID', 'String', 'Date', 'DateTime'].includes(inner.name) ? [{ path: [name], value: LONG }] : []
  })
}

function withValue(base: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  const object = typeof base === 'object' && base !== null ? base : {}
  return { ...object, [name]: withValue(Reflect.get(object, name), rest, value) }
}

const roots = { query: schema.getQueryType(), mutation: schema.getMutationType() }
const TOO_LARGE = Object.entries(roots).flatMap(([kind, root]) =>
  Object.values(root?.getFields() ?? {}).flatMap((field) =>
    places(field.args).map(({ path, value }) => ({ kind, field, path, value, name: `${field.name}(${path.join('.')}: ${Array.isArray(value) ? `${value.length} entries` : 'a long text'})` })),
  ),
)

test('the schema takes texts and lists in many places', () => {
  expect(TOO_LARGE.length).toBeGreaterThan(25)
})

test.each(TOO_LARGE)('$name is refused by that field', async ({ kind, field, path, value }) => {
  const parameters = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ')
  const handed = field.args.map(({ name }) => `${name}: $${name}`).join(', ')
  const selection = isScalarType(getNamedType(field.type)) ? '' : '{ __typename }'
  const variables = withValue(leastOf(field.args), path, value)
  const { errors } = await stage.gateway.askText(`${kind} (${parameters}) { ${field.name}(${handed}) ${selection} }`, Object(variables), admin)
  expect(errors?.[0]?.extensions.code, JSON.stringify(errors)?.slice(0, 500)).toBe('BAD_USER_INPUT')
  const refused = errors?.flatMap(({ extensions }) => extensions.fields ?? []).map((one) => one.path) ?? []
  expect(refused.map((one) => one.replace(/[.[]0\]?$/, ''))).toContain(path.join('.'))
})
