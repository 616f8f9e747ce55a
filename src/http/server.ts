import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Registry } from 'prom-client'

export type HttpServer = { url: string; port: number; close(): Promise<void> }

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

/** Milliseconds. */
const DRAIN_MS = 10_000

/** Throws a plain sentence where the port cannot be had. */
export async function startHttpServer({ host, port, graphql, isReady, registry }: {
  host: string
  port: number
  graphql: Handler
  isReady: () => Promise<boolean>
  registry: Registry
}): Promise<HttpServer> {
  const routes: Record<string, Handler> = {
    '/graphql': graphql,
    '/health/live': (_request, response) => sendJson(response, 200, { status: 'live' }),
    '/health/ready': async (_request, response) => {
      const ready = await isReady()
      sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' })
    },
    '/metrics': async (_request, response) => {
      response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics())
    },
    '/': (_request, response) => response.writeHead(302, { location: '/graphql' }).end(),
  }
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const handler = routes[path]
    if (handler === undefined) return sendJson(response, 404, { error: 'There is nothing here. Ask at /graphql.' })
    void Promise.resolve(handler(request, response)).catch(() => response.destroy())
  })
  await listen(server, port, host)
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  const shownHost = host.includes(':') ? `[${host}]` : host
  return { url: `http://${shownHost}:${bound}`, port: bound, close: () => drain(server) }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? new Error(portTaken(port), { cause: error }) : error))
    server.listen(port, host, resolve)
  })
}

const portTaken = (port: number) => `Port ${port} is taken by another program. Stop that one, or choose another port with PORT (PORT=0 takes any free one).`

/** No new connections; what runs is finished, then idle connections are closed; nobody is waited for longer than DRAIN_MS. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}
