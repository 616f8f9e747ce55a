import { createCircuit, type Circuit } from '../lib/circuit.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { PetMemory } from '../lib/pet-memory.ts'
import { createFenceReader, type FenceReader } from './fence-reader.ts'
import { createKeptValues, noKeptValues, type KeptValues } from './kept-values.ts'
import type { Keyspace } from './keyspace.ts'
import { createLeases, unsharedLeases, type Leases } from './leases.ts'
import { createMemoryCache } from './memory-cache.ts'
import { policies } from './policies.ts'
import type { RecommendationCache } from './recommendation-cache.ts'
import { createRedisCache } from './redis-cache.ts'
import { createRedisStatus, withoutRedis, type RedisStatus } from './redis-status.ts'
import { parseRedisUrl, REDIS_URL_FORMS } from './redis-target.ts'
import { connectRedis, type RedisStore } from './redis.ts'
import { createRunMemory, noRunMemory } from './run-memory.ts'
import { createConstantTrust } from './constant-trust.ts'
import { createTrust, type Trust } from './trust.ts'

export type CacheTierOptions = {
  /** `memory`: in this process alone, for where there is no Redis. */
  cache: { kind: 'redis'; url: string } | { kind: 'memory' }
  /** Whether other gateways may change the same database without this one's cache hearing of it. */
  cacheIsPrivateToProcess: boolean
  /** Bytes of decoded runs kept in front of Redis; 0 for none. */
  runMemoryBytes: number
}

/** All that stands on the cache, whichever it is. */
export type CacheTier = {
  cache: RecommendationCache
  /** What this process holds of it itself. */
  memory: PetMemory
  leases: Leases
  values: KeptValues
  createTrust(needs: Pick<Parameters<typeof createTrust>[0], 'ledger' | 'drain' | 'watch'>): Trust
  /** Undefined where there is no Redis to read them in. */
  createFences(trust: Trust): FenceReader | undefined
  onReady(listener: () => void): void
  redisStatus(): Promise<RedisStatus>
  /** Undefined: this process is alone. */
  shared: { client: RedisStore['client']; circuit: Circuit } | undefined
}

/** Throws where the URL is none of Redis. One that is away may come later. */
export async function createCacheTier(
  { cache, cacheIsPrivateToProcess, runMemoryBytes }: CacheTierOptions,
  { keyspace, metrics, logger, monotonicNow }: { keyspace: Keyspace; metrics: Metrics; logger: Logger; monotonicNow: () => number },
): Promise<CacheTier> {
  if (cache.kind === 'memory') {
    const memory = createMemoryCache(keyspace)
    return {
      cache: memory,
      memory,
      leases: unsharedLeases,
      values: noKeptValues,
      createTrust: ({ ledger, watch }) => createConstantTrust({ isTrusted: !cacheIsPrivateToProcess, ledger, watch, logger }),
      createFences: () => undefined,
      onReady: () => {},
      redisStatus: withoutRedis,
      shared: undefined,
    }
  }
  const target = parseRedisUrl(cache.url)
  if (target === undefined) throw new Error(`Not a Redis URL: expected ${REDIS_URL_FORMS}.`)
  const { failuresToOpen, probeMs, probeMaxMs } = policies
  const circuit = createCircuit({ failuresToOpen, probeMs, probeMaxMs, monotonicNow })
  circuit.onChange((state, cause) => logger.warn({ state, err: cause }, 'redis circuit'))
  const redis = await connectRedis(target, logger)
  // A connection that has just been made is worth a look at once.
  redis.onReady(circuit.hope)
  const memory = runMemoryBytes === 0 ? noRunMemory : createRunMemory(runMemoryBytes)
  return {
    cache: createRedisCache({ redis, circuit, keyspace, memory, metrics }),
    memory,
    leases: createLeases({ redis, circuit, keyspace, logger }),
    values: createKeptValues({ redis, circuit, keyspace, metrics }),
    createTrust: (needs) => createTrust({ ...needs, redis, circuit, keyspace, monotonicNow, logger }),
    createFences: (trust) => createFenceReader({ redis, circuit, keyspace, trust, metrics }),
    onReady: redis.onReady,
    redisStatus: createRedisStatus({ redis, circuit }),
    shared: { client: redis.client, circuit },
  }
}
