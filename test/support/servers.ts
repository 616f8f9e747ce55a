import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import { migrate } from '../../src/db/migrate.ts'
import { startPostgres, type PostgresOptions } from '../../src/embedded/postgres.ts'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { startRedis, type RedisOptions } from '../../src/embedded/redis.ts'
import { familyOf, holdFamily, signalAll } from './process-family.ts'
import { testFileName } from './test-file.ts'
import { waitUntil } from './wait-until.ts'

/** A server of one test file's own that can be made to fail. Stop it in afterAll. */
export type TestServer = {
  readonly url: string
  readonly port: number
  /** Another one after a restart. */
  readonly pid: number
  readonly dataDir: string
  /** Holds the server still (SIGSTOP): it takes connections and answers nothing. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Ends it without warning (SIGKILL) and resolves when it is gone. */
  kill(): Promise<void>
  /** Starts it again on the same port with the data that are there, in order first if it still runs. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

type Started = { url: string; port: number; pid: number; dataDir: string; stop(): Promise<void> }

const testServer = async (kind: string, start: (dataDir: string, port?: number) => Promise<Started>): Promise<TestServer> => {
  const folder = join(inject('testFolder'), `${testFileName()}_${kind}_${randomBytes(4).toString('hex')}`)
  await mkdir(folder)
  await chmod(folder, 0o755) // as root the server runs as nobody
  const { port, ...first } = await start(folder)
  let server: Omit<Started, 'port'> = first
  let paused: readonly number[] = []

  const resume = async () => {
    signalAll(paused, 'SIGCONT')
    paused = []
  }
  const kill = async () => {
    const { pid } = server
    const all = await familyOf(pid)
    paused = []
    signalAll(all, 'SIGKILL')
    await waitUntil(`the killed ${kind} is gone`, () => !all.some(isAlive))
  }
  return {
    port,
    get url() {
      return server.url
    },
    get pid() {
      return server.pid
    },
    get dataDir() {
      return server.dataDir
    },
    pause: async () => {
      paused = await holdFamily(server.pid)
    },
    resume,
    kill,
    restart: async () => {
      await resume()
      await server.stop()
      server = await start(folder, port)
    },
    stop: async () => {
      await resume()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type TestRedisOptions = Pick<RedisOptions, 'settings' | 'port' | 'env'> & { persistent?: boolean; password?: boolean }

/**
 * A Redis without persistence and password, on an ephemeral port. `settings` are lines of redis.conf, for example
 * `maxmemory 2mb` or `replicaof 127.0.0.1 <port>`.
 */
export const startTestRedis = ({ persistent = false, password = false, ...options }: TestRedisOptions = {}): Promise<TestServer> =>
  testServer('redis', async (dataDir, port = options.port) => {
    const redis = await startRedis({ ...options, dataDir, persistent, password, ...(port === undefined ? {} : { port }) })
    if (redis.kind === 'not-found') throw new Error('These tests need a redis-server or valkey-server on the PATH.')
    return redis
  })

/** A migrated Postgres of the file's own, for tests in which it fails; all others share one (createTestDatabase). */
export const startTestPostgres = ({ settings = {}, env = {} }: Pick<PostgresOptions, 'settings' | 'env'> = {}): Promise<TestServer> =>
  testServer('postgres', async (dataDir, port) => {
    // The rest of what makes it durable is against power cuts only, but this one is against a SIGKILL too.
    const settled = { synchronous_commit: 'on', ...settings }
    const server = await startPostgres({ dataDir, durable: false, settings: settled, env, ...(port === undefined ? {} : { port }) })
    if (port === undefined) await migrate(server.url)
    return server
  })
