import { execFileSync } from 'node:child_process'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { findRedis, startRedis, type EmbeddedRedis, type RedisOptions } from '../../src/embedded/redis.ts'
import { temporaryFolder } from '../support/temp-folder.ts'

const started = async (dataDir: string, options: Partial<RedisOptions> = {}): Promise<EmbeddedRedis> => {
  const server = await startRedis({ dataDir, persistent: true, ...options })
  if (server.kind === 'not-found') throw new Error('These tests need a redis-server or valkey-server on the PATH.')
  onTestFinished(server.stop)
  return server
}

const ask = async <T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0 })
  redis.on('error', () => {}) // told by the rejected question too
  try {
    return await question(redis)
  } finally {
    redis.disconnect()
  }
}

test('what is cached survives a restart of the zero-config Redis', async () => {
  const folder = await temporaryFolder()
  const first = await started(folder)
  await ask(first.url, (redis) => redis.set('pet', 'Rex'))
  await first.stop()
  expect(isAlive(first.pid)).toBe(false)
  const second = await started(folder)
  expect(await ask(second.url, (redis) => redis.get('pet'))).toBe('Rex')
})

test('a client without its password is refused, and the password is in no command line', async () => {
  const { url, port } = await started(await temporaryFolder())
  await expect(ask(`redis://127.0.0.1:${port}`, (redis) => redis.get('pet'))).rejects.toThrow(/NOAUTH/)
  expect(execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })).not.toContain(new URL(url).password)
})

test('it listens on 127.0.0.1 only, on no standard port', async () => {
  const { url, port } = await started(await temporaryFolder())
  expect(await ask(url, (redis) => redis.config('GET', 'bind'))).toEqual(['bind', '127.0.0.1'])
  expect(port).not.toBe(6379)
})

test('where no server program is on the PATH there is none, and that is no error', async () => {
  expect(await findRedis(await temporaryFolder())).toBeUndefined()
})

test('a start that fails tells what the server said', async () => {
  const failing = started(await temporaryFolder(), { settings: ['maxmemory plenty'] })
  await expect(failing).rejects.toThrow(/Redis ended while starting(.|\n)*maxmemory/)
})
