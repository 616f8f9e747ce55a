import { GraphQLError } from 'graphql'
import { isPostgresUnavailable } from '../db/errors.ts'
import { badInput, hasKnownCode, internal, unavailable } from '../graphql/errors.ts'
import type { Logger } from '../lib/logger.ts'

/**
 * What a client may see of an error. Ours pass; what GraphQL itself says of a bad request becomes BAD_USER_INPUT; a
 * store that is away becomes SERVICE_UNAVAILABLE; everything else is masked, and its id finds it in the log.
 */
export function maskError(error: unknown, requestId: string, logger: Logger): GraphQLError {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error
  if (cause instanceof GraphQLError) {
    // Of a wrong variable only the outer error says where in the variable it is wrong.
    const whole = error instanceof GraphQLError ? error : cause
    return hasKnownCode(cause) ? relocated(cause, whole) : badRequest(whole)
  }
  const isAway = isPostgresUnavailable(cause)
  logger[isAway ? 'warn' : 'error']({ err: cause, requestId }, isAway ? 'postgres unavailable' : 'unexpected error')
  const visible = isAway ? unavailable() : internal(requestId)
  return error instanceof GraphQLError ? relocated(visible, error) : visible
}

/** The visible error at the place where it happened. */
function relocated(visible: GraphQLError, { nodes, source, positions, path }: GraphQLError): GraphQLError {
  return new GraphQLError(visible.message, { nodes, source, positions, path, extensions: visible.extensions })
}

/** Yoga's executor names a wrong variable in words: `Variable "$input" got invalid value "X" at "input.foodAllergies[0]"; ...`. */
const VARIABLE = /^Variable "\$(\w+)"/
const PLACE_INSIDE = / at "([^"]+)";/

function badRequest(error: GraphQLError): GraphQLError {
  const place = PLACE_INSIDE.exec(error.message)?.[1] ?? VARIABLE.exec(error.message)?.[1]
  const [where] = error.locations ?? []
  const path = place ?? (where === undefined ? '' : `${where.line}:${where.column}`)
  const { extensions } = badInput([{ path, message: error.message }])
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions: { ...error.extensions, ...extensions },
  })
}
