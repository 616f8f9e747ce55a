import fc from 'fast-check'
import { getNullableType, isInputObjectType, isListType, isNonNullType, isScalarType, type GraphQLInputType } from 'graphql'
import type { NamedOperation } from './operations.ts'
import { isRequired, RIGHT, valueOf } from './values.ts'

/** Where in the variables of an operation a text may stand. */
export type TextPlace = readonly string[]

const TEXTS = ['String', 'ID', 'Date', 'DateTime']

export function textsOf({ variables }: NamedOperation): TextPlace[] {
  return variables.flatMap(({ name, type }) => pathsIn(type).map((rest) => [name, ...rest]))
}

/** The ways to the texts in a type; `0` is the first entry of a list. */
function pathsIn(type: GraphQLInputType): string[][] {
  const inner = getNullableType(type)
  if (isListType(inner)) return pathsIn(inner.ofType).map((rest) => ['0', ...rest])
  if (isInputObjectType(inner)) return Object.values(inner.getFields()).flatMap((field) => pathsIn(field.type).map((rest) => [field.name, ...rest]))
  return isScalarType(inner) && TEXTS.includes(inner.name) ? [[]] : []
}

/** Variables that are right. */
export function leastOf({ variables }: NamedOperation): object {
  return Object.fromEntries(variables.filter(({ type }) => isNonNullType(type)).map(({ name, type }) => [name, least(type, name)]))
}

/** What is needed and nothing else, so that the text is what decides. */
function least(type: GraphQLInputType, name: string): unknown {
  const inner = getNullableType(type)
  if (!isInputObjectType(inner)) return fc.sample(valueOf(inner, name, RIGHT), { seed: 1, numRuns: 1 })[0]
  const fields = Object.values(inner.getFields()).filter((field) => isRequired(field) || (inner.name === 'CreatePetInput' && field.name === 'approxAgeMonths'))
  return Object.fromEntries(fields.map((field) => [field.name, least(field.type, field.name)]))
}

export function withValue(base: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  if (name === '0') return [withValue(undefined, rest, value)]
  const object = typeof base === 'object' && base !== null ? base : {}
  return { ...object, [name]: withValue(Reflect.get(object, name), rest, value) }
}
