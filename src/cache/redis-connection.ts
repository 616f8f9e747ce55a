import calculateSlot from 'cluster-key-slot'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { withDeadline } from '../lib/deadline.ts'
import type { Logger } from '../lib/logger.ts'
import { placeInSlot } from './place-in-slot.ts'
import { policies } from './policies.ts'
import { RedisInDatabase } from './redis-in-database.ts'
import type { RedisTarget } from './redis-target.ts'
import type { RefusalLog } from './refusal-log.ts'

/** Redis as one client, whichever way it is run. */
export type RedisConnection = {
  client: Redis | Cluster
  /** Every server that takes writes: one, or each master of a cluster. */
  masters(): Master[]
  /** The master's name for each slot of a cluster, for all keys together elsewhere. A list that is never changed. */
  owners(): readonly string[]
  /** Another number after any connection to a master was lost, made or moved: what was known of the servers is then past. */
  generation(): number
  /** Called after every (re)connect. */
  onReady(listener: () => void): void
  close(): Promise<void>
}

/** A key with the hash tag `{<heartbeatPlace>}` lies on this very server. */
export type Master = { name: string; node: Redis; heartbeatPlace: number | string }

/** Milliseconds. */
const CONNECT_MS = 1_000

/** Nothing is queued while a server is away, nothing is sent twice, and a hung server costs one deadline. */
const FAIL_FAST = {
  // One command less to allow: the library would tell the server its own name and version.
  disableClientInfo: true,
  connectTimeout: CONNECT_MS,
  // A backstop. Ours (lib/deadline.ts) comes first, also where this process is busy: it reads what has arrived before it gives up.
  commandTimeout: 20 * policies.commandDeadlineMs,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
}
/** In the log of refusals: our database, on whichever server. */
const DATABASE = 'database'
const retryStrategy = (attempt: number) => Math.min(50 * attempt, 1_000)
const ONE_SERVER = { ...FAIL_FAST, enableOfflineQueue: false, enableAutoPipelining: true, retryStrategy } satisfies RedisOptions

/** Waits for the first connection, or for a deadline: Redis may come later. */
export async function connectTo(target: RedisTarget, refusals: RefusalLog, logger: Logger): Promise<RedisConnection> {
  const connection = target.kind === 'cluster' ? connectCluster(target) : connectOne(target, refusals)
  // Without a listener ioredis prints every failed reconnect; the calls that fail because of it are counted by the cache.
  connection.client.on('error', (error: Error) => logger.debug({ err: error }, 'redis connection'))
  const ready = new Promise<void>((resolve) => connection.onReady(resolve))
  await withDeadline('redis connect', CONNECT_MS, ready).catch((error: Error) => {
    // One that is there and refuses us was named already.
    if (!refusals.isAny()) logger.warn({ err: error }, 'redis is not there yet: answering from Postgres until it is')
  })
  return connection
}

function connectOne(target: Exclude<RedisTarget, { kind: 'cluster' }>, refusals: RefusalLog): RedisConnection {
  const redis = openOne(target)
  redis.onRefused = (refused) => refusals.refused(DATABASE, 'redis: SELECT was refused, so the cache is not used', refused)
  redis.on('ready', () => refusals.accepted(DATABASE))
  let generation = 0
  redis.on('close', () => generation++)
  redis.on('ready', () => generation++)
  const stopReviving = revived(redis)
  return {
    client: redis,
    masters: () => [{ name: 'primary', node: redis, heartbeatPlace: 0 }],
    owners: () => ['primary'],
    generation: () => generation,
    onReady: (listener) => void redis.on('ready', listener),
    close: () => {
      stopReviving()
      return quit(redis)
    },
  }
}

/**
 * ioredis gives up for good where Sentinels tell of a new primary just while it connects: its detector of failovers ends
 * the attempt, and an attempt that is ended is never repeated. Nobody but us may end it. Returns what makes it so.
 */
