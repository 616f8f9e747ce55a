import type { Cluster, Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import type { Circuit } from '../lib/circuit.ts'
import { withDeadline } from '../lib/deadline.ts'
import { keys } from './keys.ts'
import { policies } from './policies.ts'

/** What forced refreshes a user may still ask for. */
export type RefreshBudget = { spend(userId: string): Promise<{ kind: 'granted' } | { kind: 'spent'; retryAfterMs: number }> }

/**
 * So many forced refreshes a minute for each user, counted in Redis for all processes together; while Redis is away, each
 * process counts for itself. A computation is the one thing a client can make expensive at will.
 */
export function createRefreshBudget({ shared, perMinute }: {
  shared: { client: Redis | Cluster; circuit: Circuit } | undefined
  perMinute: number
}): RefreshBudget {
  const limits = { points: perMinute, duration: 60 }
  const own = new RateLimiterMemory(limits)
  const common =
    shared && new RateLimiterRedis({ ...limits, storeClient: shared.client, keyPrefix: keys.refreshBudgetPrefix(), rejectIfRedisNotReady: true })

  const consume = async (limiter: RateLimiterAbstract, userId: string) => {
    try {
      await withDeadline('refresh budget', policies.commandDeadlineMs, limiter.consume(userId))
      return { kind: 'granted' } as const
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return { kind: 'spent', retryAfterMs: refusal.msBeforeNext } as const
      throw refusal
    }
  }

  return {
    spend: async (userId) => {
      if (common === undefined || shared?.circuit.isClosed() !== true) return consume(own, userId)
      try {
        return await consume(common, userId)
      } catch (cause) {
        shared.circuit.failed(cause)
        return consume(own, userId)
      }
    },
  }
}
