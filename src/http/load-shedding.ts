import { overloaded } from '../graphql/errors.ts'
import { problemAnswer } from './answer.ts'
import type { Ask } from './graphql-endpoint.ts'

/** Milliseconds. */
const RETRY_AFTER_MS = 1_000

/**
 * Works on `most` requests at once and turns the rest away before anything is parsed of them. A process that takes in more
 * than it can answer answers nobody in time. A request takes its place when its body is there: while it is on its way it
 * keeps nobody busy, and whoever sends slowly would else keep everybody out. Zero: no limit.
 */
export function createLoadShedding({ answer, most, onRefused }: {
  answer: Ask
  most: number
  onRefused: () => void
}): Ask {
  if (most === 0) return answer
  let inFlight = 0
  return (asked) => {
    if (inFlight >= most) {
      onRefused()
      return problemAnswer(503, overloaded(RETRY_AFTER_MS))
    }
    inFlight++
    asked.whenOver(() => inFlight--)
    return answer(asked)
  }
}
