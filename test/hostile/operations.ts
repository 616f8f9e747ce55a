import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { buildSchema, isInputType, isNonNullType, Kind, parse, typeFromAST, type GraphQLInputType, type OperationDefinitionNode } from 'graphql'
import { valueOf, type Mix } from './values.ts'

const read = (path: string) => readFileSync(new URL(`../../schema/${path}`, import.meta.url), 'utf8')

export const schema = buildSchema(read('schema.graphql'))

export type NamedOperation = { id: string; name: string; text: string; isForAdmins: boolean; rootField: string; variables: readonly { name: string; type: GraphQLInputType }[] }

const FOR_ADMINS = ['CacheEntry', 'CacheStats', 'ClearAllRecommendationCaches', 'UpdateProduct']

/** Every operation of schema/operations, as clients send it. */
export const OPERATIONS: readonly NamedOperation[] = Object.entries<string>(JSON.parse(read('generated/persisted-documents.json'))).map(([id, text]) => {
  const [definition] = parse(text).definitions.filter((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION)
  const [selection] = definition?.selectionSet.selections ?? []
  if (definition?.name === undefined || selection?.kind !== Kind.FIELD) throw new Error(`no named operation: ${text}`)
  const name = definition.name.value
  const variables = (definition.variableDefinitions ?? []).map(({ variable, type }) => {
    const known = typeFromAST(schema, type)
    if (!isInputType(known)) throw new Error(`no type of the schema: ${variable.name.value}`)
    return { name: variable.name.value, type: known }
  })
  return { id, name, text, isForAdmins: FOR_ADMINS.includes(name), rootField: selection.name.value, variables }
})

/** Few of them change nothing else than what was asked for, so that data lasts: the others are asked less often. */
const WEIGHTS: Readonly<Record<string, number>> = { DeletePet: 2, ClearAllRecommendationCaches: 2, UpdateProduct: 8, CreatePet: 8, UpdatePet: 12, UpdatePreferences: 10, Recommendations: 10, RecommendationHistory: 10 }

export type Asked = { operation: NamedOperation; variables: unknown }

const variablesOf = ({ variables }: NamedOperation, mix: Mix): fc.Arbitrary<object> =>
  fc.record(Object.fromEntries(variables.map(({ name, type }) => [name, valueOf(type, name, mix)])), { requiredKeys: variables.filter(({ type }) => isNonNullType(type)).map(({ name }) => name) })

/** Every operation with values for its variables. */
export const askedOperation = (mix: Mix): fc.Arbitrary<Asked> =>
  fc.oneof(
    ...OPERATIONS.map((operation) => ({
      weight: WEIGHTS[operation.name] ?? 4,
      arbitrary: variablesOf(operation, mix).map((variables) => ({ operation, variables })),
    })),
  )
