import { DeadlineError, withDeadline } from '../lib/deadline.ts'
import { READ_ONLY_CODE } from './read-only.ts'

/** Milliseconds; above the server's own statement time-out, so that the server's word normally comes first. */
export const POSTGRES_DEADLINE_MS = 6_000

/** SQLSTATE classes and driver codes that say "Postgres cannot answer now", as opposed to "your statement is wrong". So does what is RETRYABLE, below. */
const UNAVAILABLE_CLASSES = ['08', '53', '57', '58']
const UNAVAILABLE_CODES = new Set([
  'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT',
  // A standby, or a primary that was told to take no writes: the Postgres that we need is not there.
  READ_ONLY_CODE,
])
/** Of the driver; and of a server that says so before it closes: it stops, it crashed, it was told to, a transaction idled. */
const CONNECTION_LOST = new Set(['CONNECTION_CLOSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', '57P01', '57P02', '57P03', '57P05', '25P03', '25P04'])
const UNIQUE_VIOLATION = '23505'
const INSUFFICIENT_PRIVILEGE = '42501'
/** What lock_timeout ends. */
const LOCK_NOT_AVAILABLE = '55P03'
/** Serialization failure, deadlock: the transaction was rolled back for another's sake and may be run again. */
const RETRYABLE = new Set(['40001', '40P01'])

/** Every statement and transaction goes through here; see `withDeadline`. */
export function bounded<T>(what: string, work: Promise<T>, deadlineMs: number = POSTGRES_DEADLINE_MS): Promise<T> {
  return withDeadline(`postgres ${what}`, deadlineMs, work)
}

export function isPostgresUnavailable(error: unknown): boolean {
  if (error instanceof DeadlineError) return true
  const code = postgresCode(error)
  return code !== undefined && (UNAVAILABLE_CODES.has(code) || RETRYABLE.has(code) || (code.length === 5 && UNAVAILABLE_CLASSES.includes(code.slice(0, 2))))
}

/** The connection has gone or is just going: nothing more can be asked of it. Postgres closes it behind whatever is FATAL. */
export function isConnectionLost(error: unknown): boolean {
  return isForAnotherConnection(error) || stringField(error, 'severity') === 'FATAL'
}

/**
 * It was this connection and not Postgres or the statement: another may do. None would with a wrong password, or where
 * there are too many, or where this Postgres is read-only.
 */
export function isForAnotherConnection(error: unknown): boolean {
  return CONNECTION_LOST.has(postgresCode(error) ?? '')
}

/** This Postgres takes no writes. */
export function isReadOnly(error: unknown): boolean {
  return postgresCode(error) === READ_ONLY_CODE
}

export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(postgresCode(error) ?? '')
}

/** A lock was waited for as long as lock_timeout allows. */
export function isLockTimeout(error: unknown): boolean {
  return postgresCode(error) === LOCK_NOT_AVAILABLE
}

/** The role lacks a right. */
export function isNotPermitted(error: unknown): boolean {
  return postgresCode(error) === INSUFFICIENT_PRIVILEGE
}

/** The name of the unique constraint or index that was violated. */
export function violatedUnique(error: unknown): string | undefined {
  if (postgresCode(error) !== UNIQUE_VIOLATION) return undefined
  return stringField(error, 'constraint_name') ?? ''
}

function postgresCode(error: unknown): string | undefined {
  return stringField(error, 'code')
}

/** Drizzle wraps what the driver throws, once, as `cause`. */
function stringField(error: unknown, name: string): string | undefined {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 3; depth++) {
    const value: unknown = Reflect.get(at, name)
    if (typeof value === 'string') return value
    at = Reflect.get(at, 'cause')
  }
  return undefined
}
