import { cpus, totalmem } from 'node:os'
import manifest from '../package.json' with { type: 'json' }
import { canPin } from './cores.ts'
import type { Bench } from './stage.ts'

/** What the figures were measured on, without a name or a path. `isPinned`: whether this bench keeps off the server's core. */
export async function describeMachine({ database, redis }: Pick<Bench, 'database' | 'redis'>, { isPinned }: { isPinned: boolean }): Promise<string> {
  const [cpu] = cpus()
  const [postgres] = await database.sql`select split_part(version(), ' ', 2) as version`
  const info = await redis.client.info('server')
  const redisName = /^valkey_version:(\S+)/m.exec(info)?.[1]
  const redisVersion = redisName === undefined ? `Redis ${/^redis_version:(\S+)/m.exec(info)?.[1]}` : `Valkey ${redisName}`
  const pinning = canPin && isPinned ? 'the measured server on a core of its own, everything else (client, Redis, Postgres) on another' : 'nothing pinned to a core'
  return [
    `${cpus().length} cores, ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    `Node ${process.versions.node}, ${redisVersion}, Postgres ${String(postgres?.['version'])}`,
    pinning,
  ].join('; ')
}

const versions = new Map(Object.entries(manifest.dependencies))

/** The versions of packages, as bench/package.json asks for them. */
export const describePackages = (names: readonly string[]): string => names.map((name) => `${name} ${versions.get(name)}`).join(', ')
