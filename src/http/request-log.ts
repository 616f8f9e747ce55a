import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Plugin } from 'graphql-yoga'
import type { GatewayContext } from '../graphql/context.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { CompleteAnswer } from './complete-answers.ts'
import type { LimitVerdict } from './rate-limits.ts'
import { traceIdOf } from './trace-id.ts'
import type { ServerContext } from './yoga-answer.ts'

/** What is known of one request; the operation and its tiers once it has been executed. */
export type RequestRecord = {
  /** The client's X-Request-Id, else ours; goes back with every answer. */
  readonly requestId: string
  readonly traceId: string | undefined
  readonly began: number
  operation: string
  sources: ReadonlySet<string>
  /** What the limits said of it. */
  readonly limits: LimitVerdict[]
  /** Set where a query was answered with data and nothing else. */
  complete?: CompleteAnswer
  /** Set where it was begun on the short way: what was read for it, and its points are spent. */
  begun?: GatewayContext
}

const SENT_ID = /^[\w-]{1,64}$/
const NONE: ReadonlySet<string> = new Set()

export type RequestIds = { of(request: Request): string }

export type RequestLog = {
  arrived(headers: IncomingHttpHeaders): RequestRecord
  /** One line a GraphQL request where lines of debugging are wanted: id, trace, operation, tiers, status, duration. */
  answered(record: RequestRecord, status: number): void
}

export function createRequestLog({ logger, metrics, monotonicNow }: { logger: Logger; metrics: Metrics; monotonicNow: () => number }): RequestLog {
  return {
    arrived: (headers) => {
      const sent = headers['x-request-id']
      const requestId = typeof sent === 'string' && SENT_ID.test(sent) ? sent : randomUUID()
      return { requestId, traceId: traceIdOf(headers['traceparent']), began: monotonicNow(), operation: '', sources: NONE, limits: [] }
    },
    answered: ({ requestId, traceId, began, operation, sources }, status) => {
      const ms = monotonicNow() - began
      metrics.requestSeconds.observe(ms / 1000)
      if (!logger.isLevelEnabled('debug')) return
      logger.debug({ requestId, traceId, operation, tiers: [...sources], status, ms: Math.round(ms * 10) / 10 }, 'request')
    },
  }
}

/** Tells the record what was executed, and the other plugins the request's id. */
export function createRecordPlugin(): { plugin: Plugin<GatewayContext, ServerContext>; requestIds: RequestIds } {
  const records = new WeakMap<Request, RequestRecord>()
  const plugin: Plugin<GatewayContext, ServerContext> = {
    onRequest: ({ request, serverContext }) => {
      records.set(request, serverContext.record)
    },
    onExecute: ({ args, context }) => {
      const record = records.get(context.request)
      if (record === undefined) return
      record.operation = args.operationName ?? 'anonymous'
      record.sources = args.contextValue.sources
    },
  }
  return { plugin, requestIds: { of: (request) => records.get(request)?.requestId ?? '' } }
}
