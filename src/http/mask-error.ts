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
    const visible = hasKnownCode(cause) ? cause : badRequest(cause)
    return error instanceof GraphQLError ? relocated(visible, error) : visible
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

/** GraphQL names a wrong variable in words: `... got invalid value "X" at "input.foodAllergies[0]"; ...`. */
const PLACE = /at "([^"]+)"/
const VARIABLE = /Variable "\$(\w+)"/

function badRequest(error: GraphQLError): GraphQLError {
  const place = PLACE.exec(error.message)?.[1] ?? VARIABLE.exec(error.message)?.[1]
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