function revived(redis: Redis): () => void {
  let timer: NodeJS.Timeout | undefined
  // An attempt that fails is told as an end again, and so comes back here.
  const revive = () => {
    timer = setTimeout(() => redis.connect().catch(() => {}), retryStrategy(1))
  }
  redis.on('end', revive)
  return () => {
    redis.off('end', revive)
    clearTimeout(timer)
  }
}

function openOne(target: Exclude<RedisTarget, { kind: 'cluster' }>): RedisInDatabase {
  switch (target.kind) {
    case 'standalone':
      return new RedisInDatabase(target.url, ONE_SERVER)
    case 'unix':
      return new RedisInDatabase({ ...ONE_SERVER, path: target.path, db: target.database, ...given(target.login) })
    case 'sentinel':
      return new RedisInDatabase(sentinelOptions(target))
  }
}

/** `failoverDetector`: the connection to a master that Sentinel has replaced is closed at once, not when it fails. */
function sentinelOptions(target: Extract<RedisTarget, { kind: 'sentinel' }>) {
  const { sentinels, masterName, database, login, sentinelPassword, tls } = target
  return {
    ...ONE_SERVER,
    sentinels,
    name: masterName,
    db: database,
    ...given(login),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    // The sentinels too: else their password would go in the clear, and anybody on the way could name another master.
    ...(tls ? { tls: {}, enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    failoverDetector: true,
    sentinelRetryStrategy: retryStrategy,
  } satisfies RedisOptions
}

function connectCluster({ nodes, login, tls }: Extract<RedisTarget, { kind: 'cluster' }>): RedisConnection {
  const cluster = new Cluster(nodes, {
    redisOptions: { ...FAIL_FAST, ...given(login), ...(tls ? { tls: {} } : {}) },
    // Certificates are made out to names: the library would connect to what it resolved them to.
    ...(tls ? { dnsLookup: (address: string, done: (error: null, found: string) => void) => done(null, address) } : {}),
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    // A command that fails is a miss, not a reason to wait; MOVED and ASK are followed.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    retryDelayOnTryAgain: 0,
    maxRedirections: 3,
    slotsRefreshInterval: 1_000,
    clusterRetryStrategy: retryStrategy,
    clusterNodeRetryStrategy: retryStrategy,
  })
  let generation = 0
  const listeners = new Set<() => void>()
  const moved = () => void generation++
  const returned = () => {
    generation++
    for (const listener of listeners) listener()
  }
  cluster.on('+node', (node: Redis) => {
    moved()
    node.on('close', moved)
    node.on('ready', returned)
  })
  cluster.on('-node', moved)
  cluster.on('ready', returned)

  // Which keys lie where changes with the slots only, and those change with the generation or a MOVED, seen as a new owner.
  const heartbeatPlaceOf = (name: string): number | string => {
    for (let place = 0; place < 1_000; place++) {
      if (cluster.slots[calculateSlot(`{${place}}`)]?.[0] === name) return place
    }
    const slot = cluster.slots.findIndex((nodes) => nodes?.[0] === name)
    if (slot === -1) throw new Error(`redis: no slot of ${name} found`)
    return placeInSlot(slot)
  }
  return {
    client: cluster,
    masters: () => {
      const owners = new Set(cluster.slots.map(([owner]) => owner ?? ''))
      if (owners.size === 0 || owners.has('')) throw new Error('redis: not every slot of the cluster is served')
      const byName = new Map(cluster.nodes('master').map((node) => [`${node.options.host}:${node.options.port}`, node]))
      return [...owners].map((name) => {
        const node = byName.get(name)
        if (node === undefined) throw new Error(`redis: not connected to master ${name}`)
        return { name, node, heartbeatPlace: heartbeatPlaceOf(name) }
      })
    },
    owners: () => cluster.slots.map(([owner]) => owner ?? ''),
    generation: () => generation,
    onReady: (listener) => void listeners.add(listener),
    close: () => quit(cluster),
  }
}

const given = ({ username, password }: { username: string | undefined; password: string | undefined }) => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
})

async function quit(client: Redis | Cluster): Promise<void> {
  await withDeadline('redis quit', policies.commandDeadlineMs, client.quit()).catch(() => {})
  client.disconnect()
}
