import { and, eq, gt, notExists, sql } from 'drizzle-orm'
import { boundedRead } from './another-connection.ts'
import type { Db } from './client.ts'
import { theEpoch } from './one-row.ts'
import { valid } from './run-rows.ts'
import { cacheEpoch } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'
import { recommendationRuns } from './tables/runs.ts'

export type PetWithoutRun = { petId: string; version: number; epoch: number; lineage: string }

export type PetsWithoutRun = ReturnType<typeof createPetsWithoutRun>

/** Milliseconds. Where almost every pet has a run, a page is found by looking at very many. */
const PAGE_DEADLINE_MS = 60_000
export const BEFORE_ALL_PETS = '00000000-0000-0000-0000-000000000000'

/** Pets whose next reader, asking without conditions, would have to wait for a computation. */
export function createPetsWithoutRun(db: Db) {
  const run = db.select({ one: sql`1` }).from(recommendationRuns).where(and(valid, eq(recommendationRuns.conditionsHash, '')))
  const page = db
    .select({ petId: pets.id, version: pets.recommendationVersion, epoch: cacheEpoch.epoch, lineage: cacheEpoch.lineage })
    .from(pets)
    .innerJoin(theEpoch, sql`true`)
    .where(and(gt(pets.id, sql.placeholder('after')), notExists(run)))
    .orderBy(pets.id)
    .limit(sql.placeholder('limit'))
    .prepare('pets_without_run')

  return {
    /** In the order of their ids, those after one. */
    after: (petId: string, limit: number): Promise<PetWithoutRun[]> =>
      boundedRead('pets without run', () => page.execute({ after: petId, limit }), PAGE_DEADLINE_MS),

    count: async (): Promise<number> => {
      const counting = () => db.select({ count: sql<number>`count(*)::int` }).from(pets).innerJoin(theEpoch, sql`true`).where(notExists(run))
      const [row] = await boundedRead('pets without run', async () => counting(), PAGE_DEADLINE_MS)
      return row?.count ?? 0
    },
  }
}
