import { GraphQLError, type GraphQLErrorExtensions } from 'graphql'
import { isPostgresUnavailable } from '../db/errors.ts'
import { OverloadedError } from '../lib/overloaded.ts'

/** The codes that clients rely on; `extensions.code` is always one of them. */
export const ERROR_CODES = [
  'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

export type FieldProblem = { path: string; message: string }

const problem = (code: ErrorCode, message: string, more: GraphQLErrorExtensions = {}) =>
  new GraphQLError(message, { extensions: { code, ...more } })

export const unauthenticated = () => problem('UNAUTHENTICATED', 'Sign in to ask this.')
/** Something was sent to sign in with, and it is wrong: the whole request is refused, with HTTP 401. */
export const signInRefused = (message: string) => problem('UNAUTHENTICATED', message, { http: { status: 401 } })
/** The token is still valid, but its user was deleted and is not entered again. */
export const userWasDeleted = () => problem('UNAUTHENTICATED', 'This user was deleted. Sign in again.')
export const forbidden = () => problem('FORBIDDEN', 'Only admins may ask this.')
export const notFound = (what: string) => problem('NOT_FOUND', `There is no such ${what}.`)
export const conflict = (message: string) => problem('CONFLICT', message)
/** `retryAfterMs` goes along in seconds, in the extensions and as the header Retry-After. */
export const rateLimited = (what: string, retryAfterMs: number) => problem('RATE_LIMITED', ...later(what, retryAfterMs))
/** The whole request is refused, with HTTP 429. */
export const requestRateLimited = (what: string, retryAfterMs: number) => problem('RATE_LIMITED', ...later(what, retryAfterMs, 429))
export const unavailable = () => problem('SERVICE_UNAVAILABLE', 'The answer cannot be given right now. Try again shortly.')
/** There is more to do than can be done; it is worth asking again after `retryAfterMs`. */
export const overloaded = (retryAfterMs: number) => problem('SERVICE_UNAVAILABLE', ...later('Too much is asked for right now.', retryAfterMs))
/** What was asked was overtaken by other changes, again and again. */
export const keepsChanging = () => problem('SERVICE_UNAVAILABLE', 'The pet or its foods keep changing. Try again shortly.')
export const internal = (requestId: string) => problem('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.', { requestId })

/** Names every field that is wrong, and why. `http` is for what makes the whole request wrong. */
export const badInput = (fields: readonly FieldProblem[], http?: { status: number }) =>
  problem('BAD_USER_INPUT', fields.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '), {
    fields,
    ...(http === undefined ? {} : { http }),
  })
/** The message is what Apollo's clients look for before they send the text along; older ones want it with HTTP 200. */
export const documentNotFound = () => problem('BAD_USER_INPUT', 'PersistedQueryNotFound', { http: { status: 400, spec: true } })
/** A browser sent it for a page that may not have asked. */
export const crossSite = (message: string) => problem('FORBIDDEN', message, { http: { status: 403 } })

export function hasKnownCode(error: GraphQLError): boolean {
  return ERROR_CODES.some((code) => code === error.extensions['code'])
}

function later(what: string, retryAfterMs: number, status?: number): [string, GraphQLErrorExtensions] {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  const http = { headers: { 'retry-after': String(retryAfterSeconds) }, ...(status === undefined ? {} : { status }) }
  return [`${what} Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds, http }]
}

/** The code that a client is told of what a resolver threw. */
export function codeOf(error: unknown): ErrorCode {
  if (error instanceof GraphQLError) return ERROR_CODES.find((code) => code === error.extensions['code']) ?? 'INTERNAL_SERVER_ERROR'
  return error instanceof OverloadedError || isPostgresUnavailable(error) ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR'
}
