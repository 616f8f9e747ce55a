import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { withDeadline } from '../lib/deadline.ts'
import type { Logger } from '../lib/logger.ts'
import { policies } from './policies.ts'

export type ScriptName = 'fill' | 'invalidate' | 'raise-epoch'

/** What the cache asks of Redis: a handful of commands, each with a deadline. Every call may reject. */
export type RedisStore = {
  mget(keys: readonly string[]): Promise<(string | null)[]>
  run(script: ScriptName, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>
  unlink(keys: readonly string[]): Promise<number>
  /** Milliseconds left, negative where the key is absent or has no end. */
  timeToLive(key: string): Promise<number>
  members(key: string): Promise<string[]>
  scan(pattern: string, count: number): AsyncIterable<string[]>
  ping(): Promise<void>
  /** Called at once after every (re)connect. */
  onReady(listener: () => void): void
  close(): Promise<void>
}

/**
 * A connection that fails fast: nothing is queued while it is down, nothing is sent twice, and a hung server costs one
 * deadline. Waits for the first connection, or for the deadline: Redis may come later.
 */
export async function connectRedis(url: string, logger: Logger): Promise<RedisStore> {
  const redis = new Redis(url, {
    connectTimeout: 1_000,
    commandTimeout: policies.commandDeadlineMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
  })
  // Without a listener ioredis prints every failed reconnect; the calls that fail because of it are counted by the cache.
  redis.on('error', (error: Error) => logger.debug({ err: error }, 'redis connection'))
  redis.on('close', () => logger.debug('redis connection closed'))

  const bounded = <T>(what: string, work: Promise<T>) => withDeadline(`redis ${what}`, policies.commandDeadlineMs, work)
  const scripts = loadScripts()

  const run: RedisStore['run'] = async (name, keys, args) => {
    const { lua, sha } = scripts[name]
    try {
      return await bounded(name, redis.evalsha(sha, keys.length, ...keys, ...args))
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return bounded(name, redis.eval(lua, keys.length, ...keys, ...args))
    }
  }

  await withDeadline('redis connect', 1_000, new Promise<void>((resolve) => redis.once('ready', () => resolve()))).catch(
    (error: Error) => logger.warn({ err: error }, 'redis is not there yet: answering from Postgres until it is'),
  )

  return {
    mget: (keys) => bounded('mget', redis.mget(...keys)),
    run,
    unlink: (keys) => bounded('unlink', redis.unlink(...keys)),
    timeToLive: (key) => bounded('pttl', redis.pttl(key)),
    members: (key) => bounded('smembers', redis.smembers(key)),
    async *scan(pattern, count) {
      let cursor = '0'
      do {
        const [next, found] = await bounded('scan', redis.scan(cursor, 'MATCH', pattern, 'COUNT', count))
        cursor = next
        if (found.length > 0) yield found
      } while (cursor !== '0')
    },
    ping: async () => void (await bounded('ping', redis.ping())),
    onReady: (listener) => void redis.on('ready', listener),
    close: async () => {
      redis.removeAllListeners('close')
      await bounded('quit', redis.quit()).catch(() => redis.disconnect())
    },
  }
}

function loadScripts(): Record<ScriptName, { lua: string; sha: string }> {
  const load = (name: ScriptName) => {
    const lua = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')
    return { lua, sha: createHash('sha1').update(lua).digest('hex') }
  }
  return { fill: load('fill'), invalidate: load('invalidate'), 'raise-epoch': load('raise-epoch') }
}
