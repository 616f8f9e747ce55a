import type { PointCounter } from './point-counter.ts'

/** What forced refreshes a user may still ask for. */
export type RefreshBudget = { spend(userId: string): Promise<{ kind: 'granted' } | { kind: 'spent'; retryAfterMs: number }> }

/**
 * So many forced refreshes a minute for each user; `counter` counts in windows of a minute. A computation is the most
 * expensive thing a client can ask for, so each is counted before it begins, never ahead.
 */
export function createRefreshBudget({ counter, perMinute }: { counter: PointCounter; perMinute: number }): RefreshBudget {
  return {
    spend: async (userId) => {
      const { consumed, msLeft } = await counter.add(userId, 1)
      return consumed <= perMinute ? { kind: 'granted' } : { kind: 'spent', retryAfterMs: msLeft }
    },
  }
}
