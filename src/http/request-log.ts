import { randomUUID } from 'node:crypto'
import type { Plugin } from 'graphql-yoga'
import type { GatewayContext } from '../graphql/context.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'

type Seen = { requestId: string; began: number; operation: string; sources: ReadonlySet<string> }

const SENT_ID = /^[\w-]{1,64}$/

export type RequestIds = { of(request: Request): string }

/** One line a request: id, operation, tiers, status, duration. The id is the client's X-Request-Id, else ours, and goes back with the answer. */
export function createRequestLog({ logger, metrics, monotonicNow }: { logger: Logger; metrics: Metrics; monotonicNow: () => number }): {
  plugin: Plugin<GatewayContext>
  requestIds: RequestIds
} {
  const seen = new WeakMap<Request, Seen>()
  const plugin: Plugin<GatewayContext> = {
    onRequest: ({ request }) => {
      const sent = request.headers.get('x-request-id')
      const requestId = sent !== null && SENT_ID.test(sent) ? sent : randomUUID()
      seen.set(request, { requestId, began: monotonicNow(), operation: '', sources: new Set() })
    },
    onExecute: ({ args, context }) => {
      const entry = seen.get(context.request)
      if (entry === undefined) return
      entry.operation = args.operationName ?? 'anonymous'
      entry.sources = args.contextValue.sources
    },
    onResponse: ({ request, response }) => {
      const entry = seen.get(request)
      if (entry === undefined) return
      response.headers.set('x-request-id', entry.requestId)
      const ms = monotonicNow() - entry.began
      metrics.requestSeconds.observe(ms / 1000)
      const { requestId, operation, sources } = entry
      logger.info({ requestId, operation, tiers: [...sources], status: response.status, ms: Math.round(ms * 10) / 10 }, 'request')
    },
  }
  return { plugin, requestIds: { of: (request) => seen.get(request)?.requestId ?? '' } }
}
