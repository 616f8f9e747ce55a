import { sql } from 'drizzle-orm'
import type { Marks } from '../domain/marks.ts'
import type { Db, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { READ_ONLY_CODE } from './read-only.ts'
import { inTransaction } from './transaction.ts'

/** What a database says of itself; `isHome`: it is where its lineage was drawn (database_home() in drizzle/). */
export type DatabaseState = { lineage: string; isHome: boolean; marks: Marks }

/** One row of `databaseState`. */
export type StateRow = Marks & { lineage: string; isHome: boolean; isStandby: boolean }

/**
 * What a statement selects, from nothing else, to know which database this is and how far it has come. A sequence's last
 * value is read outside of any snapshot, so it is never older than the rows that were read with it.
 */
export const databaseState = sql`
  pg_is_in_recovery() as "isStandby", lineage::text as lineage, coalesce(home = database_home(), false) as "isHome",
  coalesce(pg_sequence_last_value('public.recommendation_version_seq'), 0)::float8 as version,
  coalesce(pg_sequence_last_value('public.product_revision_seq'), 0)::float8 as revision,
  case when pg_is_in_recovery() then 0 else pg_current_wal_flush_lsn() - '0/0' end::float8 as wal,
  epoch::float8 as epoch, (select version from catalogue_state)::float8 as catalogue,
  floor(extract(epoch from now()) * 1000)::float8 as clock`

/** Throws for a standby, as it would itself for a write: what it says may be long past. */
export function toDatabaseState({ lineage, isHome, isStandby, version, revision, wal, epoch, catalogue, clock }: StateRow): DatabaseState {
  if (isStandby) throw Object.assign(new Error('Postgres is a standby: it is read-only'), { code: READ_ONLY_CODE })
  return { lineage, isHome, marks: { version, revision, wal, epoch, catalogue, clock } }
}

/** Milliseconds: the outbox of a day may be long. */
const DRAW_DEADLINE_MS = 60_000

/**
 * What the outbox holds of versions that are still to be drawn. Nothing of the kind is ever right, so it may go whoever
 * draws in the end; and in a transaction of its own, since it may take long and everybody waits for the row of cache_epoch.
 */
async function deleteForgotten(tx: Transaction): Promise<void> {
  await tx.execute(sql`select set_config('statement_timeout', ${String(DRAW_DEADLINE_MS)}, true)`)
  await tx.execute(sql`
    delete from cache_invalidations where case
      when pet_id is not null then version > coalesce(pg_sequence_last_value('public.recommendation_version_seq'), 0)
      when product_id is not null then version > coalesce(pg_sequence_last_value('public.product_revision_seq'), 0)
      else epoch > (select epoch from cache_epoch) end`)
}

export function createLineageStore(db: Db) {
  const lineageNow = async (): Promise<string> => {
    const [row] = await bounded('lineage', db.execute<{ lineage: string }>(sql`select lineage::text as lineage from cache_epoch`))
    if (row === undefined) throw new Error('postgres: cache_epoch has no row')
    return row.lineage
  }

  return {
    read: async (): Promise<DatabaseState> => {
      const [row] = await bounded('database', db.execute<StateRow>(sql`select ${databaseState} from cache_epoch`))
      if (row === undefined) throw new Error('postgres: cache_epoch has no row')
      return toDatabaseState(row)
    },

    /**
     * A new lineage in place of `former`, drawn by the first of all gateways that ask. Returns which one it is now.
     *
     * `isInPart`: the database is where it was, but numbers in it are lower than they were. Then its outbox may not have
     * been set back with them, and what it holds of versions that are still to be drawn must be told to nobody: a fence
     * of such a version would let no change past it.
     */
    draw: async (former: string, isInPart: boolean): Promise<string> => {
      if (isInPart) await bounded('forget versions', inTransaction(db, deleteForgotten, undefined, DRAW_DEADLINE_MS), DRAW_DEADLINE_MS)
      // Runs have no lineage. Those of a future that was forgotten would be valid again once its epoch and versions come.
      const epoch = isInPart ? sql`greatest(epoch, coalesce((select max(epoch) from recommendation_runs), 0)) + 1` : sql`epoch`
      const drawing = sql`
        update cache_epoch set lineage = gen_random_uuid(), home = database_home(), epoch = ${epoch} where lineage = ${former}::uuid
        returning lineage::text as lineage`
      const [row] = await bounded('draw lineage', db.execute<{ lineage: string }>(drawing))
      return row?.lineage ?? lineageNow()
    },
  }
}
