import SchemaBuilder from '@pothos/core'
import { buildSchema, getNamedType, getNullableType, isListType, isNonNullType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql'
import type { Document } from './documents.ts'
import { typeDefs } from './sdl.ts'
import type { Context } from './serve-pothos.ts'

const SCALARS = { ID: 'ID', String: 'String', Int: 'Int', Float: 'Float', Boolean: 'Boolean' } as const
const isScalar = (name: string): name is keyof typeof SCALARS => name in SCALARS

/** What lies below a pet's recommendations, each a Pothos object of the same fields; enums and dates are strings, which costs less. */
export function buildPothosSchema(): GraphQLSchema {
  const types = typesBelow(buildSchema(typeDefs).getType('Recommendations'))
  const builder = new SchemaBuilder<{ Context: Context }>({})
  const refs = new Map([...types.keys()].map((name) => [name, builder.objectRef<Document>(name)]))
  const refOf = (name: string) => refs.get(name) ?? (isScalar(name) ? SCALARS[name] : 'String')
  for (const [name, type] of types) {
    refs.get(name)?.implement({
      fields: (t) =>
        Object.fromEntries(
          Object.values(type.getFields()).map((field) => {
            const ref = refOf(getNamedType(field.type).name)
            const resolve = (parent: Document) => parent[field.name] as never
            const nullable = !isNonNullType(field.type)
            return [field.name, isListType(getNullableType(field.type)) ? t.field({ type: [ref], nullable, resolve }) : t.field({ type: ref, nullable, resolve })]
          }),
        ),
    })
  }
  // The operation declares this variable; nobody sends it.
  const Conditions = builder.inputType('RecommendationConditionsInput', { fields: (t) => ({ maxPricePerKg: t.int() }) })
  builder.queryType({
    fields: (t) => ({
      recommendations: t.field({
        type: refOf('Recommendations'),
        nullable: true,
        args: { petId: t.arg.id({ required: true }), forceRefresh: t.arg.boolean({ defaultValue: false }), conditions: t.arg({ type: Conditions }) },
        resolve: (_root, { petId }, { documents }) => documents.load(petId) as never,
      }),
    }),
  })
  return builder.toSchema()
}

/** The type and every object type that one of its fields leads to. */
function typesBelow(root: unknown, found = new Map<string, GraphQLObjectType>()): Map<string, GraphQLObjectType> {
  if (!isObjectType(root) || found.has(root.name)) return found
  found.set(root.name, root)
  for (const { type } of Object.values(root.getFields())) typesBelow(getNamedType(type), found)
  return found
}
