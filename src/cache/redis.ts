import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Command, Redis, type Cluster } from 'ioredis'
import { withDeadline } from '../lib/deadline.ts'
import type { Logger } from '../lib/logger.ts'
import { policies } from './policies.ts'
import { connectTo, type Master } from './redis-connection.ts'
import type { RedisTarget } from './redis-target.ts'
import { createRefusalLog } from './refusal-log.ts'
import { identityIn, type ServerIdentity } from './server-identity.ts'

const SCRIPTS = ['fill', 'invalidate', 'raise', 'lease', 'keep', 'beat'] as const
export type ScriptName = (typeof SCRIPTS)[number]

/** What the cache asks of Redis: a handful of commands, each with a deadline. Every call may reject. */
export type RedisStore = {
  mode: RedisTarget['kind']
  /** Each group holds keys of one slot. One round trip for all groups, or one for each master of a cluster. */
  mget(groups: readonly (readonly string[])[]): Promise<(Buffer | null)[][]>
  /** Keys of any slots. */
  get(keys: readonly string[]): Promise<(string | null)[]>
  run(script: ScriptName, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<unknown>
  /** Keys of any slots. */
  unlink(keys: readonly string[]): Promise<number>
  /** Milliseconds left, negative where the key is absent or has no end. */
  timeToLive(key: string): Promise<number>
  members(key: string): Promise<string[]>
  /** The keys of every master, or of those named, batch by batch. */
  scan(pattern: string, count: number, masters?: ReadonlySet<string>): AsyncIterable<string[]>
  /** Of each server that serves us now: where its heartbeat is kept, so that the key lies on that very server. */
  heartbeatPlaces(): (number | string)[]
  /** Who serves us, with what each says of itself and what its heartbeat is: see trust.ts. */
  masters(heartbeatKey: (place: number | string) => string): Promise<MasterState[]>
  /** By name: the master of each slot, or of all keys where this is no cluster. */
  owners(): readonly string[]
  /** Summed over all masters. What one of them does not tell, such as to a user who may not ask, is null. */
  usage(): Promise<{ usedMemoryBytes: number | null; keyCount: number | null }>
  /** For a library that speaks to Redis itself. */
  client: Redis | Cluster
  /** Another number after any connection to a master was lost, made or moved. */
  generation(): number
  /** Called at once after every (re)connect. */
  onReady(listener: () => void): void
  close(): Promise<void>
}

/** The identity is another one after a restart, and after its data were replaced by another server's. */
export type MasterState = ServerIdentity & { name: string; heartbeatKey: string; heartbeat: string | null }

const NAMELESS =
  'redis: a field is missing in INFO, so a loss of data could not be noticed and the cache is not used. ' +
  'Use a server that reports the field, such as Redis or Valkey, without a proxy that hides it; or run without REDIS_URL'

export async function connectRedis(target: RedisTarget, logger: Logger): Promise<RedisStore> {
  const refusals = createRefusalLog(logger)
  const connection = await connectTo(target, refusals, logger)
  const { client } = connection
  const bounded = <T>(what: string, work: Promise<T>) => withDeadline(`redis ${what}`, policies.commandDeadlineMs, work)
  const scripts = loadScripts()

  // Async all through: for a slot that nobody serves ioredis throws at once, and promises made before would be orphans.
  const mgetAll: RedisStore['mget'] = async (groups) => {
    if (!(client instanceof Redis)) return Promise.all(groups.map(async (group) => client.mgetBuffer(...group)))
    // Sent at once: who reads has collected all there is to read, and would wait for one more turn of the event loop.
    const command = new Command('mget', groups.flat(), { replyEncoding: null })
    const values: unknown = await client.sendCommand(command)
    // As a query of Postgres (db/taken-rows.ts) it outlives us, and shall not hold what came.
    Reflect.deleteProperty(command, 'promise')
    if (!isBulk(values)) throw new Error('redis: no answer to MGET')
    let next = 0
    return groups.map((group) => values.slice(next, (next += group.length)))
  }

  /** Throws where the server does not say which one it is: it is used as little as one that is away. */
  const identityOf = ({ name, node }: Master, info: string): ServerIdentity => {
    const identity = identityIn(info)
    if ('missing' in identity) {
      const { remoteAddress: host, remotePort: port } = node.stream
      refusals.refused(name, NAMELESS, { host, port, field: identity.missing })
      throw new Error(`redis: INFO names no usable ${identity.missing}`)
    }
    refusals.accepted(name)
    return identity
  }

  const run: RedisStore['run'] = async (name, keys, args) => {
    const { lua, sha } = scripts[name]
    try {
      return await bounded(name, client.evalsha(sha, keys.length, ...keys, ...args))
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return bounded(name, client.eval(lua, keys.length, ...keys, ...args))
    }
  }

  return {
    mode: target.kind,
    mget: (groups) => bounded('mget', mgetAll(groups)),
    get: (keys) => bounded('get', Promise.all(keys.map(async (key) => client.get(key)))),
    run,
    unlink: async (keys) => {
      const each = client instanceof Redis ? [client.unlink(...keys)] : keys.map(async (key) => client.unlink(key))
      const counts = await bounded('unlink', Promise.all(each))
      return counts.reduce((sum, count) => sum + count, 0)
    },
    timeToLive: (key) => bounded('pttl', client.pttl(key)),
    members: (key) => bounded('smembers', client.smembers(key)),
    async *scan(pattern, count, wanted) {
      for (const { name, node } of connection.masters()) {
        if (wanted?.has(name) === false) continue
        let cursor = '0'
        do {
          const [next, found] = await bounded('scan', node.scan(cursor, 'MATCH', pattern, 'COUNT', count))
          cursor = next
          if (found.length > 0) yield found
        } while (cursor !== '0')
      }
    },
    heartbeatPlaces: () => connection.masters().map(({ heartbeatPlace }) => heartbeatPlace),
    masters: (heartbeatKeyAt) =>
      bounded(
        'masters',
        Promise.all(
          connection.masters().map(async (master) => {
            const { name, node, heartbeatPlace } = master
            const heartbeatKey = heartbeatKeyAt(heartbeatPlace)
            const [info, heartbeat] = await Promise.all([node.info(), client.get(heartbeatKey)])
            return { ...identityOf(master, info), name, heartbeatKey, heartbeat }
          }),
        ),
      ),
    owners: connection.owners,
    usage: async () => {
      const nodes = connection.masters().map(({ node }) => node)
      const told = await bounded('usage', Promise.all(nodes.map((node) => Promise.all([toldBy(node.info('memory')), toldBy(node.dbsize())]))))
      return {
        usedMemoryBytes: sumOf(told.map(([info]) => (info === null ? null : usedMemoryIn(info)))),
        keyCount: sumOf(told.map(([, keyCount]) => keyCount)),
      }
    },
    client,
    generation: connection.generation,
    onReady: connection.onReady,
    close: connection.close,
  }
}

function isBulk(reply: unknown): reply is (Buffer | null)[] {
  return Array.isArray(reply) && reply.every((one) => one === null || Buffer.isBuffer(one))
}

/** Null where the server answered that it will not say; a server that does not answer is an error. */
function toldBy<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ReplyError') return null
    throw error
  })
}

function usedMemoryIn(info: string): number | null {
  const digits = /^used_memory:(\d+)/m.exec(info)?.[1]
  return digits === undefined ? null : Number(digits)
}

function sumOf(values: readonly (number | null)[]): number | null {
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0)
}

function loadScripts(): Record<ScriptName, { lua: string; sha: string }> {
  const load = (name: ScriptName) => {
    const lua = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')
    return { lua, sha: createHash('sha1').update(lua).digest('hex') }
  }
  return { fill: load('fill'), invalidate: load('invalidate'), raise: load('raise'), lease: load('lease'), keep: load('keep'), beat: load('beat') }
}
