import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { internal } from '../graphql/errors.ts'
import type { Logger } from '../lib/logger.ts'
import { jsonAnswer, problemAnswer, type Answer, type Handler } from './answer.ts'
import { refuseClient } from './client-error.ts'
import { createConnectionsPerAddress } from './connections-per-address.ts'
import { HTTP_LIMITS, type HttpLimits } from './http-limits.ts'
import type { RequestLog } from './request-log.ts'
import { send } from './send.ts'
import { NO_PROXIES, type TrustedProxies } from './trusted-proxies.ts'

export type HttpServer = { url: string; port: number; close(): Promise<void> }

/** By path. */
export type Routes = Readonly<Record<string, Handler>>

/** Milliseconds. */
const DRAIN_MS = 10_000
const SWEEP_MS = 50

const NOT_FOUND = { error: 'There is nothing here. Ask at /graphql.' }

/** Throws a plain sentence where the port cannot be had. */
export async function startHttpServer({ host, port, routes, requestLog, logger, limits = HTTP_LIMITS, trustedProxies = NO_PROXIES }: {
  host: string
  port: number
  routes: Routes
  requestLog: Pick<RequestLog, 'arrived'>
  logger: Logger
  limits?: HttpLimits
  trustedProxies?: TrustedProxies
}): Promise<HttpServer> {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const record = requestLog.arrived(request.headers)
    const { requestId } = record
    const handler = routes[pathOf(request.url ?? '/')]
    let answer: Answer | undefined
    try {
      answer = handler === undefined ? jsonAnswer(404, NOT_FOUND) : await handler(request, record, (listener) => response.once('close', listener))
    } catch (error) {
      logger.error({ err: error, requestId }, 'unexpected error')
      answer = problemAnswer(500, internal(requestId))
    }
    if (answer === undefined) response.destroy()
    else send(response, answer, requestId, limits.answerMs)
  }

  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkMs,
    maxHeaderSize: limits.headerBytes,
    noDelay: true,
  }, (request, response) => void serve(request, response))
  server.maxConnections = limits.connections
  server.on('connection', createConnectionsPerAddress({ most: limits.connectionsPerAddress, proxies: trustedProxies }))
  server.on('clientError', refuseClient)
  await listen(server, { port, host, backlog: limits.backlog })
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  const shownHost = host.includes(':') ? `[${host}]` : host
  return { url: `http://${shownHost}:${bound}`, port: bound, close: () => drain(server) }
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}

function listen(server: Server, options: { port: number; host: string; backlog: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? new Error(portTaken(options.port), { cause: error }) : error))
    server.listen(options, resolve)
  })
}

const portTaken = (port: number) => `Port ${port} is taken by another program. Stop that one, or choose another port with PORT (PORT=0 takes any free one).`

/** No new connections; what runs is finished, and its connection closed then; nobody is waited for longer than DRAIN_MS. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
    server.close(() => {
      clearTimeout(timer)
      clearInterval(sweep)
      resolve()
    })
    server.closeIdleConnections()
  })
}
