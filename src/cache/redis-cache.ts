import { decodeRun, encodeRun } from '../domain/run-codec.ts'
import type { StoredRun } from '../domain/run.ts'
import type { Circuit } from '../lib/circuit.ts'
import type { Metrics } from '../lib/metrics.ts'
import { believed, decodeFence, fenceTextOf, type Fence } from './fence.ts'
import { latestNow } from './heartbeat.ts'
import { joinedReads } from './joined-reads.ts'
import { tags } from './keys.ts'
import { LineageUnknownError, OtherLineageError, type Keyspace, type Space } from './keyspace.ts'
import { pack, unpack } from './payload.ts'
import { policies } from './policies.ts'
import { areOf, stands, type Asked, type Found, type InspectOutcome, type Invalidation, type ReadOutcome, type RecommendationCache } from './recommendation-cache.ts'
import type { RedisStore } from './redis.ts'
import type { RunMemory } from './run-memory.ts'

/**
 * The cache tier in Redis. Whatever Redis does wrong is an outcome here, counted, and never an exception. While the
 * circuit is open, reads and fills do not try. Invalidations always do: they must not be lost for a guess about Redis.
 */
export function createRedisCache({ redis, circuit, keyspace, memory, metrics }: {
  redis: RedisStore
  circuit: Circuit
  keyspace: Keyspace
  memory: RunMemory
  metrics: Metrics
}): RecommendationCache {
  const mget = joinedReads(redis)
  const failed = (operation: string) => (cause: unknown) => {
    metrics.cacheErrors.inc({ operation })
    circuit.failed(cause)
    return { kind: 'unavailable', cause } as const
  }
  const isOpen = { kind: 'unavailable', cause: new CircuitOpenError() } as const
  const isUnknown = { kind: 'unavailable', cause: new LineageUnknownError() } as const
  const notNow = () => (circuit.isClosed() ? (keyspace.isKnown() ? undefined : isUnknown) : isOpen)
  const isInUse = ({ lineage }: Space) => keyspace.isKnown() && keyspace.current().lineage === lineage

  /** Nobody waits for this: the value is a miss already, and if it cannot be deleted it will be found again. */
  const discard = (key: string, reason: string) => {
    metrics.unusableValues.inc({ reason })
    redis.unlink([key]).catch(() => metrics.cacheErrors.inc({ operation: 'discard' }))
  }

  const usable = (key: string, bytes: Buffer | null | undefined, lineage: string): Usable | undefined => {
    if (bytes === null || bytes === undefined) return undefined
    if (bytes.length > policies.largestResultBytes) return void discard(key, 'too-large')
    const unpacked = unpack(bytes)
    const run = unpacked === undefined ? undefined : decodeRun(unpacked.text, lineage)
    if (unpacked === undefined || run === undefined) return void discard(key, 'undecodable')
    return { run, encoding: unpacked.encoding, textLength: unpacked.text.length }
  }

  /** Epoch, heartbeats, each pet's fence, and of its results those that are wanted: one round trip. */
  const fetch = async ({ keys }: Space, asked: readonly Asked[], isWanted: (one: Asked) => boolean) => {
    const wantedOf = Map.groupBy(asked, ({ petId }) => petId)
    const groups = [...wantedOf].map(([petId, ofPet]) => [
      keys.fence(petId),
      ...ofPet.filter(isWanted).map(({ conditionsHash }) => keys.result(petId, conditionsHash)),
    ])
    const heartbeatKeys = redis.heartbeatPlaces().map(keys.heartbeat)
    const [epochGroup, ...rest] = await mget([[keys.epoch()], ...heartbeatKeys.map((key) => [key]), ...groups])
    const petGroups = rest.slice(heartbeatKeys.length)
    const values = new Map(groups.flatMap((group, i) => group.map((key, j) => [key, petGroups[i]?.[j]] as const)))
    return {
      epoch: decodeNumber(epochGroup?.[0]?.toString()),
      heartbeats: rest.slice(0, heartbeatKeys.length).map(([bytes]) => bytes?.toString() ?? null),
      textOf: (petId: string) => values.get(keys.fence(petId))?.toString() ?? '',
      resultOf: ({ petId, conditionsHash }: Asked) => values.get(keys.result(petId, conditionsHash)),
    }
  }

  const readOnce = async (space: Space, asked: readonly Asked[], isTrusted: boolean): Promise<Read & { overtaken: Asked[] }> => {
    const { keys, lineage } = space
    const remembered = new Map<Asked, StoredRun>()
    for (const one of isTrusted ? asked : []) {
      const run = memory.get(one)
      if (run !== undefined) remembered.set(one, run)
    }
    const { epoch, heartbeats, textOf, resultOf } = await fetch(space, asked, (one) => !remembered.has(one))
    const now = latestNow(heartbeats)
    const overtaken: Asked[] = []

    const found = asked.map((one): Found => {
      const text = textOf(one.petId)
      const fenceText = fenceTextOf(lineage, text)
      const fence = believed(decodeFence(text), epoch)
      const held = remembered.get(one)
      const kept = held === undefined ? usable(keys.result(one.petId, one.conditionsHash), resultOf(one), lineage) : undefined
      const run = held ?? kept?.run
      const isStanding = run !== undefined && fence !== undefined && epoch !== undefined && stands(run, one, fence, epoch)
      const lifeLeftMs = run === undefined || now === Infinity ? undefined : run.expiresAt - now
      // Redis counts a life from when it was sent the run, which may have been late. Without a heartbeat there is no
      // trust, and Postgres is asked.
      if (kept !== undefined && isStanding && (lifeLeftMs === undefined || lifeLeftMs > 0)) {
        if (isInUse(space)) memory.set(kept.run, kept.textLength)
        return { fence, fenceText, run, ...(lifeLeftMs !== undefined && { lifeLeftMs }), source: 'REDIS' }
      }
      if (held === undefined) return { fence, run: undefined, source: 'REDIS' }
      const isAlive = lifeLeftMs !== undefined && lifeLeftMs > 0
      if (isStanding && held.lineage === lineage && isNewest(held, fence) && isAlive) return { fence, fenceText, run: held, lifeLeftMs, source: 'MEMORY' }
      memory.forget(one)
      // Right after an invalidation there is no result, and the fence says so.
      if (fence !== undefined && (one.conditionsHash !== '' || fence.runId !== null)) overtaken.push(one)
      return { fence, run: undefined, source: 'REDIS' }
    })
    return { kind: 'read', lineage, epoch, heartbeats, found, overtaken }
  }

  const read = async (asked: readonly Asked[], isTrusted: boolean): Promise<Read> => {
    const space = keyspace.current()
    const { overtaken, ...first } = await readOnce(space, asked, isTrusted)
    if (overtaken.length === 0) return first
    const second = await readOnce(space, overtaken, false)
    const foundAgain = new Map(overtaken.map((one, i) => [one, second.found[i]]))
    const found = asked.map((one, i) => foundAgain.get(one) ?? first.found[i] ?? NOTHING)
    // Trust must hold for the servers of both reads.
    return { ...first, epoch: second.epoch, found, heartbeats: [...first.heartbeats, ...second.heartbeats] }
  }

  const fill: RecommendationCache['fill'] = async (run, ownerId, lifeMs, attempt) => {
    const space = keyspace.current()
    // Read in Postgres before the database turned out to be another one, or to have gone back.
    if (run.lineage !== space.lineage) return { kind: 'superseded' }
    const { keys } = space
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
    if (word === 'stored' || word === 'mended') {
      if (isInUse(space)) memory.set(run, encoded.length)
      return { kind: 'stored', lifeMs, bytes: packed.length }
    }
    return { kind: word === 'unfenced' ? 'unfenced' : 'superseded' }
  }

  const applyOne = async (invalidation: Exclude<Invalidation, PetInvalidation>): Promise<Applied> => {
    const { keys } = keyspace.current()
    if (invalidation.kind === 'product') {
      const { productId, revision } = invalidation
      await redis.run('raise', [keys.productFence(productId)], [revision, policies.productFenceLifeMs])
      return { dropped: 0, epochCreated: false }
    }
    const word = await redis.run('raise', [keys.epoch()], [invalidation.epoch, policies.epochLifeMs])
    return { dropped: 0, epochCreated: word === 'created' }
  }

  /** The keys of one script must lie on one node. */
  const petsOfScript = redis.mode === 'cluster' ? 1 : policies.invalidationsAtOnce

  const applyToPets = async (pets: readonly PetInvalidation[]): Promise<Applied> => {
    const { keys } = keyspace.current()
    const dropped = await redis.run(
      'invalidate',
      pets.flatMap(({ petId }) => [keys.fence(petId), keys.result(petId), keys.tags(petId), keys.dropped(petId), keys.beside(petId)]),
      [policies.fenceLifeMs, policies.droppedLifeMs, ...pets.flatMap(({ version, ownerId }) => [version, ownerId ?? ''])],
    )
    return { dropped: Number(dropped), epochCreated: false }
  }

  const inspect = async (petId: string): Promise<InspectOutcome> => {
    const { keys, lineage } = keyspace.current()
    const key = keys.result(petId)
    const [[bytes] = []] = await redis.mget([[key]])
    const usableOne = usable(key, bytes, lineage)
    const [expiresInMs, members] = await Promise.all([redis.timeToLive(key), redis.members(keys.tags(petId))])
    // Below zero: it went between the two.
    if (usableOne === undefined || expiresInMs < 0) return { kind: 'inspected', held: undefined }
    return { kind: 'inspected', held: { run: usableOne.run, encoding: usableOne.encoding, expiresInMs, bytes: bytes?.length ?? 0, tags: members.sort() } }
  }

  return {
    isAway: () => !circuit.isClosed() || !keyspace.isKnown(),
    read: async (asked, isTrusted) => notNow() ?? read(asked, isTrusted).catch(failed('read')),
    fill: async (run, ownerId, lifeMs, attempt) => notNow() ?? fill(run, ownerId, lifeMs, attempt).catch(failed('fill')),
    invalidate: async (invalidations) => {
      if (!keyspace.isKnown()) return isUnknown
      if (!areOf(keyspace.current().lineage, invalidations)) return { kind: 'unavailable', cause: new OtherLineageError() }
      try {
        const pets = invalidations.filter((one) => one.kind === 'pet')
        const others = invalidations.filter((one) => one.kind !== 'pet')
        const applied = await Promise.all(others.map(applyOne))
        // One after the other: reads of other pets find their way in between, and no deadline is spent on waiting for ourselves.
        for (const some of chunksOf(pets, policies.invalidationsAtOnce)) {
          applied.push(...(await Promise.all(chunksOf(some, petsOfScript).map(applyToPets))))
        }
        return {
          kind: 'cleared',
          keysDropped: applied.reduce((sum, { dropped }) => sum + dropped, 0),
          epochCreated: applied.some(({ epochCreated }) => epochCreated),
        }
      } catch (cause) {
        return failed('invalidate')(cause)
      }
    },
    // Whatever the circuit says: who looks wants to know how it is.
    inspect: async (petId) => (keyspace.isKnown() ? inspect(petId).catch(failed('inspect')) : isUnknown),
    forget: memory.clear,
    async *sweep() {
      for (const pattern of keyspace.current().keys.patterns.results) {
        for await (const found of redis.scan(pattern, policies.sweepBatch)) yield await redis.unlink(found)
      }
    },
    close: redis.close,
  }
}

type Read = Extract<ReadOutcome, { kind: 'read' }>
type Usable = { run: StoredRun; encoding: string; textLength: number }
const NOTHING: Found = { fence: undefined, run: undefined, source: 'REDIS' }

/** A run that was refreshed ahead of its end does not come back from this process' memory. Of runs under conditions the fence says nothing. */
const isNewest = (run: StoredRun, fence: Fence) => run.conditionsHash !== '' || fence.createdAt === null || run.createdAt >= fence.createdAt

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

type PetInvalidation = Extract<Invalidation, { kind: 'pet' }>
type Applied = { dropped: number; epochCreated: boolean }

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
