import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { DeadlineError, withDeadline } from '../../src/lib/deadline.ts'

const DEADLINE_MS = 40

/** In a thread of its own, so that it answers while this one is busy. */
const ECHO = `
  const { parentPort } = require('node:worker_threads')
  const server = require('node:net').createServer((socket) => socket.pipe(socket))
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`

test('an answer that arrived in time is not late because this process was too busy to read it', async () => {
  const worker = new Worker(ECHO, { eval: true })
  const [port]: number[] = await once(worker, 'message')
  const socket = connect(port ?? 0, '127.0.0.1')
  await once(socket, 'connect')
  const answered = withDeadline('echo', DEADLINE_MS, once(socket, 'data'))
  socket.write('hello')
  await new Promise((resolve) => setImmediate(resolve))
  const until = performance.now() + 3 * DEADLINE_MS
  while (performance.now() < until);
  const [answer]: Buffer[] = await answered
  expect(String(answer)).toBe('hello')
  socket.destroy()
  await worker.terminate()
})

test('what does not answer is given up after the deadline', async () => {
  await expect(withDeadline('silence', DEADLINE_MS, new Promise(() => {}))).rejects.toThrow(DeadlineError)
})
