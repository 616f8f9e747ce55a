import type { Keyspace } from '../cache/keyspace.ts'

/**
 * What this process knows by itself: the newest version of a pet, or revision of a product, and the newest epoch, that it
 * changed or answered.
 * `lineage`: of the database that it is known of. What belongs to another than the cache is of now is kept aside until
 * the cache is of that one: a change may be committed before this process has found out that the database moved.
 * Nothing older is answered from a cache, whatever the cache says, so no client of one process ever goes back.
 */
export type Floors = {
  /** Ids of pets and products do not meet: both are UUIDs. */
  note(lineage: string, id: string, version: number): void
  noteEpoch(lineage: string, epoch: number): void
  /** The database went back, or is another one: what was known of versions and epochs holds no more. */
  forget(): void
  /** Whether something made from this version and epoch is as new as what is known here. */
  allow(id: string, version: number, epoch: number): boolean
}

/**
 * A floor is kept for `floorMs` at least and twice that at most: two halves take turns, so forgetting costs nothing. None
 * ends while `mayForget` says no, nor in the `floorMs` after it: while Postgres cannot be asked, a Redis that came back
 * with old data is answered from unconfirmed, and nothing but a floor knows better.
 */
export function createFloors({ floorMs, mayForget, keyspace, monotonicNow }: {
  floorMs: number
  mayForget: () => boolean
  keyspace: Pick<Keyspace, 'current' | 'isKnown'>
  monotonicNow: () => number
}): Floors {
  let recent = new Map<string, number>()
  let older = new Map<string, number>()
  let turnAt = monotonicNow() + floorMs
  let newestEpoch = 0
  let aside: { lineage: string; versions: Map<string, number>; epoch: number } | undefined

  const asideOf = (lineage: string) => {
    if (aside?.lineage !== lineage) aside = { lineage, versions: new Map(), epoch: 0 }
    return aside
  }
  const turn = () => {
    if (aside !== undefined && isCurrent(aside.lineage)) {
      for (const [id, version] of aside.versions) recent.set(id, Math.max(version, recent.get(id) ?? 0))
      newestEpoch = Math.max(newestEpoch, aside.epoch)
      aside = undefined
    }
    const now = monotonicNow()
    if (!mayForget()) turnAt = now + floorMs
    if (now < turnAt) return
    older = now < turnAt + floorMs ? recent : new Map()
    recent = new Map()
    turnAt = now + floorMs
  }
  const isCurrent = (lineage: string) => keyspace.isKnown() && keyspace.current().lineage === lineage
  const floorOf = (id: string) => Math.max(recent.get(id) ?? 0, older.get(id) ?? 0)

  return {
    note: (lineage, id, version) => {
      turn()
      if (!isCurrent(lineage)) asideOf(lineage).versions.set(id, version)
      else if (version >= floorOf(id)) recent.set(id, version)
    },
    noteEpoch: (lineage, epoch) => {
      if (isCurrent(lineage)) newestEpoch = Math.max(newestEpoch, epoch)
      else asideOf(lineage).epoch = epoch
    },
    forget: () => {
      recent = new Map()
      older = new Map()
      newestEpoch = 0
    },
    allow: (id, version, epoch) => {
      turn()
      return version >= floorOf(id) && epoch >= newestEpoch
    },
  }
}
