import { decodeRun, encodeRun } from '../domain/run-codec.ts'
import type { StoredRun } from '../domain/run.ts'
import type { Metrics } from '../lib/metrics.ts'
import { decodeFence } from './fence.ts'
import { keys, patterns, tags } from './keys.ts'
import { policies } from './policies.ts'
import { stands, type Invalidation, type RecommendationCache } from './recommendation-cache.ts'
import type { RedisStore } from './redis.ts'

/** The cache tier in Redis. Whatever Redis does wrong is an outcome here, counted, and never an exception. */
export function createRedisCache({ redis, metrics }: { redis: RedisStore; metrics: Metrics }): RecommendationCache {
  const unavailable = (operation: string) => (cause: unknown) => {
    metrics.cacheErrors.inc({ operation })
    return { kind: 'unavailable', cause } as const
  }

  /** Nobody waits for this: the value is a miss already, and if it cannot be deleted it will be found again. */
  const discard = (key: string, reason: string) => {
    metrics.unusableValues.inc({ reason })
    redis.unlink([key]).catch(() => metrics.cacheErrors.inc({ operation: 'discard' }))
  }

  const usable = (key: string, text: string | null | undefined): StoredRun | undefined => {
    if (text === null || text === undefined) return undefined
    if (text.length > policies.largestResultBytes) return void discard(key, 'too-large')
    const run = decodeRun(text)
    if (run === undefined) discard(key, 'undecodable')
    return run
  }

  const read: RecommendationCache['read'] = async (asked) => {
    const petIds = [...new Set(asked.map(({ petId }) => petId))]
    const fenceKeys = petIds.map(keys.fence)
    const resultKeys = asked.map(({ petId, conditionsHash }) => keys.result(petId, conditionsHash))
    const values = await redis.mget([keys.epoch(), ...fenceKeys, ...resultKeys])

    const epoch = decodeEpoch(values[0])
    const fences = new Map(petIds.map((petId, i) => [petId, decodeFence(values[1 + i] ?? '')]))
    const found = asked.map((one, i) => {
      const fence = fences.get(one.petId)
      const run = usable(resultKeys[i] ?? '', values[1 + petIds.length + i])
      const standing = run !== undefined && fence !== undefined && epoch !== undefined && stands(run, one, fence, epoch)
      return { fence, run: standing ? run : undefined }
    })
    return { kind: 'read', epoch, found }
  }

  const fill: RecommendationCache['fill'] = async (run, ownerId, lifeMs) => {
    const encoded = encodeRun(run)
    const bytes = Buffer.byteLength(encoded)
    if (bytes > policies.largestResultBytes) return { kind: 'too-large', bytes }
    const { petId, conditionsHash } = run
    const members = run.items.map(({ product }) => tags.product(product.id))
    if (conditionsHash !== '') members.push(tags.conditions(conditionsHash))
    const word = await redis.run(
      'fill',
      [keys.fence(petId), keys.result(petId), keys.tags(petId), keys.result(petId, conditionsHash)],
      [run.epoch, run.version, ownerId, run.id, run.createdAt, encoded, lifeMs, policies.fenceLifeMs, ...members],
    )
    return word === 'stored' ? { kind: 'stored', lifeMs, bytes } : { kind: word === 'unfenced' ? 'unfenced' : 'superseded' }
  }

  const apply = async (invalidation: Invalidation): Promise<{ dropped: number; epochCreated: boolean }> => {
    if (invalidation.kind === 'epoch') {
      const word = await redis.run('raise-epoch', [keys.epoch()], [invalidation.epoch])
      return { dropped: 0, epochCreated: word === 'created' }
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
    read: (asked) => read(asked).catch(unavailable('read')),
    fill: (run, ownerId, lifeMs) => fill(run, ownerId, lifeMs).catch(unavailable('fill')),
    invalidate: async (invalidations) => {
      try {
        const applied = await Promise.all(invalidations.map(apply))
        return {
          kind: 'cleared',
          keysDropped: applied.reduce((sum, { dropped }) => sum + dropped, 0),
          epochCreated: applied.some(({ epochCreated }) => epochCreated),
        }
      } catch (cause) {
        return unavailable('invalidate')(cause)
      }
    },
    inspect: async (petId) => {
      const key = keys.result(petId)
      const [text] = await redis.mget([key])
      const run = usable(key, text)
      if (run === undefined) return undefined
      const [expiresInMs, members] = await Promise.all([redis.timeToLive(key), redis.members(keys.tags(petId))])
      return { run, expiresInMs, bytes: Buffer.byteLength(text ?? ''), encoding: 'json', tags: members.sort() }
    },
    async *sweep() {
      for (const pattern of patterns.perPet) {
        for await (const found of redis.scan(pattern, policies.sweepBatch)) yield await redis.unlink(found)
      }
    },
    onReady: redis.onReady,
    close: redis.close,
  }
}

function decodeEpoch(text: string | null | undefined): number | undefined {
  return text !== null && text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined
}
