import { pino, type Logger } from 'pino'
import { describeForLog } from '../../src/lib/logger.ts'

export type LoggedLine = { msg: string } & Record<string, unknown>

/** A logger that keeps its lines, oldest first, and prints none. */
export function recordLog(level: 'warn' | 'info' | 'debug' = 'warn'): { logger: Logger; lines: readonly LoggedLine[] } {
  const lines: LoggedLine[] = []
  const write = (line: string) => void lines.push(JSON.parse(line))
  return { logger: pino({ level, base: null, serializers: { err: describeForLog } }, { write }), lines }
}
