import { GraphQLError, type GraphQLErrorExtensions } from 'graphql'
import type { FieldProblem } from '../graphql/errors.ts'

/** What of a refusal is shown; characters, and how many. */
const SHOWN = { errors: 10, message: 500, path: 100, places: 4, fields: 20 }

/**
 * GraphQL repeats in its messages what it was sent, once for everything that is wrong with it, and may find a hundred things
 * wrong: a few hundred bytes would be refused in megabytes. Of a refusal the first errors are shown, and of each message its
 * beginning. Beside data every error stays: each says why something of it is null.
 */
export function shortErrors(errors: readonly GraphQLError[], { besideData }: { besideData: boolean }): GraphQLError[] {
  return (besideData ? errors : errors.slice(0, SHOWN.errors)).map(shortError)
}

function shortError(error: GraphQLError): GraphQLError {
  const { message, nodes, source, positions, path, extensions } = error
  const isShort = message.length <= SHOWN.message && (nodes?.length ?? 0) <= SHOWN.places && fieldsOf(extensions).length <= SHOWN.fields
  if (isShort) return error
  return new GraphQLError(cut(message, SHOWN.message), {
    nodes: nodes?.slice(0, SHOWN.places),
    source,
    positions: positions?.slice(0, SHOWN.places),
    path,
    extensions: 'fields' in extensions ? { ...extensions, fields: fieldsOf(extensions).slice(0, SHOWN.fields).map(shortField) } : extensions,
  })
}

/** Of our own making, in errors.ts. */
const fieldsOf = ({ fields }: GraphQLErrorExtensions): readonly FieldProblem[] => (Array.isArray(fields) ? fields : [])

const shortField = ({ path, message }: FieldProblem): FieldProblem => ({ path: cut(path, SHOWN.path), message: cut(message, SHOWN.message) })

/** Not in the middle of a character of two units. */
const cut = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`)
