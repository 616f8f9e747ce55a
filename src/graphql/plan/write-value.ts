import {
  GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString, getNullableType, isEnumType, isLeafType, isListType, isNonNullType, isObjectType,
  type GraphQLLeafType, type GraphQLObjectType, type GraphQLOutputType, type VariableValues,
} from 'graphql'
import type { GatewayContext } from '../context.ts'

/** Something is not as the plan has it. GraphQL is asked instead, and says what is wrong, if anything is. */
export class OffPlanError extends Error {
  override readonly name = 'OffPlanError'
}

/**
 * JSON, each byte of its UTF-8 as one character. A text that holds one character beyond Latin-1 takes two bytes for each,
 * and all that it is put into too: measured by hand, an answer of 43 kB becomes bytes in half of the time so.
 *
 * Throws, or rejects with, whatever kept it from being written.
 */
export type Written = string | Promise<string>

/** One execution. `args`: of the fields whose arguments hold variables, by the field's number. `bytes`: see item-texts.ts. */
export type Execution = { context: GatewayContext; variables: VariableValues; args: (Record<string, unknown> | undefined)[]; bytes: Buffer[] }

export type Source = Readonly<Record<string, unknown>>
export type WriteValue = (value: unknown, execution: Execution) => Written
export type WriteFields = (source: Source, execution: Execution) => Written
/** Undefined: not for a plan. */
export type FieldsOf = (type: GraphQLObjectType) => WriteFields | undefined

/** How a value of this type is written. Undefined where its fields are not for a plan, or more than its declared type is needed to know its type. */
export function createWriteValue(type: GraphQLOutputType, fieldsOf: FieldsOf): WriteValue | undefined {
  const write = createWritePresent(getNullableType(type), fieldsOf)
  if (write === undefined) return undefined
  if (!isNonNullType(type)) return (value, execution) => (value === null || value === undefined ? 'null' : write(value, execution))
  return (value, execution) => {
    if (value === null || value === undefined) throw new OffPlanError('null where there must be none')
    return write(value, execution)
  }
}

function createWritePresent(type: GraphQLOutputType, fieldsOf: FieldsOf): WriteValue | undefined {
  if (isLeafType(type)) return createWriteLeaf(type)
  if (isListType(type)) return createWriteList(type.ofType, fieldsOf)
  const writeFields = isObjectType(type) && type.isTypeOf == null ? fieldsOf(type) : undefined
  return (
    writeFields &&
    ((value, execution) => {
      if (!isSource(value) || 'then' in value) throw new OffPlanError('no object')
      return writeFields(value, execution)
    })
  )
}

const isSource = (value: unknown): value is Source => typeof value === 'object' && value !== null

function createWriteLeaf(type: GraphQLLeafType): WriteValue {
  const writePlain = createWritePlain(type)
  return (value) => {
    const plain = writePlain(value)
    if (plain !== undefined) return plain
    const text = JSON.stringify(type.coerceOutputValue(value))
    if (text === undefined || text === 'null') throw new OffPlanError('no value')
    return asBytes(text)
  }
}

/** Undefined where a value is not plainly what its type is made for. */
function createWritePlain(type: GraphQLLeafType): (value: unknown) => string | undefined {
  switch (type) {
    case GraphQLString:
    case GraphQLID:
      return (value) => (typeof value === 'string' ? writeString(value) : undefined)
    case GraphQLInt:
      return (value) => (typeof value === 'number' && (value | 0) === value ? `${value}` : undefined)
    case GraphQLFloat:
      return (value) => (typeof value === 'number' && Number.isFinite(value) ? `${value}` : undefined)
    case GraphQLBoolean:
      return (value) => (typeof value === 'boolean' ? `${value}` : undefined)
  }
  if (!isEnumType(type)) return () => undefined
  const names = new Map<unknown, string>(type.getValues().map(({ name, value }) => [value, `"${name}"`]))
  return (value) => names.get(value)
}

/** What stands in JSON, and in UTF-8, as it is. */
const AS_IT_IS = /^[ !#-[\]-~]*$/
const writeString = (value: string): string => (AS_IT_IS.test(value) ? `"${value}"` : asBytes(JSON.stringify(value)))

const BEYOND_ASCII = /[^\0-\x7f]/
const asBytes = (text: string): string => (BEYOND_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text)

function createWriteList(type: GraphQLOutputType, fieldsOf: FieldsOf): WriteValue | undefined {
  const write = createWriteValue(type, fieldsOf)
  if (write === undefined) return undefined
  return (value, execution) => {
    if (!Array.isArray(value)) throw new OffPlanError('no array')
    const items: readonly unknown[] = value
    let text = '['
    for (let i = 0; i < items.length; i++) {
      const piece = write(items[i], execution)
      // All begin before any of them is waited for: what they ask for travels together.
      if (typeof piece !== 'string') return joined(text, [piece, ...items.slice(i + 1).map((item) => write(item, execution))], ',', ']')
      text += i + 1 < items.length ? `${piece},` : piece
    }
    return `${text}]`
  }
}

export const joined = async (begun: string, pieces: readonly Written[], between: string, end: string): Promise<string> =>
  begun + (await Promise.all(pieces.map(async (piece) => piece))).join(between) + end

/**
 * A field that shows a property of its source as it is, where its value mostly is what its type is made for: half of all
 * fields are, and these need none of the calls above. `write`: for all other values.
 */
export function createWriteProperty(type: GraphQLOutputType, name: string, prefix: string, write: WriteFields): WriteFields {
  const plainType = getNullableType(type)
  if (!isLeafType(plainType)) return write
  const writePlain = createWritePlain(plainType)
  return (source, execution) => {
    const text = writePlain(source[name])
    return text === undefined ? write(source, execution) : prefix + text
  }
}
