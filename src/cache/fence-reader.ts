import type { Circuit } from '../lib/circuit.ts'
import type { Metrics } from '../lib/metrics.ts'
import { fenceTextOf } from './fence.ts'
import { latestNow } from './heartbeat.ts'
import type { Keyspace } from './keyspace.ts'
import { decodeNumber } from './redis-cache.ts'
import type { RedisStore } from './redis.ts'
import type { Trust } from './trust.ts'

/**
 * Fences as Redis holds them, read under trust that was held from before until after, each with the lineage it is of
 * (see `fenceTextOf`). `now`: by Postgres's clock, at the latest.
 */
export type FencesRead = { lineage: string; epoch: number; now: number; fenceTexts: readonly (string | null)[] }

/** Undefined: there is no trust, or Redis could not be read. Never rejects. */
export type FenceReader = { read(petIds: readonly string[]): Promise<FencesRead | undefined> }

type Waiting = { petIds: readonly string[]; resolve: (read: FencesRead | undefined) => void }

/**
 * The fences alone, for whoever has the rest already. What is asked while one turn of the event loop is served goes to
 * Redis in one MGET, so the price of a fence falls as the load rises.
 */
export function createFenceReader({ redis, circuit, keyspace, trust, metrics }: {
  redis: RedisStore
  circuit: Circuit
  keyspace: Pick<Keyspace, 'current'>
  trust: Pick<Trust, 'hold'>
  metrics: Metrics
}): FenceReader {
  let waiting: Waiting[] = []

  const readAll = async (all: readonly Waiting[]): Promise<(FencesRead | undefined)[]> => {
    const nothing = all.map(() => undefined)
    const grant = circuit.isClosed() ? trust.hold() : undefined
    if (grant === undefined) return nothing
    try {
      const { keys, lineage } = keyspace.current()
      const heartbeatKeys = redis.heartbeatPlaces().map(keys.heartbeat)
      const fences = all.flatMap(({ petIds }) => petIds.map((petId) => [keys.fence(petId)]))
      const [[epochBytes] = [], ...rest] = await redis.mget([[keys.epoch()], ...heartbeatKeys.map((key) => [key]), ...fences])
      const texts = rest.map(([bytes]) => bytes?.toString('latin1') ?? null)
      const heartbeats = texts.slice(0, heartbeatKeys.length)
      const epoch = decodeNumber(epochBytes?.toString('latin1'))
      if (epoch === undefined || !grant.isIntact(heartbeats)) return nothing
      const now = latestNow(heartbeats)
      let next = heartbeatKeys.length
      const fenceTexts = texts.map((text) => (text === null ? null : fenceTextOf(lineage, text)))
      return all.map(({ petIds }) => ({ lineage, epoch, now, fenceTexts: fenceTexts.slice(next, (next += petIds.length)) }))
    } catch (cause) {
      metrics.cacheErrors.inc({ operation: 'fences' })
      circuit.failed(cause)
      return nothing
    }
  }

  const flush = async (): Promise<void> => {
    const all = waiting
    waiting = []
    const read = await readAll(all)
    all.forEach(({ resolve }, i) => resolve(read[i]))
  }

  return {
    read: (petIds) =>
      new Promise((resolve) => {
        if (waiting.length === 0) setImmediate(() => void flush())
        waiting.push({ petIds, resolve })
      }),
  }
}
