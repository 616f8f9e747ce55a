import { GraphQLError, Kind } from 'graphql'
import { isPostgresUnavailable } from '../db/errors.ts'
import { badInput, hasKnownCode, internal, overloaded, unavailable } from '../graphql/errors.ts'
import type { Logger } from '../lib/logger.ts'
import { OverloadedError } from '../lib/overloaded.ts'

/** `thrownBy`: where `us`, nothing unknown can be GraphQL's word on the request. */
export type MaskError = (error: unknown, requestId: string, thrownBy?: 'GraphQL' | 'us') => GraphQLError

/**
 * What a client may see of an error. Ours pass; what GraphQL itself says of a bad request becomes BAD_USER_INPUT; a
 * store that is away becomes SERVICE_UNAVAILABLE; everything else is masked, and its id finds it in the log.
 */
export function createMaskError({ logger, suggestions }: {
  logger: Logger
  /** Whether a client is told the names nearest to a wrong one. */
  suggestions: boolean
}): MaskError {
  return (error, requestId, thrownBy = 'GraphQL') => {
    const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error
    if (cause instanceof GraphQLError) {
      // Of a wrong variable only the outer error says where in the variable it is wrong.
      const whole = error instanceof GraphQLError ? error : cause
      if (hasKnownCode(cause)) return relocated(cause, whole)
      if (thrownBy === 'GraphQL' && isAboutRequest(cause, whole)) return badRequest(whole, suggestions)
    }
    if (cause instanceof OverloadedError) return at(overloaded(cause.retryAfterMs), error)
    const isAway = isPostgresUnavailable(cause)
    logger[isAway ? 'warn' : 'error']({ err: cause, requestId }, isAway ? 'postgres unavailable' : 'unexpected error')
    return at(isAway ? unavailable() : internal(requestId), error)
  }
}

/**
 * GraphQL's own errors are about the request until execution begins. From then on, which `path` shows, only those about
 * an argument are: they point at its value. The others tell what a resolver gave, in its own words.
 */
function isAboutRequest(cause: GraphQLError, { path }: GraphQLError): boolean {
  return path === undefined || cause.nodes?.some(({ kind }) => kind !== Kind.FIELD) === true
}

const at = (visible: GraphQLError, error: unknown) => (error instanceof GraphQLError ? relocated(visible, error) : visible)

/** The visible error at the place where it happened. */
function relocated(visible: GraphQLError, { nodes, source, positions, path }: GraphQLError): GraphQLError {
  return new GraphQLError(visible.message, { nodes, source, positions, path, extensions: visible.extensions })
}

/** Yoga's executor names a wrong variable in words: `Variable "$input" got invalid value "X" at "input.foodAllergies[0]"; ...`. */
const VARIABLE = /^Variable "\$(\w+)"/
const PLACE_INSIDE = / at "([^"]+)";/

/** Suggestions end what GraphQL says. Whatever else a client made the message hold after these words goes with them. */
const SUGGESTION = / ?Did you mean [^]*$/

function badRequest(error: GraphQLError, suggestions: boolean): GraphQLError {
  const message = suggestions ? error.message : error.message.replace(SUGGESTION, '')
  const place = PLACE_INSIDE.exec(message)?.[1] ?? VARIABLE.exec(message)?.[1]
  const [where] = error.locations ?? []
  const path = place ?? (where === undefined ? '' : `${where.line}:${where.column}`)
  const { extensions } = badInput([{ path, message }])
  const { http } = error.extensions
  return new GraphQLError(message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions: { ...extensions, ...(http === undefined ? {} : { http }) },
  })
}
