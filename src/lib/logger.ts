import { pino, type Logger } from 'pino'

export type { Logger }
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** JSON lines on stdout. What could name a person or let somebody in is cut out whatever the caller passes. */
export function createLogger(level: LogLevel): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeForLog },
    redact: ['authorization', 'token', 'deviceUid', 'headers', '*.authorization', '*.token', '*.deviceUid', '*.headers'],
  })
}

type LoggedError = { type: string; code?: string; message: string; stack: string[]; cause?: LoggedError }

const DEEPEST = 4

/**
 * Only what is named here, since libraries hang what they were doing on their errors: ioredis the command, which may be the
 * one that signs in; postgres.js the values of a row; drizzle, in its very message, a statement with all its values.
 */
export function describeForLog(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', stack: [] }
  const code: unknown = Reflect.get(error, 'code')
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: error.message.startsWith('Failed query') ? 'Failed query' : error.message,
    stack: (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).map((line) => line.trim()),
    ...(inner === undefined || depth === DEEPEST ? {} : { cause: describeForLog(inner, depth + 1) }),
  }
}
