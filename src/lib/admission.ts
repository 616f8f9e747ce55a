import { OverloadedError } from './overloaded.ts'

export type Admission = <T>(work: () => Promise<T>) => Promise<T>

/**
 * So much work at once; as much again may wait for a place as `queued` says, first come, first served, and nobody longer
 * than `waitMs`. Throws OverloadedError for the rest. A place is given on from hand to hand, so a newcomer never overtakes.
 */
export function createAdmission({ what, atOnce, queued, waitMs, retryAfterMs, onRefused }: {
  what: string
  atOnce: number
  queued: number
  waitMs: number
  retryAfterMs: number
  onRefused: () => void
}): Admission {
  let running = 0
  const waiting = new Set<() => void>()

  const takePlace = (): Promise<void> => {
    if (running < atOnce) {
      running++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const refuse = () => {
        onRefused()
        reject(new OverloadedError(what, retryAfterMs))
      }
      if (waiting.size >= queued) return refuse()
      const begin = () => {
        clearTimeout(timer)
        waiting.delete(begin)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.delete(begin)
        refuse()
      }, waitMs)
      waiting.add(begin)
    })
  }
  const leavePlace = () => {
    const [next] = waiting
    if (next === undefined) running--
    else next()
  }

  return async (work) => {
    await takePlace()
    try {
      return await work()
    } finally {
      leavePlace()
    }
  }
}
