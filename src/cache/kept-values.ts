import type { Circuit } from '../lib/circuit.ts'
import type { Metrics } from '../lib/metrics.ts'
import { decodeFence, type Fence } from './fence.ts'
import { joinedReads } from './joined-reads.ts'
import { keys } from './keys.ts'
import { pack, unpack } from './payload.ts'
import { policies } from './policies.ts'
import { decodeNumber } from './redis-cache.ts'
import type { RedisStore } from './redis.ts'

/** Small values beside a pet, under its fence: summaries and match scores. Whoever reads one judges it by the fence. */
export type KeptValues = {
  /** One round trip. Undefined: the tier is away. */
  read(asked: readonly KeptKey[]): Promise<KeptRead | undefined>
  /** Kept only under a fence of this very version. Never rejects; nobody has to wait for it. */
  keep(petId: string, version: number, key: string, value: unknown): Promise<void>
}

/** `productId`: its revision is read along. */
export type KeptKey = { petId: string; key: string; productId?: string }
/** `heartbeats`: of the servers that were read, for trust. */
export type KeptRead = { found: KeptFound[]; heartbeats: (string | null)[] }
/** `value` undefined: nothing that can be used is there. `fenceText`: the fence as Redis holds it. */
export type KeptFound = { fence: Fence | undefined; fenceText: string; value: unknown; revision: number | undefined }

export function createKeptValues({ redis, circuit, metrics }: { redis: RedisStore; circuit: Circuit; metrics: Metrics }): KeptValues {
  const mget = joinedReads(redis)
  const failed = (operation: string) => (cause: unknown) => {
    metrics.cacheErrors.inc({ operation })
    circuit.failed(cause)
    return undefined
  }

  const usable = (key: string, bytes: Buffer | null | undefined): unknown => {
    if (bytes === null || bytes === undefined) return undefined
    try {
      const text = bytes.length > policies.largestResultBytes ? undefined : unpack(bytes)?.text
      if (text !== undefined) return JSON.parse(text)
    } catch {
      // JSON that cannot be parsed is unusable like any other garbage: counted and deleted below.
    }
    metrics.unusableValues.inc({ reason: 'undecodable' })
    redis.unlink([key]).catch(failed('discard'))
    return undefined
  }

  const read = async (asked: readonly KeptKey[]): Promise<KeptRead> => {
    const productIds = [...new Set(asked.flatMap(({ productId }) => productId ?? []))]
    const heartbeatKeys = redis.heartbeatKeys()
    const all = await mget([
      ...heartbeatKeys.map((key) => [key]),
      ...asked.map(({ petId, key }) => [keys.fence(petId), key]),
      ...productIds.map((id) => [keys.productFence(id)]),
    ])
    const heartbeats = all.slice(0, heartbeatKeys.length).map(([bytes]) => bytes?.toString() ?? null)
    const found = all.slice(heartbeatKeys.length)
    const revisions = new Map(productIds.map((id, i) => [id, decodeNumber(found[asked.length + i]?.[0]?.toString())]))
    const kept = asked.map(({ key, productId }, i) => {
      const fenceText = found[i]?.[0]?.toString() ?? ''
      return { fence: decodeFence(fenceText), fenceText, value: usable(key, found[i]?.[1]), revision: revisions.get(productId ?? '') }
    })
    return { found: kept, heartbeats }
  }

  return {
    read: async (asked) => (circuit.isClosed() ? read(asked).catch(failed('read')) : undefined),
    keep: async (petId, version, key, value) => {
      if (!circuit.isClosed()) return
      const args = [version, pack(JSON.stringify(value)), policies.profileLifeMs]
      await redis.run('keep', [keys.fence(petId), key, keys.beside(petId)], args).catch(failed('keep'))
    },
  }
}

/** Where there is no Redis nothing is kept beside a pet: Postgres has it. */
export const noKeptValues: KeptValues = { read: async () => undefined, keep: async () => {} }
