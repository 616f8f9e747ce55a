import { LRUCache } from 'lru-cache'
import { decodeRun, encodeRun } from '../domain/run-codec.ts'
import type { PetMemory } from '../lib/pet-memory.ts'
import { believed, type Fence } from './fence.ts'
import { LineageUnknownError, OtherLineageError, type Keyspace } from './keyspace.ts'
import { tags } from './keys.ts'
import { policies } from './policies.ts'
import { areOf, stands, type Found, type RecommendationCache } from './recommendation-cache.ts'

const UUID_LENGTH = 36

type Kept = { encoded: string; bytes: number; tags: string[] }

/**
 * The cache tier where there is no Redis: this process' memory, by the same rules as the Lua scripts. It is private to
 * the process, so it may only stand alone: invalidations that another gateway delivers never reach it.
 * Each function runs without a pause between reading and writing the maps, as a script does.
 */
export function createMemoryCache(keyspace: Pick<Keyspace, 'current' | 'isKnown'>): RecommendationCache & PetMemory {
  const results = new LRUCache<string, Kept>({ maxSize: policies.memoryBytes, sizeCalculation: ({ bytes }) => bytes + 200 })
  const fences = new LRUCache<string, Fence>({ maxSize: 200_000, sizeCalculation: () => 1, ttl: policies.fenceLifeMs })
  const droppedBy = new LRUCache<string, { version: number; keys: number }>({ max: 10_000, ttl: policies.droppedLifeMs })
  let epoch: number | undefined
  const unknown = { kind: 'unavailable', cause: new LineageUnknownError() } as const

  const keyOf = (petId: string, conditionsHash: string) => `${petId}:${conditionsHash}`
  const dropResults = (petId: string) => {
    const held = [...results.keys()].filter((key) => key.startsWith(`${petId}:`))
    for (const key of held) results.delete(key)
    return held.length
  }

  return {
    isAway: () => false,
    read: async (asked) => {
      if (!keyspace.isKnown()) return unknown
      const { lineage } = keyspace.current()
      const found = asked.map((one): Found => {
        const fence = believed(fences.get(one.petId), epoch)
        const key = keyOf(one.petId, one.conditionsHash)
        const kept = results.get(key)
        const run = kept === undefined ? undefined : decodeRun(kept.encoded, lineage)
        const standing = run !== undefined && fence !== undefined && epoch !== undefined && stands(run, one, fence, epoch)
        if (!standing) return { fence, run: undefined, source: 'MEMORY' }
        return { fence, run, lifeLeftMs: results.getRemainingTTL(key), source: 'MEMORY' }
      })
      return { kind: 'read', lineage, epoch, heartbeats: [], found }
    },
    fill: async (run, ownerId, lifeMs, attempt) => {
      if (!keyspace.isKnown()) return unknown
      if (run.lineage !== keyspace.current().lineage) return { kind: 'superseded' }
      const encoded = encodeRun(run)
      const bytes = Buffer.byteLength(encoded)
      if (bytes > policies.largestResultBytes) return { kind: 'too-large', bytes }
      const fence = fences.get(run.petId)
      if (fence !== undefined && (fence.epoch > run.epoch || fence.version > run.version)) return { kind: 'superseded' }
      const key = keyOf(run.petId, run.conditionsHash)
      const heldRun = decodeRun(results.get(key)?.encoded ?? '', run.lineage)
      if (heldRun?.version === run.version && heldRun.epoch === run.epoch && heldRun.createdAt > run.createdAt) return { kind: 'superseded' }
      const raised: Fence = { epoch: run.epoch, version: run.version, ownerId, runId: null, createdAt: null }
      if (fence?.version !== run.version || fence.epoch !== run.epoch) dropResults(run.petId)
      if (fence === undefined || (fence.pendingFill !== undefined && fence.pendingFill !== attempt)) {
        fences.set(run.petId, { ...raised, pendingFill: attempt })
        return { kind: 'unfenced' }
      }
      fences.set(run.petId, { ...raised, runId: run.id, createdAt: run.createdAt })
      const members = run.items.map(({ product }) => tags.product(product.id))
      results.set(key, { encoded, bytes, tags: members }, { ttl: lifeMs })
      return { kind: 'stored', lifeMs, bytes }
    },
    invalidate: async (invalidations) => {
      if (!keyspace.isKnown()) return unknown
      if (!areOf(keyspace.current().lineage, invalidations)) return { kind: 'unavailable', cause: new OtherLineageError() }
      let keysDropped = 0
      let epochCreated = false
      for (const invalidation of invalidations) {
        if (invalidation.kind === 'epoch') {
          epochCreated ||= epoch === undefined
          epoch = Math.max(epoch ?? 0, invalidation.epoch)
          continue
        }
        // Nothing that stands beside a product is kept here.
        if (invalidation.kind === 'product') continue
        const { petId, version, ownerId } = invalidation
        const fence = fences.get(petId)
        const before = droppedBy.get(petId)
        const isPending = fence?.pendingFill !== undefined && fence.version === version
        if (fence !== undefined && fence.version >= version && !isPending) {
          if (before?.version === version) keysDropped += before.keys
          continue
        }
        fences.set(petId, { epoch: fence?.epoch ?? 0, version, ownerId, runId: null, createdAt: null })
        const dropped = dropResults(petId)
        if (dropped > 0) droppedBy.set(petId, { version, keys: dropped })
        keysDropped += dropped
      }
      return { kind: 'cleared', keysDropped, epochCreated }
    },
    inspect: async (petId) => {
      const key = keyOf(petId, '')
      const kept = results.get(key)
      const run = kept === undefined ? undefined : decodeRun(kept.encoded, keyspace.current().lineage)
      if (kept === undefined || run === undefined) return { kind: 'inspected', held: undefined }
      const { bytes, tags } = kept
      return { kind: 'inspected', held: { run, expiresInMs: results.getRemainingTTL(key), bytes, encoding: 'plain', tags: tags.toSorted() } }
    },
    forget: () => {
      results.clear()
      fences.clear()
      droppedBy.clear()
      epoch = undefined
    },
    async *sweep() {
      const held = results.size
      results.clear()
      yield held
    },
    petIds: () => [...results.keys()].map((key) => key.slice(0, UUID_LENGTH)),
    forgetPets: (gone) => {
      const held = [...results.keys()].filter((key) => gone.has(key.slice(0, UUID_LENGTH)))
      for (const key of held) results.delete(key)
      return held.length
    },
    close: async () => results.clear(),
  }
}
