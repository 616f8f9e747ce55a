import { and, eq, sql, type SQL } from 'drizzle-orm'
import { boundedRead } from './another-connection.ts'
import { isOneOf } from './any-of.ts'
import { RUN_LIFE_MS, type Run, type StoredRun } from '../domain/run.ts'
import type { Db, Transaction } from './client.ts'
import { bounded, isLockTimeout, isRetryable } from './errors.ts'
import { theEpoch } from './one-row.ts'
import { itemsText, lifeLeftMs, runColumns, toStoredRun, valid } from './run-rows.ts'
import { storeRun, type MadeFrom, type StoreOutcome } from './store-run.ts'
import { cacheEpoch } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'
import { recommendationRuns } from './tables/runs.ts'
import { inTransaction } from './transaction.ts'

/** A pet as the ladder meets it in Postgres, with its run for one set of conditions if a valid one is there. */
export type PetStanding = {
  petId: string
  ownerId: string
  version: number
  epoch: number
  lineage: string
  conditionsHash: string | null
  run: { run: StoredRun; lifeLeftMs: number } | undefined
}

export type RunStore = ReturnType<typeof createRunStore>

export function createRunStore(db: Db) {
  /** The runs are asked for pet by pet: of so few that a plan for ten pets would read all there are, the index finds the one (docs/decisions/027). */
  const standingsWhere = (ofConditions: SQL) => {
    const current = db
      .select({ ...runColumns, lifeLeftMs: lifeLeftMs.as('life_left_ms'), itemsText: itemsText.as('items_text') })
      .from(recommendationRuns)
      .where(and(valid, ofConditions))
      // There are no more of them (runs_one_current). Without it the planner would make an ordinary join of this.
      .limit(sql.placeholder('most'))
      .as('current_run')
    const { lifeLeftMs: left, itemsText: text, ...run } = current._.selectedFields
    return db
      .select({ petId: pets.id, ownerId: pets.userId, version: pets.recommendationVersion, epoch: cacheEpoch.epoch, lineage: cacheEpoch.lineage, run, lifeLeftMs: left, itemsText: text })
      .from(pets)
      .innerJoin(theEpoch, sql`true`)
      .leftJoinLateral(current, sql`true`)
      .where(isOneOf(pets.id, sql.placeholder('petIds')))
  }

  /** Nearly always all are asked for under the same conditions. Where they are not, Postgres plans for those at hand. */
  const standings = standingsWhere(eq(recommendationRuns.conditionsHash, sql.placeholder('hash'))).prepare('pet_standings')
  const standingsOfSeveral = standingsWhere(sql`${recommendationRuns.conditionsHash} = any(${sql.placeholder('hashes')}::text[])`).prepare('pet_standings_of_several')

  /** One statement for all pets and conditions. A pet that is not there has no row; one without a run has one row. */
  const readStandings = async (petIds: readonly string[], hashes: readonly string[]): Promise<PetStanding[]> => {
    const rows = await boundedRead('standings', () =>
      hashes.length === 1
        ? standings.execute({ petIds: [...petIds], hash: hashes[0], most: 1 })
        : standingsOfSeveral.execute({ petIds: [...petIds], hashes: [...hashes], most: hashes.length }),
    )
    return rows.map((row) => ({
      petId: row.petId,
      ownerId: row.ownerId,
      version: row.version,
      epoch: row.epoch,
      lineage: row.lineage,
      conditionsHash: row.run?.conditionsHash ?? null,
      run: row.run === null ? undefined : toStoredRun(row.run, row.itemsText, row.lifeLeftMs, row.lineage),
    }))
  }

  /** See store-run.ts. */
  const store = (run: Run, madeFrom: MadeFrom, replacedAtAgeMs = RUN_LIFE_MS): Promise<StoreOutcome> =>
    bounded('store run', inTransaction(db, (tx) => storeRun(tx, run, madeFrom, replacedAtAgeMs))).catch((error: unknown) => {
      // Somebody is writing just what we read.
      if (isRetryable(error) || isLockTimeout(error)) return { kind: 'superseded' }
      throw error
    })

  /** Delete all runs of a pet. Returns how many there were. */
  const deleteOfPet = async (tx: Transaction, petId: string): Promise<number> => {
    const deleted = await tx.delete(recommendationRuns).where(eq(recommendationRuns.petId, petId)).returning({ id: recommendationRuns.id })
    return deleted.length
  }

  /** Delete up to `limit` runs of epochs that are over. Returns how many. */
  const sweepOldEpochs = async (limit: number): Promise<number> => {
    const deleted = await bounded(
      'sweep runs',
      db.execute<{ id: string }>(sql`
        delete from ${recommendationRuns} where id in (
          select id from ${recommendationRuns} where epoch < (select epoch from ${cacheEpoch}) limit ${limit} for update skip locked)
        returning id`),
    )
    return deleted.length
  }

  return { readStandings, store, deleteOfPet, sweepOldEpochs }
}
