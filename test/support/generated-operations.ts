import fc from 'fast-check'
import { getNamedType, isEnumType, isNonNullType, isObjectType, type GraphQLArgument, type GraphQLObjectType, type GraphQLSchema } from 'graphql'

/** Texts of values for arguments by name; what is not here and may be left out is, but for enums. */
export type ArgumentValues = Readonly<Record<string, readonly string[]>>

const DECORATIONS = ['', '', '', ' @include(if: true)', ' @skip(if: true)']

/**
 * Queries over a schema, as wide and deep as told: fields, aliases, arguments, inline fragments and directives. `skip`:
 * fields that are never asked for, as `Type.field`.
 */
export function generatedOperations(schema: GraphQLSchema, options: GeneratedOptions): fc.Arbitrary<string> {
  return generatedSelections(schema, 'Query', options)
}

type GeneratedOptions = {
  values: ArgumentValues
  skip: readonly string[]
  depth: number
  width: number
  decorations?: readonly string[]
}

/** The same, asked of an object type. */
export function generatedSelections(schema: GraphQLSchema, typeName: string, { values, skip, depth, width, decorations = DECORATIONS }: GeneratedOptions): fc.Arbitrary<string> {
  const root = schema.getType(typeName)
  if (!isObjectType(root)) throw new Error(`there is no object type ${typeName}`)

  const argument = ({ name, type }: GraphQLArgument): fc.Arbitrary<string> => {
    const named = getNamedType(type)
    const texts = values[name] ?? (isEnumType(named) ? named.getValues().map((one) => one.name) : undefined)
    if (texts === undefined) {
      if (isNonNullType(type)) throw new Error(`no value for the argument ${name}`)
      return fc.constant('')
    }
    const given = fc.constantFrom(...texts).map((text) => `${name}: ${text}`)
    return isNonNullType(type) ? given : fc.oneof({ weight: 2, arbitrary: fc.constant('') }, { weight: 1, arbitrary: given })
  }

  const selection = (type: GraphQLObjectType, left: number): fc.Arbitrary<string> => {
    const fields = Object.values(type.getFields()).filter(
      (one) => !skip.includes(`${type.name}.${one.name}`) && (left > 1 || !isObjectType(getNamedType(one.type))),
    )
    if (fields.length === 0) return fc.constant('{ __typename }')
    const one = fc.constantFrom(...fields).chain((field) => {
      const below = getNamedType(field.type)
      const inner = isObjectType(below) ? selection(below, left - 1) : fc.constant('')
      const decoration = fc.constantFrom(...decorations)
      return fc.tuple(fc.nat(99), fc.tuple(...field.args.map(argument)), decoration, inner).map(([alias, args, directive, below]) => {
        const given = args.filter((text) => text !== '')
        return `f${alias}_${field.name}: ${field.name}${given.length === 0 ? '' : `(${given.join(', ')})`}${directive} ${below}`
      })
    })
    const wrapped = fc.tuple(one, fc.constantFrom(false, false, true)).map(([text, inFragment]) => (inFragment ? `... on ${type.name} { ${text} }` : text))
    // Two fields under one alias would have to be the same field with the same arguments.
    return fc.uniqueArray(wrapped, { minLength: 1, maxLength: width, selector: (text) => /f\d+_\w+/.exec(text)?.[0] }).map((texts) => `{ __typename ${texts.join(' ')} }`)
  }
  return selection(root, depth)
}
