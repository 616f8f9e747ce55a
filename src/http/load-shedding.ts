import { overloaded } from '../graphql/errors.ts'
import { problemAnswer, type Handler } from './answer.ts'

/** Milliseconds. */
const RETRY_AFTER_MS = 1_000

/**
 * Works on `most` requests at once and turns the rest away before anything is read of them. A process that takes in more
 * than it can answer answers nobody in time. Zero: no limit.
 */
export function createLoadShedding({ handler, most, onRefused }: { handler: Handler; most: number; onRefused: () => void }): Handler {
  if (most === 0) return handler
  let inFlight = 0
  return (request, record, whenOver) => {
    if (inFlight >= most) {
      onRefused()
      return problemAnswer(503, overloaded(RETRY_AFTER_MS))
    }
    inFlight++
    whenOver(() => inFlight--)
    return handler(request, record, whenOver)
  }
}
