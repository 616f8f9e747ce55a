import { setImmediate } from 'node:timers/promises'

export type Turns = ReturnType<typeof createTurns>

/** So many items between two looks at the clock. */
const ITEMS_A_LOOK = 16

/**
 * Long work on the event loop that leaves the loop to others. It is done in slices of about `sliceMs`, one slice in a turn
 * of the loop however many such works there are: they stand in one line, and each goes to its end after every slice. So
 * whoever waits for a socket waits for one slice, not for one of each.
 */
export function createTurns({ sliceMs, monotonicNow }: { sliceMs: number; monotonicNow: () => number }) {
  let line: Promise<unknown> = Promise.resolve()
  // An immediate that is asked for while immediates are run is run in the next turn, after sockets were read.
  const next = () => (line = line.then(() => setImmediate()))

  return {
    forEach: async <T>(items: readonly T[], work: (item: T) => void): Promise<void> => {
      let sliceEnds = -Infinity
      for (const [i, item] of items.entries()) {
        if (i % ITEMS_A_LOOK === 0 && monotonicNow() >= sliceEnds) {
          await next()
          sliceEnds = monotonicNow() + sliceMs
        }
        work(item)
      }
    },
  }
}
