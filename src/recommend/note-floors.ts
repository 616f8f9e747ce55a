import type { Invalidation } from '../cache/recommendation-cache.ts'
import type { Floors } from './floors.ts'

/** What a change has made known to this process. */
export function noteFloors(floors: Floors, entries: readonly Invalidation[]): void {
  for (const entry of entries) {
    if (entry.kind === 'pet') floors.note(entry.lineage, entry.petId, entry.version)
    else if (entry.kind === 'product') floors.note(entry.lineage, entry.productId, entry.revision)
    else floors.noteEpoch(entry.lineage, entry.epoch)
  }
}
