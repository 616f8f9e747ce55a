/** Thrown when a call did not settle in time. The call itself may still be running: what it does later is ignored. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
  constructor(what: string, ms: number) {
    super(`${what} took longer than ${ms} ms`)
  }
}

/** Turns of the event loop in which what has arrived is read, before another process is called late. */
const TURNS = 4

/**
 * The result of `work`, or DeadlineError after `ms`. Client libraries have time-outs, but a promise of theirs can stay
 * unsettled for ever (a reconnect at the wrong moment, no free connection), so every call to another process goes
 * through here.
 *
 * Timers run before anything is read from a socket, and a question may be sent only at the end of a turn in which much else
 * was done. Where this process was that busy, the other one has had no time at all, and blaming it would open a circuit
 * for nothing. So the time is counted in parts, each from when it could begin: a process that is busy waits longer. After the
 * last one what has arrived is read once more.
 */
export function withDeadline<T>(what: string, ms: number, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let turns = 0
    const timer = setTimeout(() => {
      if (++turns < TURNS) timer.refresh()
      else setImmediate(() => reject(new DeadlineError(what, ms)))
    }, ms / TURNS)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
