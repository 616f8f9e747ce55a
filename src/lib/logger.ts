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
    redact: ['authorization', 'token', 'deviceUid', 'headers', '*.authorization', '*.token', '*.deviceUid', '*.headers'],
  })
}
