import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { DeadlineError, withDeadline } from '../../src/lib/deadline.ts'

const DEADLINE_MS = 200

/** In a thread of its own, so that it answers while this one is busy: each time after `afterMs`. */
const echo = (afterMs: number) => `
  const { parentPort } = require('node:worker_threads')
  const server = require('node:net').createServer((socket) => socket.on('data', (chunk) => setTimeout(() => socket.write(chunk), ${afterMs})))
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`

const opened: { worker: Worker; socket: Socket }[] = []
afterEach(async () => {
  for (const { worker, socket } of opened.splice(0)) {
    socket.destroy()
    await worker.terminate()
  }
})

async function connectToEcho(afterMs: number): Promise<Socket> {
  const worker = new Worker(echo(afterMs), { eval: true })
  const [port]: number[] = await once(worker, 'message')
  const socket = connect(port ?? 0, '127.0.0.1')
  opened.push({ worker, socket })
  await once(socket, 'connect')
  return socket
}

function beBusy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('an answer that arrived in time is not late because this process was too busy to read it', async () => {
  const socket = await connectToEcho(0.9 * DEADLINE_MS)
  const answered = withDeadline('echo', DEADLINE_MS, once(socket, 'data'))
  socket.write('hello')
  // After the sockets were read, and until after the deadline: timers come first then.
  setTimeout(() => setImmediate(() => beBusy(DEADLINE_MS)), 0.85 * DEADLINE_MS)
  expect(String((await answered)[0])).toBe('hello')
})

test('nor is one to what this process was too busy to ask before', async () => {
  const socket = await connectToEcho(DEADLINE_MS / 4)
  const answered = withDeadline('echo', DEADLINE_MS, once(socket, 'data'))
  // As a client does that sends together what was asked in one turn.
  setImmediate(() => socket.write('hello'))
  beBusy(3 * DEADLINE_MS)
  expect(String((await answered)[0])).toBe('hello')
})

test('what does not answer is given up after the deadline', async () => {
  const began = performance.now()
  await expect(withDeadline('silence', DEADLINE_MS, new Promise(() => {}))).rejects.toThrow(DeadlineError)
  const tookMs = performance.now() - began
  expect(tookMs).toBeGreaterThan(0.9 * DEADLINE_MS)
  expect(tookMs).toBeLessThan(3 * DEADLINE_MS)
})
