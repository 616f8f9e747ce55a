import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, ExponentialBackoff, handleAll, noJitterGenerator } from 'cockatiel'

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
  onChange(listener: (state: CircuitStateName, cause?: unknown) => void): void
}

const NAMES: Record<CircuitState, CircuitStateName> = {
  [CircuitState.Closed]: 'CLOSED',
  [CircuitState.Open]: 'OPEN',
  [CircuitState.Isolated]: 'OPEN',
  [CircuitState.HalfOpen]: 'HALF_OPEN',
}

export function createCircuit({ failuresToOpen, probeMs, probeMaxMs }: { failuresToOpen: number; probeMs: number; probeMaxMs: number }): Circuit {
  const policy = circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(failuresToOpen),
    halfOpenAfter: new ExponentialBackoff({ generator: noJitterGenerator, initialDelay: probeMs, maxDelay: probeMaxMs }),
  })
  let lastCause: unknown
  return {
    state: () => NAMES[policy.state],
    isClosed: () => policy.state === CircuitState.Closed,
    failed: (cause) => {
      if (policy.state !== CircuitState.Closed) return
      lastCause = cause
      void policy.execute(() => Promise.reject(cause)).catch(() => {})
    },
    check: async (check) => {
      try {
        await policy.execute(check)
        return 'passed'
      } catch (cause) {
        if (cause instanceof BrokenCircuitError) return 'not-due'
        lastCause = cause
        return 'failed'
      }
    },
    onChange: (listener) => void policy.onStateChange((state) => listener(NAMES[state], state === CircuitState.Closed ? undefined : lastCause)),
  }
}
