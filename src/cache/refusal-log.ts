import type { Logger } from '../lib/logger.ts'

/**
 * Why servers that answer are not used. A server is asked again and again; each reason is logged once, until the server
 * was accepted or is refused for another reason.
 */
export type RefusalLog = {
  refused(server: string, message: string, fields: Readonly<Record<string, unknown>>): void
  accepted(server: string): void
  /** Whether any server is refused now. */
  isAny(): boolean
}

export function createRefusalLog(logger: Logger): RefusalLog {
  const logged = new Map<string, string>()
  return {
    refused: (server, message, fields) => {
      const line = JSON.stringify([message, fields])
      if (logged.get(server) === line) return
      logged.set(server, line)
      logger.warn(fields, message)
    },
    accepted: (server) => void logged.delete(server),
    isAny: () => logged.size > 0,
  }
}
