import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll, type IBackoff } from 'cockatiel'

export type CircuitStateName = 'CLOSED' | 'OPEN' | 'HALF_OPEN'

/**
 * Says whether a server is worth asking. Ordinary work asks `isClosed` and reports what failed; it is never the probe
 * itself, so no client's request is spent on finding out. Only a check of the whole tier closes the circuit again.
 */
export type Circuit = {
  state(): CircuitStateName
  isClosed(): boolean
  /** Ordinary work failed. Its successes are not reported: they would hide that something else fails every time. */
  failed(cause: unknown): void
  /**
   * Run `check`. While the circuit is closed its failure counts like any other and its success forgets them all. While it
   * is open, `check` is run when the next probe is due and closes the circuit if it succeeds; before that, 'not-due'.
   */
  check(check: () => Promise<void>): Promise<'passed' | 'failed' | 'not-due'>
  /** There is reason to hope: the next probe is due now, and the waits begin anew. */
  hope(): void
  onChange(listener: (state: CircuitStateName, cause?: unknown) => void): void
}

const NAMES: Record<CircuitState, CircuitStateName> = {
  [CircuitState.Closed]: 'CLOSED',
  [CircuitState.Open]: 'OPEN',
  [CircuitState.Isolated]: 'OPEN',
  [CircuitState.HalfOpen]: 'HALF_OPEN',
}

const AT_ONCE: IBackoff<unknown> = { duration: Number.NEGATIVE_INFINITY, next: () => AT_ONCE }

/** The first probe comes `probeMs` after the circuit opened, each further one after twice the wait, up to `probeMaxMs`. */
export function createCircuit({ failuresToOpen, probeMs, probeMaxMs, monotonicNow }: {
  failuresToOpen: number
  probeMs: number
  probeMaxMs: number
  monotonicNow: () => number
}): Circuit {
  // When to probe is decided here: the library cannot be told that there is hope, and it looks at a clock that may jump.
  const policy = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(failuresToOpen), halfOpenAfter: AT_ONCE })
  let lastCause: unknown
  let waitMs = probeMs
  let nextProbeAt = 0

  policy.onStateChange((state) => {
    if (state === CircuitState.Closed) waitMs = probeMs
    if (state !== CircuitState.Open) return
    nextProbeAt = monotonicNow() + waitMs
    waitMs = Math.min(2 * waitMs, probeMaxMs)
  })

  return {
    state: () => NAMES[policy.state],
    isClosed: () => policy.state === CircuitState.Closed,
    failed: (cause) => {
      // Asked in any other state, the library would take this for a probe.
      if (policy.state !== CircuitState.Closed) return
      lastCause = cause
      void policy.execute(() => Promise.reject(cause)).catch(() => {})
    },
    check: async (check) => {
      if (policy.state === CircuitState.Open && monotonicNow() < nextProbeAt) return 'not-due'
      try {
        await policy.execute(check)
        return 'passed'
      } catch (cause) {
        lastCause = cause
        return 'failed'
      }
    },
    hope: () => {
      waitMs = probeMs
      nextProbeAt = 0
    },
    onChange: (listener) => void policy.onStateChange((state) => listener(NAMES[state], state === CircuitState.Closed ? undefined : lastCause)),
  }
}
