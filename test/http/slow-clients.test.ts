import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { jsonAnswer, type Handler } from '../../src/http/answer.ts'
import { HTTP_LIMITS, type HttpLimits } from '../../src/http/http-limits.ts'
import { createBodyReader } from '../../src/http/read-body.ts'
import { createRequestLog } from '../../src/http/request-log.ts'
import { startHttpServer, type HttpServer, type Routes } from '../../src/http/server.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { rawClient } from '../support/raw-client.ts'
import { waitUntil } from '../support/wait-until.ts'

const logger = createLogger('silent')
const requestLog = createRequestLog({ logger, metrics: createMetrics(), monotonicNow: () => performance.now() })
const SHORT = { ...HTTP_LIMITS, headersMs: 150, requestMs: 300, checkMs: 20 }

const servers: HttpServer[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

async function serve(routes: Routes, limits: Partial<HttpLimits> = {}): Promise<HttpServer> {
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, routes, requestLog, logger, limits: { ...SHORT, ...limits } })
  servers.push(server)
  return server
}

const readBody = createBodyReader({ maxBytes: 1_000, smallBytes: 200, allBytes: 1_500 })

const echoLength: Handler = async (request) => {
  const outcome = await readBody(request)
  return outcome.kind === 'gone' ? undefined : jsonAnswer(200, { outcome: outcome.kind })
}

/** Status and body of the one answer in what a raw client received. */
function parsed(text: string): { status: number; body: unknown } {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2)
  expect(head).toMatch(/connection: close/i)
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) }
}

