/** Thrown in place of work for which there is no room now: nothing of it was begun. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError'
  /** Milliseconds. */
  readonly retryAfterMs: number
  constructor(what: string, retryAfterMs: number) {
    super(`${what}: no room`)
    this.retryAfterMs = retryAfterMs
  }
}
