import { decodeRun, encodeRun } from '../domain/run-codec.ts'
import type { StoredRun } from '../domain/run.ts'
import type { Circuit } from '../lib/circuit.ts'
import type { Metrics } from '../lib/metrics.ts'
import { decodeFence } from './fence.ts'
import { keys, patterns, tags } from './keys.ts'
import { pack, unpack } from './payload.ts'
import { policies } from './policies.ts'
import { stands, type Invalidation, type RecommendationCache } from './recommendation-cache.ts'
import type { RedisStore } from './redis.ts'

/**
 * The cache tier in Redis. Whatever Redis does wrong is an outcome here, counted, and never an exception. While the
 * circuit is open, reads and fills do not try. Invalidations always do: they must not be lost for a guess about Redis.
 */
export function createRedisCache({ redis, circuit, metrics }: { redis: RedisStore; circuit: Circuit; metrics: Metrics }): RecommendationCache {
  const failed = (operation: string) => (cause: unknown) => {
    metrics.cacheErrors.inc({ operation })
    circuit.failed(cause)
    return { kind: 'unavailable', cause } as const
  }
  const isOpen = { kind: 'unavailable', cause: new CircuitOpenError() } as const

  /** Nobody waits for this: the value is a miss already, and if it cannot be deleted it will be found again. */
  const discard = (key: string, reason: string) => {
    metrics.unusableValues.inc({ reason })
    redis.unlink([key]).catch(() => metrics.cacheErrors.inc({ operation: 'discard' }))
  }

  const usable = (key: string, bytes: Buffer | null | undefined): { run: StoredRun; encoding: string } | undefined => {
    if (bytes === null || bytes === undefined) return undefined
    if (bytes.length > policies.largestResultBytes) return void discard(key, 'too-large')
    const unpacked = unpack(bytes)
    const run = unpacked === undefined ? undefined : decodeRun(unpacked.text)
    if (unpacked === undefined || run === undefined) return void discard(key, 'undecodable')
    return { run, encoding: unpacked.encoding }
  }

  const read: RecommendationCache['read'] = async (asked) => {
    const hashesOf = Map.groupBy(asked, ({ petId }) => petId)
    const petIds = [...hashesOf.keys()]
    const groups = petIds.map((petId) => [keys.fence(petId), ...(hashesOf.get(petId) ?? []).map(({ conditionsHash }) => keys.result(petId, conditionsHash))])
    const heartbeatKeys = redis.heartbeatKeys()
    const [epochGroup, ...rest] = await redis.mget([[keys.epoch()], ...heartbeatKeys.map((key) => [key]), ...groups])
    const petGroups = rest.slice(heartbeatKeys.length)
    const heartbeats = rest.slice(0, heartbeatKeys.length).map(([bytes]) => bytes?.toString() ?? null)

    const epoch = decodeNumber(epochGroup?.[0]?.toString())
    const values = new Map(groups.flatMap((group, i) => group.map((key, j) => [key, petGroups[i]?.[j]] as const)))
    const found = asked.map((one) => {
      const fence = decodeFence(values.get(keys.fence(one.petId))?.toString() ?? '')
      const key = keys.result(one.petId, one.conditionsHash)
      const run = usable(key, values.get(key))?.run
      const standing = run !== undefined && fence !== undefined && epoch !== undefined && stands(run, one, fence, epoch)
      return { fence, run: standing ? run : undefined }
    })
    return { kind: 'read', epoch, found, heartbeats }
  }

  const fill: RecommendationCache['fill'] = async (run, ownerId, lifeMs, attempt) => {
    const encoded = encodeRun(run)
    const bytes = Buffer.byteLength(encoded)
    if (bytes > policies.largestResultBytes) return { kind: 'too-large', bytes }
    const packed = pack(encoded)
    const { petId, conditionsHash } = run
    const members = run.items.map(({ product }) => tags.product(product.id))
    if (conditionsHash !== '') members.push(tags.conditions(conditionsHash))
    const word = await redis.run(
      'fill',
      [keys.fence(petId), keys.result(petId), keys.tags(petId), keys.result(petId, conditionsHash)],
      [run.epoch, run.version, ownerId, run.id, run.createdAt, packed, lifeMs, policies.fenceLifeMs, attempt, ...members],
    )
    if (word === 'mended') metrics.unusableValues.inc({ reason: 'wrong-type' })
    if (word === 'stored' || word === 'mended') return { kind: 'stored', lifeMs, bytes: packed.length }
    return { kind: word === 'unfenced' ? 'unfenced' : 'superseded' }
  }

  const apply = async (invalidation: Invalidation): Promise<{ dropped: number; epochCreated: boolean }> => {
    if (invalidation.kind === 'epoch') {
      const word = await redis.run('raise', [keys.epoch()], [invalidation.epoch])
      return { dropped: 0, epochCreated: word === 'created' }
    }
    if (invalidation.kind === 'product') {
      await redis.run('raise', [keys.productFence(invalidation.productId)], [invalidation.revision])
      return { dropped: 0, epochCreated: false }
    }
    const { petId, version, ownerId } = invalidation
    const dropped = await redis.run(
      'invalidate',
      [keys.fence(petId), keys.result(petId), keys.tags(petId)],
      [version, ownerId ?? '', policies.fenceLifeMs],
    )
    return { dropped: Number(dropped), epochCreated: false }
  }

  return {
    source: 'REDIS',
    isAway: () => !circuit.isClosed(),
    read: async (asked) => (circuit.isClosed() ? read(asked).catch(failed('read')) : isOpen),
    fill: async (run, ownerId, lifeMs, attempt) => (circuit.isClosed() ? fill(run, ownerId, lifeMs, attempt).catch(failed('fill')) : isOpen),
    invalidate: async (invalidations) => {
      try {
        const applied = await Promise.all(invalidations.map(apply))
        return {
          kind: 'cleared',
          keysDropped: applied.reduce((sum, { dropped }) => sum + dropped, 0),
          epochCreated: applied.some(({ epochCreated }) => epochCreated),
        }
      } catch (cause) {
        return failed('invalidate')(cause)
      }
    },
    inspect: async (petId) => {
      const key = keys.result(petId)
      const [[bytes] = []] = await redis.mget([[key]])
      const held = usable(key, bytes)
      if (held === undefined) return undefined
      const [expiresInMs, members] = await Promise.all([redis.timeToLive(key), redis.members(keys.tags(petId))])
      return { ...held, expiresInMs, bytes: bytes?.length ?? 0, tags: members.sort() }
    },
    async *sweep() {
      for (const pattern of patterns.results) {
        for await (const found of redis.scan(pattern, policies.sweepBatch)) yield await redis.unlink(found)
      }
    },
    close: redis.close,
  }
}

/** Nothing was asked: the tier is known to be away. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError'
  constructor() {
    super('redis is left alone until a probe finds it well')
  }
}

/** Undefined for anything but a number that scripts/raise.lua can have written. */
export function decodeNumber(text: string | null | undefined): number | undefined {
  return text !== null && text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined
}
