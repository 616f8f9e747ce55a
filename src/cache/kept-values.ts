import type { Circuit } from '../lib/circuit.ts'
import type { Metrics } from '../lib/metrics.ts'
import { believed, decodeFence, fenceTextOf, type Fence } from './fence.ts'
import { joinedReads } from './joined-reads.ts'
import type { Keys } from './keys.ts'
import type { Keyspace } from './keyspace.ts'
import { pack, unpack } from './payload.ts'
import { policies } from './policies.ts'
import { decodeNumber } from './redis-cache.ts'
import type { RedisStore } from './redis.ts'

/** Small values beside a pet, under its fence: summaries and match scores. Whoever reads one judges it by the fence. */
export type KeptValues = {
  /** One round trip. Undefined: the tier is away. */
  read(asked: readonly KeptKey[]): Promise<KeptRead | undefined>
  /**
   * Kept only under a fence of this very version, in the lineage it was read in. Never rejects; nobody has to wait for
   * it.
   */
  keep(stamp: Stamp, key: KeyOf, value: unknown): Promise<void>
}

/** What a value was made from, as one statement of Postgres saw it. */
export type Stamp = { petId: string; ownerId: string; version: number; epoch: number; lineage: string }
export type KeyOf = (keys: Keys) => string
/** `productId`: its revision is read along. */
export type KeptKey = { petId: string; key: KeyOf; productId?: string }
/** `heartbeats`: of the servers that were read, for trust. `epoch`: a value that was made under another is worth nothing. */
export type KeptRead = { lineage: string; epoch: number | undefined; found: KeptFound[]; heartbeats: (string | null)[] }
/** `value` undefined: nothing that can be used is there. `fenceText`: the fence as it is compared later. */
export type KeptFound = { fence: Fence | undefined; fenceText: string; value: unknown; revision: number | undefined }

export function createKeptValues({ redis, circuit, keyspace, metrics }: {
  redis: RedisStore
  circuit: Circuit
  keyspace: Pick<Keyspace, 'current' | 'isKnown'>
  metrics: Metrics
}): KeptValues {
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
    const { keys, lineage } = keyspace.current()
    const productIds = [...new Set(asked.flatMap(({ productId }) => productId ?? []))]
    const heartbeatKeys = redis.heartbeatPlaces().map(keys.heartbeat)
    const [epochGroup, ...all] = await mget([
      [keys.epoch()],
      ...heartbeatKeys.map((key) => [key]),
      ...asked.map(({ petId, key }) => [keys.fence(petId), key(keys)]),
      ...productIds.map((id) => [keys.productFence(id)]),
    ])
    const epoch = decodeNumber(epochGroup?.[0]?.toString())
    const heartbeats = all.slice(0, heartbeatKeys.length).map(([bytes]) => bytes?.toString() ?? null)
    const found = all.slice(heartbeatKeys.length)
    const revisions = new Map(productIds.map((id, i) => [id, decodeNumber(found[asked.length + i]?.[0]?.toString())]))
    const kept = asked.map(({ key, productId }, i) => {
      const text = found[i]?.[0]?.toString() ?? ''
      return {
        fence: believed(decodeFence(text), epoch),
        fenceText: fenceTextOf(lineage, text),
        value: usable(key(keys), found[i]?.[1]),
        revision: revisions.get(productId ?? ''),
      }
    })
    return { lineage, epoch, found: kept, heartbeats }
  }

  return {
    read: async (asked) => (circuit.isClosed() && keyspace.isKnown() ? read(asked).catch(failed('read')) : undefined),
    keep: async ({ petId, ownerId, version, epoch, lineage }, key, value) => {
      if (!circuit.isClosed() || !keyspace.isKnown()) return
      const { keys, lineage: current } = keyspace.current()
      if (lineage !== current) return
      const args = [epoch, version, ownerId, pack(JSON.stringify(value)), policies.profileLifeMs, policies.fenceLifeMs]
      await redis.run('keep', [keys.fence(petId), key(keys), keys.beside(petId)], args).catch(failed('keep'))
    },
  }
}

/** Where there is no Redis nothing is kept beside a pet: Postgres has it. */
export const noKeptValues: KeptValues = { read: async () => undefined, keep: async () => {} }
