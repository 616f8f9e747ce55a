import { and, eq, inArray, sql } from 'drizzle-orm'
import { READABLE_FORMATS } from '../domain/run-codec.ts'
import type { StoredRun } from '../domain/run.ts'
import type { Db } from './client.ts'
import { bounded } from './errors.ts'
import { theEpoch } from './one-row.ts'
import { itemsText, lifeLeftMs, runColumns, toStoredRun, valid } from './run-rows.ts'
import { cacheEpoch } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'
import { recommendationRuns } from './tables/runs.ts'

/** `isCurrent`: the ladder would answer with it now, to whoever asks under its conditions. */
export type PastRun = { run: StoredRun; isCurrent: boolean }

/** Where a run stands among those of its pet; `createdAt` in milliseconds since 1970. */
export type HistoryPlace = { createdAt: number; id: string }

export type HistoryStore = ReturnType<typeof createHistoryStore>

/** Before every run, for the first page. Instead of no condition at all: one statement is planned once for all pages. */
const NEWEST = { createdAt: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }

/**
 * What was recommended to a pet, under conditions or not, still current or not. A store of its own: these reads bear a
 * replica that lags, those of runs.ts do not.
 *
 * A page begins below the place where the last one ended, and no run ever changes its place. So whatever is stored or
 * deleted between two pages, nothing that stays is left out or comes twice.
 */
export function createHistoryStore(db: Db) {
  const newestFirst = db
    .select({ run: runColumns, itemsText, lifeLeftMs, lineage: cacheEpoch.lineage, isCurrent: sql<boolean>`coalesce(${valid}, false)` })
    .from(recommendationRuns)
    .innerJoin(pets, eq(pets.id, recommendationRuns.petId))
    .innerJoin(theEpoch, sql`true`)
    .where(
      and(
        eq(recommendationRuns.petId, sql.placeholder('petId')),
        // Here and not when they are read: a page is then as long as was asked for.
        inArray(recommendationRuns.format, READABLE_FORMATS),
        sql`(${recommendationRuns.createdAt}, ${recommendationRuns.id}) < (${sql.placeholder('createdAt')}::timestamptz, ${sql.placeholder('id')}::uuid)`,
      ),
    )
    // In the words of the index: "nulls first" is the default, and would be sorted anew.
    .orderBy(sql`${recommendationRuns.createdAt} desc nulls last`, sql`${recommendationRuns.id} desc nulls last`)
    .limit(sql.placeholder('limit'))
    .prepare('run_history')

  const read = (petId: string, limit: number, after: HistoryPlace | undefined) => {
    const below = after === undefined ? NEWEST : { createdAt: new Date(after.createdAt).toISOString(), id: after.id }
    return bounded('history', newestFirst.execute({ petId, limit, ...below }))
  }

  return {
    /**
     * Newest first, those after `after`, in one statement. Fewer than `limit` only where there are no more. Runs that this
     * release cannot read are left out; what cannot be read though its format says so takes one statement more.
     */
    page: async (petId: string, limit: number, after: HistoryPlace | undefined): Promise<PastRun[]> => {
      const found: PastRun[] = []
      for (let place = after; ; ) {
        const wanted = limit - found.length
        const rows = await read(petId, wanted, place)
        for (const row of rows) {
          const stored = toStoredRun(row.run, row.itemsText, row.lifeLeftMs, row.lineage)
          if (stored !== undefined) found.push({ run: stored.run, isCurrent: row.isCurrent })
        }
        const last = rows.at(-1)?.run
        if (last === undefined || rows.length < wanted || found.length === limit) return found
        place = { createdAt: last.createdAt.getTime(), id: last.id }
      }
    },
  }
}
