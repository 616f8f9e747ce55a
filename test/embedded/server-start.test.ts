import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startOnFreePort } from '../../src/embedded/server-start.ts'
import { temporaryFolder } from '../support/temp-folder.ts'

/** Stands for a server: listens on the port that is its first argument. */
const PROGRAM = `require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1', () => console.log('listening'))`

const takenPort = async (): Promise<number> => {
  const server = createServer()
  onTestFinished(() => void server.close())
  const address = await new Promise<AddressInfo | string | null>((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0 }, () => resolve(server.address()))
  })
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const start = async (ports: (free: number, attempt: number) => number, fixed?: number) => {
  const logFile = join(await temporaryFolder(), 'log')
  const asked: number[] = []
  const listening = () => readFile(logFile, 'utf8').then((log) => log.includes('listening'))
  const started = await startOnFreePort({
    name: 'the server',
    port: fixed,
    readyWithinMs: 10_000,
    logger: undefined,
    probe: listening,
    command: (free) => {
      const port = ports(free, asked.push(free))
      return { command: process.execPath, args: ['-e', PROGRAM, String(port)], runAs: undefined, logFile, stopSignal: 'TERM' }
    },
  })
  onTestFinished(started.server.stop)
  return { ...started, asked }
}

test('a port that another process took first is given up for another one', async () => {
  const taken = await takenPort()
  const { port, asked } = await start((free, attempt) => (attempt < 3 ? taken : free))
  expect(asked).toHaveLength(3)
  expect(port).toBe(asked[2])
})

test('a port that must be used and is taken is an error at once', async () => {
  const taken = await takenPort()
  await expect(start((port) => port, taken)).rejects.toThrow(/address already in use/i)
})

test('a server that never gets ready is stopped, and the error says how long it had', async () => {
  const logFile = join(await temporaryFolder(), 'log')
  const starting = startOnFreePort({
    name: 'the server',
    port: undefined,
    readyWithinMs: 200,
    logger: undefined,
    probe: async () => false,
    command: (port) => ({ command: process.execPath, args: ['-e', PROGRAM, String(port)], runAs: undefined, logFile, stopSignal: 'TERM' }),
  })
  await expect(starting).rejects.toThrow('the server was not ready within 200 ms')
})

test('a server that ends by itself later is logged', async () => {
  const logFile = join(await temporaryFolder(), 'log')
  const logged = Promise.withResolvers<string>()
  const { server } = await startOnFreePort({
    name: 'the server',
    port: undefined,
    readyWithinMs: 10_000,
    logger: { warn: (_fields, message) => logged.resolve(message) },
    probe: async () => true,
    command: (port) => ({ command: process.execPath, args: ['-e', PROGRAM, String(port)], runAs: undefined, logFile, stopSignal: 'TERM' }),
  })
  process.kill(server.pid, 'SIGKILL')
  expect(await logged.promise).toBe('the server ended by itself')
})
