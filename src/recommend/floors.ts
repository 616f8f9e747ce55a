/**
 * What this process knows by itself: the newest version of a pet, or revision of a product, and the newest epoch, that it
 * changed or answered.
 * Nothing older is answered from a cache, whatever the cache says, so no client of one process ever goes back.
 */
export type Floors = {
  /** Ids of pets and products do not meet: both are UUIDs. */
  note(id: string, version: number): void
  noteEpoch(epoch: number): void
  /** Whether something made from this version and epoch is as new as what is known here. */
  allow(id: string, version: number, epoch: number): boolean
}

/** A floor is kept for `floorMs` at least and twice that at most: two halves take turns, so forgetting costs nothing. */
export function createFloors({ floorMs, monotonicNow }: { floorMs: number; monotonicNow: () => number }): Floors {
  let recent = new Map<string, number>()
  let older = new Map<string, number>()
  let turnAt = monotonicNow() + floorMs
  let newestEpoch = 0

  const turn = () => {
    const now = monotonicNow()
    if (now < turnAt) return
    older = now < turnAt + floorMs ? recent : new Map()
    recent = new Map()
    turnAt = now + floorMs
  }
  const floorOf = (id: string) => Math.max(recent.get(id) ?? 0, older.get(id) ?? 0)

  return {
    note: (id, version) => {
      turn()
      if (version >= floorOf(id)) recent.set(id, version)
    },
    noteEpoch: (epoch) => void (newestEpoch = Math.max(newestEpoch, epoch)),
    allow: (id, version, epoch) => {
      turn()
      return version >= floorOf(id) && epoch >= newestEpoch
    },
  }
}
