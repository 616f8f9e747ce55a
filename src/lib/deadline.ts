/** Thrown when a call did not settle in time. The call itself may still be running: what it does later is ignored. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
  constructor(what: string, ms: number) {
    super(`${what} took longer than ${ms} ms`)
  }
}

/**
 * The result of `work`, or DeadlineError after `ms`. Client libraries have time-outs, but a promise of theirs can stay
 * unsettled for ever (a reconnect at the wrong moment, no free connection), so every call to another process goes
 * through here.
 *
 * Timers run before anything is read from a socket. Where this process was too busy to read, the answer may have lain
 * there all the time, and blaming the other one would open a circuit for nothing: what has arrived is read first.
 */
export function withDeadline<T>(what: string, ms: number, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(new DeadlineError(what, ms))), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
