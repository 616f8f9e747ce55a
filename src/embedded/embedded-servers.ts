import { lockDataDir } from './data-dir.ts'
import { startPostgres, type EmbeddedPostgres } from './postgres.ts'
import { startRedis, type EmbeddedRedis } from './redis.ts'
import type { EmbeddedLogger } from './server-start.ts'

/** What is asked for and not set by DATABASE_URL or REDIS_URL. */
export type EmbeddedServersOptions = { dataDir: string; postgres: boolean; redis: boolean; logger?: EmbeddedLogger }

export type EmbeddedServers = {
  postgres: EmbeddedPostgres | { kind: 'not-wanted' }
  redis: EmbeddedRedis | { kind: 'not-found' } | { kind: 'not-wanted' }
  /** Ends what runs and gives the data folder back. */
  stop(): Promise<void>
}

/** It is a cache: when full, it forgets what has a lifetime, and what has none stays. */
const REDIS_SETTINGS = ['maxmemory 256mb', 'maxmemory-policy volatile-lru']

const NOT_WANTED = { kind: 'not-wanted' } as const

/**
 * Takes the data folder for this process and starts the servers that are wanted, side by side; all or none.
 * Throws DataDirInUseError while another gateway uses the folder.
 */
export const startEmbeddedServers = async (options: EmbeddedServersOptions): Promise<EmbeddedServers> => {
  const { dataDir, logger } = options
  if (!options.postgres && !options.redis) return { postgres: NOT_WANTED, redis: NOT_WANTED, stop: async () => {} }

  const lock = await lockDataDir(dataDir)
  const common = { dataDir: lock.folder, ...(logger === undefined ? {} : { logger }) }
  const [postgres, redis] = await Promise.allSettled([
    options.postgres ? startPostgres({ ...common, durable: true }) : NOT_WANTED,
    options.redis ? startRedis({ ...common, persistent: true, settings: REDIS_SETTINGS }) : NOT_WANTED,
  ])
  const stop = async () => {
    const started = [postgres, redis].flatMap((start) => (start.status === 'fulfilled' && 'stop' in start.value ? [start.value] : []))
    await Promise.all(started.map((server) => server.stop()))
    await lock.release()
  }
  if (postgres.status === 'fulfilled' && redis.status === 'fulfilled') return { postgres: postgres.value, redis: redis.value, stop }
  await stop()
  throw [postgres, redis].find((start) => start.status === 'rejected')?.reason
}
