import { randomBytes } from 'node:crypto'
import { chmod, copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { startRedis } from '../../src/embedded/redis.ts'
import { waitUntil } from './wait-until.ts'

/** One Redis of several, without a password. It keeps its port and its folder for as long as the folder is there. */
export type RedisNode = {
  readonly port: number
  /** Another one after a start. */
  readonly pid: number
  readonly dataDir: string
  /** False when it was killed. A paused one is running. */
  isRunning(): boolean
  isPaused(): boolean
  /** SIGSTOP: it takes connections and answers nothing. */
  pause(): void
  resume(): void
  /** SIGKILL, paused or not; resolves when it is gone. */
  kill(): Promise<void>
  /** Starts the killed one again, with the data of that dump file, or with none. */
  start(dump?: string): Promise<void>
}

export const LOOPBACK = '127.0.0.1'

/** Asks one server over a connection of the question's own. Rejects at once when the server is not there. */
export const ask = async <T>(port: number, question: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis({
    host: LOOPBACK,
    port,
    connectTimeout: 1_000,
    commandTimeout: 5_000,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  redis.on('error', () => {}) // told by the rejected question too
  try {
    return await question(redis)
  } finally {
    redis.disconnect()
  }
}

/** The lines `name:value` of INFO and CLUSTER INFO. */
export const fieldsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':')
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const]
    }),
  )

/** A new folder in `folder` that the servers' user may enter. */
export const newFolder = async (folder: string, name: string): Promise<string> => {
  const made = join(folder, `${name}-${randomBytes(4).toString('hex')}`)
  await mkdir(made, { recursive: true })
  await chmod(made, 0o755) // as root the servers run as nobody
  return made
}

/** A server that was just killed may have a child that still writes its temporary file. */
export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })

/** Waits for all, also after a failure: what was started is known by then and can be stopped. */
export const allSettled = async <T>(works: readonly Promise<T>[]): Promise<T[]> => {
  const outcomes = await Promise.allSettled(works)
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}

/** Starts a Redis whose files lie in `folder`. `settings` are lines of redis.conf, `env` variables for the server. */
export const startRedisNode = async (
  folder: string,
  settings: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RedisNode> => {
  const started = async (port?: number) => {
    const options = { dataDir: folder, persistent: false, password: false, settings, env }
    const redis = await startRedis(port === undefined ? options : { ...options, port })
    if (redis.kind === 'not-found') throw new Error('There is no redis-server or valkey-server on the PATH.')
    return redis
  }
  const { port, dataDir, ...first } = await started()
  let server: { pid: number } = first
  let starting: Promise<unknown> = Promise.resolve()
  let paused = false
  const dumpFile = join(dataDir, 'dump.rdb')

  const isRunning = () => isAlive(server.pid)
  return {
    port,
    dataDir,
    get pid() {
      return server.pid
    },
    isRunning,
    isPaused: () => paused,
    pause: () => {
      if (!isRunning()) return
      paused = true
      process.kill(server.pid, 'SIGSTOP')
    },
    resume: () => {
      if (paused && isRunning()) process.kill(server.pid, 'SIGCONT')
      paused = false
    },
    kill: async () => {
      await starting
      paused = false
      if (isRunning()) process.kill(server.pid, 'SIGKILL')
      await waitUntil('the killed Redis is gone', () => !isRunning())
    },
    start: (dump) => {
      if (isRunning()) throw new Error(`the Redis on port ${port} is running`)
      const start = async (): Promise<void> => {
        await rm(dumpFile, { force: true })
        if (dump !== undefined) {
          await copyFile(dump, dumpFile)
          await chmod(dumpFile, 0o644)
        }
        server = await started(port)
      }
      const done = start()
      starting = done.catch(() => {}) // told to whoever starts it
      return done
    },
  }
}