const problem = (message: string) => ({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT', fields: [{ path: '', message }] } }] })

test('whoever never finishes its headers is told 408 and loses the connection', async () => {
  const { port } = await serve({ '/': echoLength }, { requestMs: 60_000 })
  const client = rawClient(port)
  client.send('GET / HTTP/1.1\r\nHost: x\r\nX-One: 1\r\n')
  expect(parsed(await client.closed)).toEqual({ status: 408, body: problem('The request took too long to arrive.') })
})

test('whoever connects and says nothing loses the connection', async () => {
  const { port } = await serve({ '/': echoLength }, { requestMs: 60_000 })
  await rawClient(port).closed
})

test('whoever sends headers a few bytes at a time gains no time by it', async () => {
  const { port } = await serve({ '/': echoLength }, { requestMs: 60_000 })
  const client = rawClient(port)
  client.send('GET / HTTP/1.1\r\nHost: x\r\nX-Long: ')
  const dripping = setInterval(() => client.send('a'), 10)
  expect(parsed(await client.closed).status).toBe(408)
  clearInterval(dripping)
})

test('whoever never finishes its body is told 408 and loses the connection', async () => {
  const { port } = await serve({ '/': echoLength })
  const client = rawClient(port)
  client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc')
  expect(parsed(await client.closed).status).toBe(408)
})

test('whoever never reads its answer loses the connection', async () => {
  const serverSide = Promise.withResolvers<Socket>()
  const { port } = await serve({
    '/': ({ socket }) => {
      serverSide.resolve(socket)
      return { status: 200, headers: {}, body: Buffer.alloc(64_000_000, 'x') }
    },
  }, { answerMs: 200 })
  const client = rawClient(port)
  client.socket.pause()
  client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(await serverSide.promise, 'close')
  client.socket.destroy()
})

test('nonsense sent behind a request leaves its answer whole', async () => {
  const body = Buffer.alloc(4_000_000, 'x')
  const { port } = await serve({ '/': () => ({ status: 200, headers: {}, body }) })
  const client = rawClient(port)
  client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  client.socket.once('data', () => client.send('NONSENSE\r\n\r\n'))
  const [, answer = ''] = (await client.closed).split('\r\n\r\n')
  expect(answer.replace(/HTTP\/1\.1 400[^]*/, '')).toHaveLength(body.length)
})

test('whoever goes on sending a body after it was refused is told why, and cannot go on for ever', async () => {
  const { port } = await serve({ '/': echoLength })
  const client = rawClient(port)
  client.send('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
  const chunk = `400\r\n${'x'.repeat(1_024)}\r\n`
  const sending = setInterval(() => client.send(chunk), 5)
  expect(await client.closed).toContain('{"outcome":"too-large"}')
  clearInterval(sending)
})

test('a body declared too large is refused before a byte of it was sent', async () => {
  const { port } = await serve({ '/': echoLength })
  const client = rawClient(port)
  client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n')
  await waitUntil('it is answered', async () => client.received().includes('{"outcome":"too-large"}'))
  client.socket.destroy()
})

test('a client that leaves in the midst of its body, or before its answer, harms nobody', async () => {
  const outcome = Promise.withResolvers<string>()
  const left = Promise.withResolvers<void>()
  const { port, url } = await serve({
    '/body': async (request) => {
      outcome.resolve((await readBody(request)).kind)
      return undefined
    },
    '/slow': async (request) => {
      request.socket.once('close', left.resolve)
      waiting.socket.resetAndDestroy()
      await left.promise
      return jsonAnswer(200, { late: true })
    },
    '/live': () => jsonAnswer(200, { status: 'live' }),
  })
  const leaving = rawClient(port)
  leaving.send('POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc')
  const waiting = rawClient(port)
  waiting.send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
  leaving.socket.end()
  expect(await outcome.promise).toBe('gone')
  await left.promise
  expect(await (await fetch(`${url}/live`)).json()).toEqual({ status: 'live' })
})

test.each([
  ['what is not HTTP', 'NONSENSE\r\n\r\n', 400, 'This is not HTTP.'],
  ['two lengths of one body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400, 'This is not HTTP.'],
  ['a length beside chunks', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400, 'This is not HTTP.'],
  ['headers too large', `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'The headers are too large.'],
])('%s: answered as JSON without details, and the connection closed', async (_name, text, status, message) => {
  const { port } = await serve({ '/': echoLength })
  const client = rawClient(port)
  client.send(text)
  expect(parsed(await client.closed)).toEqual({ status, body: problem(message) })
})

test('connections above the cap are closed, and there is room again when one has left', async () => {
  const { port, url } = await serve({ '/': echoLength }, { connections: 2, headersMs: 60_000, requestMs: 60_000 })
  const [one, two] = [rawClient(port), rawClient(port)]
  for (const client of [one, two]) {
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await waitUntil('it is answered', async () => client.received().includes('outcome'))
  }
  const third = rawClient(port)
  third.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  expect(await third.closed).toBe('')
  one.socket.destroy()
  two.socket.destroy()
  await waitUntil('there is room', async () => fetch(url).then((response) => response.ok, () => false))
})

test('an error that nobody expected is a 500 with the id that the log has, and nothing of the error', async () => {
  const { url } = await serve({
    '/': () => {
      throw new Error('password=hunter2 at /srv/secret.ts')
    },
  })
  const response = await fetch(url, { headers: { 'x-request-id': 'abc-1' } })
  expect(response.status).toBe(500)
  expect(response.headers.get('x-request-id')).toBe('abc-1')
  expect(await response.json()).toEqual({
    errors: [{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'abc-1' } }],
  })
})

test('a stop finishes what runs, closes that connection then, and does not wait for idle ones', async () => {
  const go = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  const server = await serve({
    '/': () => jsonAnswer(200, {}),
    '/slow': async () => {
      arrived.resolve()
      await go.promise
      return jsonAnswer(200, { done: true })
    },
  }, { keepAliveMs: 60_000, requestMs: 60_000, headersMs: 60_000 })
  const [idle, busy] = [rawClient(server.port), rawClient(server.port)]
  idle.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  busy.send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
  await Promise.all([arrived.promise, waitUntil('it is idle', async () => idle.received().includes('{}'))])
  const began = performance.now()
  const stopping = server.close()
  await idle.closed
  go.resolve()
  await stopping
  expect(await busy.closed).toContain('{"done":true}')
  expect(performance.now() - began).toBeLessThan(5_000)
})

test('bodies on their way hold no more memory together than there is for them; small ones are read all the same, and what one gives back another may have', async () => {
  const { port } = await serve({ '/': echoLength }, { requestMs: 60_000 })
  const begin = (length: number, sent: number) => {
    const client = rawClient(port)
    client.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${'a'.repeat(sent)}`)
    return client
  }
  const outcomeOf = async (client: ReturnType<typeof begin>) => {
    await waitUntil('it is answered', () => client.received().includes('outcome'))
    client.socket.destroy()
    return /"outcome":"([\w-]+)"/.exec(client.received())?.[1]
  }
  const slow = begin(1_000, 900)
  await waitUntil('no room is left', async () => (await outcomeOf(begin(700, 700))) === 'no-room')
  expect(await outcomeOf(begin(500, 500))).toBe('read')
  const another = begin(1_000, 590)
  await waitUntil('less than a small one is left', async () => (await outcomeOf(begin(201, 201))) === 'no-room')
  expect(await outcomeOf(begin(200, 200))).toBe('read')
  another.socket.destroy()
  slow.socket.destroy()
  await waitUntil('there is room again', async () => (await outcomeOf(begin(700, 700))) === 'read')
})

test('one address has so many connections at once and no more; a trusted proxy has what it needs', async () => {
  const accepted = async (server: HttpServer) => {
    const clients = Array.from({ length: 5 }, () => rawClient(server.port))
    for (const client of clients) client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    let closed = 0
    for (const client of clients) void client.closed.then(() => closed++)
    const answered = () => clients.filter((client) => client.received().includes('200 OK')).length
    await waitUntil('all are answered or closed', () => answered() + closed === 5)
    const count = answered()
    for (const { socket } of clients) socket.destroy()
    await Promise.all(clients.map((client) => client.closed))
    return count
  }
  const routes = { '/': () => jsonAnswer(200, {}) }
  const limited = await serve(routes, { connectionsPerAddress: 3 })
  expect(await accepted(limited)).toBe(3)
  await waitUntil('those that are closed count no more', async () => (await accepted(limited)) === 3)
  const behindProxy = await startHttpServer({ host: '127.0.0.1', port: 0, routes, requestLog, logger, limits: { ...HTTP_LIMITS, connectionsPerAddress: 3 }, trustedProxies: { kind: 'some', trusts: (address) => address === '127.0.0.1' } })
  servers.push(behindProxy)
  expect(await accepted(behindProxy)).toBe(5)
})

const SOMAXCONN = '/proc/sys/net/core/somaxconn'
/** More than Node asks the kernel to keep waiting unless it is told to. */
const AT_ONCE = 900
const keepsEnough = existsSync(SOMAXCONN) && Number(readFileSync(SOMAXCONN, 'utf8')) > AT_ONCE

test.skipIf(!keepsEnough)('many who connect while the process is busy are connected all the same, and need not try again', async () => {
  const program = `
    import { startHttpServer } from ${JSON.stringify(new URL('../../src/http/server.ts', import.meta.url).href)}
    const { port } = await startHttpServer({ host: '127.0.0.1', port: 0, routes: {}, requestLog: {}, logger: {} })
    process.stdout.write(port + '\\n', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))`
  const busy = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [chunk] = await once(busy.stdout, 'data')
    const clients = Array.from({ length: AT_ONCE }, () => rawClient(Number(chunk)))
    const connected = () => clients.filter(({ socket }) => !socket.connecting && !socket.destroyed).length
    // Who is not heard tries again after a second, and after two more.
    await waitUntil('all are connected', () => connected() === AT_ONCE, { withinMs: 5_000 })
    for (const { socket } of clients) socket.destroy()
  } finally {
    busy.kill('SIGKILL')
    await once(busy, 'close')
  }
})
