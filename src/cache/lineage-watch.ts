import { behind, furthest, NO_MARKS, type Marks } from '../domain/marks.ts'
import type { Logger } from '../lib/logger.ts'
import type { Keyspace } from './keyspace.ts'

/** What a database says of itself; `isHome` false: its lineage was drawn by another database, or before it moved. */
export type DatabaseState = { lineage: string; isHome: boolean; marks: Marks }

/** What the watch needs of Postgres; `db/lineage.ts` keeps it. */
export type LineageStore = {
  /**
   * A new lineage in place of this one, unless somebody has drawn one already. `isInPart`: the database is where it was,
   * and perhaps not all of it went back. Returns which lineage it is in now.
   */
  draw(former: string, isInPart: boolean): Promise<string>
}

/**
 * Compare what the database says of itself with what was known, and with what `others` had seen before it was asked.
 * 'moved': it is another one now, and nothing that was known holds.
 */
export type Judge = (state: DatabaseState, others: readonly Marks[]) => Promise<'same' | 'moved'>

export type LineageWatch = {
  /** To be called before Postgres is asked: what is learned meanwhile, the answer need not know of. */
  look(): Judge
  /** What this process was told of versions, and in which lineage, by whatever it is to deliver. */
  note(lineage: string, version: number): void
  onMoved(listener: (former: string | undefined) => void): void
}

/**
 * Versions, revisions and epochs tell before from after only within one history of one database. A copy of a database
 * goes on with the same numbers for other changes; so does the database itself once it went back: a failover that lost
 * commits, a restore from a backup, a dump put back. A cached run of version 78 would then be believed beside a pet
 * whose version 78 was something else, and a change that draws version 35 would never get past a fence of 78.
 *
 * So every history has a lineage, a UUID beside the epoch in Postgres. All keys in Redis carry it, and every run, profile
 * and score that is to be cached was read together with it. It is drawn anew by whichever gateway first finds, in one of
 * its checks, that
 *
 *   * the database is not where the lineage was drawn: another server (system identifier), another database of it
 *     (oid), another timeline (a standby was promoted, a backup restored to a point in time), tables that were dropped
 *     and restored (oid of cache_epoch); or
 *   * it has come less far than it had before: lower marks than this process, or a heartbeat in Redis, has seen; or
 *   * its clock was set back: what is delivered from then on would seem to lie before a heartbeat that a replica of Redis
 *     still has, also once the clock has passed its former time.
 *
 * The others find the new lineage in their next check, or in the first change that they are to deliver. Whoever moves
 * forgets the runs and floors that it remembers, and leaves its connections, some of which may lead to the server of
 * before. What Redis holds under the former keys is seen no more, nor is what was remembered with that lineage.
 */
export function createLineageWatch({ store, keyspace, logger }: {
  store: LineageStore
  keyspace: Keyspace
  logger: Logger
}): LineageWatch {
  const listeners: ((former: string | undefined) => void)[] = []
  let known: string | undefined
  let seen: Marks = NO_MARKS

  const moveTo = (lineage: string, marks: Marks, why: object): 'moved' => {
    const former = known
    known = lineage
    keyspace.enter(lineage)
    if (former === lineage) return 'moved'
    seen = marks
    if (former !== undefined) logger.warn({ former, lineage, ...why }, 'postgres or its clock went back, or it is another database: all that was cached is dropped')
    for (const listener of listeners) listener(former)
    return 'moved'
  }

  return {
    look: () => {
      const before = seen
      const lookedIn = known
      return async ({ lineage, isHome, marks }, others) => {
        const isKnown = keyspace.isKnown() && keyspace.current().lineage === lineage
        // Marks of another lineage say nothing of this one: it may have been drawn since the look began.
        const wentBack = behind(marks, isKnown && lookedIn === lineage ? furthest([before, ...others]) : NO_MARKS)
        if (!isHome || wentBack.length > 0) {
          const isInPart = isHome && wentBack.some((name) => name !== 'clock')
          return moveTo(await store.draw(lineage, isInPart), marks, { isHome, wentBack })
        }
        if (!isKnown) return moveTo(lineage, marks, {})
        seen = furthest([seen, marks])
        return 'same'
      }
    },
    note: (lineage, version) => {
      if (!keyspace.isKnown()) return
      // Whatever was read last was read in another lineage: a change of ours may be seen there and not in what is cached.
      if (keyspace.current().lineage !== lineage) keyspace.leave()
      else if (version > seen.version) seen = { ...seen, version }
    },
    onMoved: (listener) => void listeners.push(listener),
  }
}
