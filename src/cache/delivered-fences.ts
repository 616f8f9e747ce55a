import { decodeFence } from './fence.ts'
import { decodeHeartbeat } from './heartbeat.ts'
import type { Keys } from './keys.ts'
import type { Keyspace } from './keyspace.ts'
import type { Change } from './recommendation-cache.ts'
import { decodeNumber } from './redis-cache.ts'
import type { MasterState, RedisStore } from './redis.ts'

/** `at`: when the transaction began that delivered it, in milliseconds since 1970 on Postgres's clock. */
export type Delivered = { id: number; at: number; entry: Change }
/** `horizon`: the oldest transaction that was not over when this was read. What others had delivered was seen. */
export type Deliveries = { delivered: readonly Delivered[]; horizon: string }
/** What was delivered after `since` and comes behind `last`, newest first; with `seen` only what was not seen under that horizon. */
export type ReadDelivered<Read = Delivered[]> = (last: Delivered, since: number, limit: number, seen: string | undefined) => Promise<Read>

/** Who was asked for the fences, over which connections. */
export type Asked = { masters: readonly MasterState[]; generation: number }

/** Deliveries that are read, and fences that are asked for, at once. */
export const DELIVERED_AT_ONCE = 1_000

/**
 * Whether Redis holds the fences of what it was told. The newest are looked for each time. What lies behind them, which is
 * much only after a change of very many pets, is looked for once: as long as
 *
 *   * the same servers (run id, replication id) answer over connections none of which was lost since, and
 *   * none of their heartbeats says an earlier time than was written after that look,
 *
 * they hold what they held then, or have lost their heartbeat together with it. Else all of it is looked for again.
 *
 * When something was delivered does not tell whether it was there to be seen: a relay's transaction bears the time at which it
 * began. So it is told by transactions: seen was what those had delivered that were over by then. Whatever the others
 * commit afterwards is looked for by the next check.
 */
export function createDeliveredFences({ redis, keyspace, read }: {
  redis: Pick<RedisStore, 'get'>
  keyspace: Pick<Keyspace, 'current'>
  /** Undefined where Postgres cannot say. */
  read: ReadDelivered<Delivered[] | undefined>
}) {
  let looked: { lineage: string; horizon: string; servers: string; generation: number; time: number } | undefined

  const areTold = async (entries: readonly Change[]): Promise<boolean> => {
    const { keys } = keyspace.current()
    const expected = new Map<string, number>()
    for (const entry of entries) {
      const { key, least } = toldBy(entry, keys)
      expected.set(key, Math.max(least, expected.get(key) ?? 0))
    }
    const found = await redis.get([...expected.keys()])
    return [...expected.values()].every((least, i) => {
      const has = decodeFence(found[i] ?? '')?.version ?? decodeNumber(found[i])
      return has !== undefined && has >= least
    })
  }

  const seenBefore = ({ masters, generation }: Asked): string | undefined => {
    if (looked === undefined || looked.lineage !== keyspace.current().lineage) return undefined
    if (looked.generation !== generation || looked.servers !== serversOf(masters)) return undefined
    const { time, horizon } = looked
    return masters.every(({ incarnation, heartbeat }) => {
      const beat = decodeHeartbeat(heartbeat)
      return beat !== undefined && beat.incarnation === incarnation && beat.time >= time
    })
      ? horizon
      : undefined
  }

  return {
    /** `newest` of what was delivered after `since`, DELIVERED_AT_ONCE of it. Undefined where Postgres cannot say what else was. */
    areThere: async (newest: Deliveries, since: number, asked: Asked): Promise<boolean | undefined> => {
      const seen = seenBefore(asked)
      for (let page: readonly Delivered[] | undefined = newest.delivered; page !== undefined; ) {
        if (!(await areTold(page.map(({ entry }) => entry)))) return false
        const last: Delivered | undefined = page.at(-1)
        if (last === undefined || page.length < DELIVERED_AT_ONCE) return true
        page = await read(last, since, DELIVERED_AT_ONCE, seen)
      }
      return undefined
    },
    /** All of `newest` and what lay behind it was there, and the heartbeats that say `time` were written after that. */
    confirm: ({ horizon }: Deliveries, { masters, generation }: Asked, time: number): void => {
      looked = { lineage: keyspace.current().lineage, horizon, servers: serversOf(masters), generation, time }
    },
  }
}

export const serversOf = (masters: readonly MasterState[]): string => masters.map(({ incarnation }) => incarnation).sort().join()

/** The key that this was told to, and what it must say at least. */
function toldBy(entry: Change, keys: Keys): { key: string; least: number } {
  switch (entry.kind) {
    case 'pet':
      return { key: keys.fence(entry.petId), least: entry.version }
    case 'product':
      return { key: keys.productFence(entry.productId), least: entry.revision }
    case 'epoch':
      return { key: keys.epoch(), least: entry.epoch }
  }
}
