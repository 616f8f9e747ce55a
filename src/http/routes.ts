import type { Registry } from 'prom-client'
import { jsonAnswer, type Handler } from './answer.ts'
import type { Routes } from './server.ts'

/** What is answered on the main port. */
export function createRoutes({ graphql, isReady, metrics }: { graphql: Handler; isReady: () => Promise<boolean>; metrics: Routes }): Routes {
  return {
    ...metrics,
    '/graphql': graphql,
    '/health/live': () => jsonAnswer(200, { status: 'live' }, NEVER_STORED),
    '/health/ready': async () => {
      const ready = await isReady()
      return jsonAnswer(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' }, NEVER_STORED)
    },
    '/': () => ({ status: 302, headers: { location: '/graphql' }, body: '' }),
  }
}

const NEVER_STORED = { 'cache-control': 'no-store' }

export function createMetricsRoutes(registry: Registry): Routes {
  return { '/metrics': async () => ({ status: 200, headers: { 'content-type': registry.contentType }, body: await registry.metrics() }) }
}
