import { sql } from 'drizzle-orm'
import type { Db } from './client.ts'
import { bounded } from './errors.ts'
import type { OutboxEntry } from './outbox.ts'
import { cacheEpoch } from './tables/invalidations.ts'

export type EpochStore = ReturnType<typeof createEpochStore>

export function createEpochStore(db: Db) {
  return {
    /** Begin a new epoch. Returns what its trigger wrote to the outbox. */
    raise: async (): Promise<OutboxEntry[]> => {
      const rows = await bounded('raise epoch', db.update(cacheEpoch).set({ epoch: sql`${cacheEpoch.epoch} + 1` }).returning())
      return rows.map(({ epoch, lineage }) => ({ kind: 'epoch', epoch, lineage }))
    },
  }
}
