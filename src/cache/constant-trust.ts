import type { Logger } from '../lib/logger.ts'
import type { LineageWatch } from './lineage-watch.ts'
import { policies } from './policies.ts'
import type { Trust, TrustLedger } from './trust.ts'

/**
 * For a cache that only one process has: it either hears of every change, or its word is never enough. No check of Redis
 * looks at Postgres here, so which database it is (see lineage-watch.ts) is asked by itself.
 */
export function createConstantTrust({ isTrusted, ledger, watch, logger }: {
  isTrusted: boolean
  ledger: Pick<TrustLedger, 'database'>
  watch: LineageWatch
  logger: Logger
}): Trust {
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const tick = async (): Promise<void> => {
    const judge = watch.look()
    try {
      await judge(await ledger.database(), [])
    } catch (error) {
      logger.debug({ err: error }, 'postgres cannot be asked which database it is')
    }
    if (!closed) timer = setTimeout(() => (running = tick()), policies.lineageCheckMs)
  }

  return {
    hold: () => (isTrusted ? { isIntact: () => true } : undefined),
    postgresIsAway: () => false,
    start: () => (running = tick()),
    close: async () => {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
