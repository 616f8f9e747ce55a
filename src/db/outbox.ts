import { and, asc, desc, eq, isNotNull, isNull, lte, sql, type SQL } from 'drizzle-orm'
import type { Db, DbConnection, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { cacheEpoch, cacheInvalidations } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'

/** One thing that the cache must be told; the same shape as the cache's own, which this folder does not import. */
export type OutboxEntry =
  | { kind: 'pet'; petId: string; version: number; ownerId: string | null }
  | { kind: 'epoch'; epoch: number }

/** Pets that are not there are not in the map. */
export type Current = { epoch: number; pets: Map<string, { ownerId: string; version: number }> }

export type Outbox = ReturnType<typeof createOutbox>

const CHANNEL = 'cache_invalidations'

export function createOutbox({ db, sql: client }: Pick<DbConnection, 'db' | 'sql'>) {
  return {
    /**
     * Hand up to `limit` undelivered entries to `deliver`, oldest first, and mark them if it returns true. Rows another
     * process is delivering are skipped, not waited for. What is undelivered is told by its flag alone: ids are drawn
     * before the commit, so a smaller one may still appear after a larger one was seen.
     * Returns how many were delivered.
     */
    deliverBatch: (limit: number, deliver: (entries: OutboxEntry[]) => Promise<boolean>): Promise<number> =>
      bounded(
        'outbox',
        db.transaction(async (tx) => {
          const rows = await tx
            .select()
            .from(cacheInvalidations)
            .where(isNull(cacheInvalidations.deliveredAt))
            .orderBy(asc(cacheInvalidations.id))
            .limit(limit)
            .for('update', { skipLocked: true })
          if (rows.length === 0 || !(await deliver(rows.map(toEntry)))) return 0
          const ids = rows.map(({ id }) => id)
          await tx
            .update(cacheInvalidations)
            .set({ deliveredAt: sql`now()` })
            .where(sql`${cacheInvalidations.id} = any(${sql.param(ids)}::bigint[])`)
          return rows.length
        }),
      ),

    /** Mark what a delivered entry covers: everything of that pet up to its version, or every epoch up to its own. */
    markDelivered: async (entries: readonly OutboxEntry[]): Promise<void> => {
      for (const entry of entries) {
        const covered =
          entry.kind === 'pet'
            ? and(eq(cacheInvalidations.petId, entry.petId), lte(cacheInvalidations.version, entry.version))
            : and(isNull(cacheInvalidations.petId), lte(cacheInvalidations.epoch, entry.epoch))
        await bounded('mark delivered', markWhere(db, and(isNull(cacheInvalidations.deliveredAt), covered)))
      }
    },

    pendingCount: async (): Promise<number> => {
      const [row] = await bounded(
        'pending',
        db.select({ count: sql<number>`count(*)::int` }).from(cacheInvalidations).where(isNull(cacheInvalidations.deliveredAt)),
      )
      return row?.count ?? 0
    },

    /** Take what was written in the last `ms` and delivered as undelivered: the cache may have lost it since. */
    replay: async (ms: number): Promise<void> => {
      const recent = sql`${cacheInvalidations.createdAt} > now() - ${ms} * interval '1 millisecond'`
      await bounded('replay outbox', db.update(cacheInvalidations).set({ deliveredAt: null }).where(and(isNotNull(cacheInvalidations.deliveredAt), recent)))
    },

    /** Forget what was delivered and written longer ago than `ms`. */
    purgeDelivered: async (ms: number): Promise<void> => {
      const old = sql`${cacheInvalidations.createdAt} < now() - ${ms} * interval '1 millisecond'`
      await bounded('purge outbox', db.delete(cacheInvalidations).where(and(isNotNull(cacheInvalidations.deliveredAt), old)))
    },

    /** Versions and owners as Postgres has them now, in one statement: what the cache is compared with where its word is not enough. */
    current: async (petIds: readonly string[]): Promise<Current> => {
      const rows = await bounded(
        'versions',
        db
          .select({ epoch: cacheEpoch.epoch, petId: pets.id, ownerId: pets.userId, version: pets.recommendationVersion })
          .from(cacheEpoch)
          .leftJoin(pets, sql`${pets.id} = any(${sql.param([...petIds])}::uuid[])`),
      )
      const found = rows.flatMap(({ petId, ownerId, version }) =>
        petId === null || ownerId === null || version === null ? [] : [[petId, { ownerId, version }] as const],
      )
      return { epoch: rows[0]?.epoch ?? 0, pets: new Map(found) }
    },

    /**
     * Call `wake` on every notification and on every (re)connect of the listening connection: what was notified while
     * it was away is lost, so each connect counts as one.
     */
    listen: async (wake: () => void): Promise<{ close(): Promise<void> }> => {
      const { unlisten } = await client.listen(CHANNEL, wake, wake)
      return { close: unlisten }
    },
  }
}

/** What of these pets is undelivered, the newest version of each: asked in the transaction of a change, after it. */
export async function pendingOf(tx: Transaction, petIds: readonly string[]): Promise<OutboxEntry[]> {
  const rows = await tx
    .selectDistinctOn([cacheInvalidations.petId])
    .from(cacheInvalidations)
    .where(and(isNull(cacheInvalidations.deliveredAt), sql`${cacheInvalidations.petId} = any(${sql.param([...petIds])}::uuid[])`))
    .orderBy(asc(cacheInvalidations.petId), desc(cacheInvalidations.version))
  return rows.map(toEntry)
}

/** Rows that a relay holds are left to it. */
async function markWhere(db: Db, where: SQL | undefined): Promise<void> {
  const free = db.select({ id: cacheInvalidations.id }).from(cacheInvalidations).where(where).for('update', { skipLocked: true })
  await db.update(cacheInvalidations).set({ deliveredAt: sql`now()` }).where(sql`${cacheInvalidations.id} in (${free})`)
}

function toEntry(row: typeof cacheInvalidations.$inferSelect): OutboxEntry {
  if (row.petId !== null && row.version !== null) return { kind: 'pet', petId: row.petId, version: row.version, ownerId: row.ownerId }
  return { kind: 'epoch', epoch: row.epoch ?? 0 }
}
