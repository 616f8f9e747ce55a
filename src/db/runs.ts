import { and, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import { boundedRead } from './another-connection.ts'
import { decodeItems, encodeItems, RUN_FORMAT } from '../domain/run-codec.ts'
import { RUN_LIFE_MS, STRATEGY, type Run, type StoredRun } from '../domain/run.ts'
import type { Db, Transaction } from './client.ts'
import { bounded, isRetryable } from './errors.ts'
import { cacheEpoch } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'
import { catalogueState, products } from './tables/products.ts'
import { recommendationItems, recommendationRuns } from './tables/runs.ts'
import { inTransaction } from './transaction.ts'

/** A pet as the ladder meets it in Postgres, with its run for one set of conditions if a valid one is there. */
export type PetStanding = {
  petId: string
  ownerId: string
  version: number
  epoch: number
  conditionsHash: string | null
  run: { run: StoredRun; lifeLeftMs: number } | undefined
}

/** What a run was made from beyond the pet: it is stored only while all of it still stands. */
export type MadeFrom = { catalogueVersion: number; revisions: ReadonlyMap<string, number> }

/** `gave-way`: a run of the very same version was there first, and this is it. */
export type StoreOutcome =
  | { kind: 'stored'; run: StoredRun; lifeLeftMs: number }
  | { kind: 'gave-way'; run: StoredRun; lifeLeftMs: number }
  | { kind: 'superseded' }

export type RunStore = ReturnType<typeof createRunStore>

const LIFE = sql.raw(`interval '${RUN_LIFE_MS} milliseconds'`)
/** What Postgres's clock leaves of it. */
export const lifeLeftMs = sql<number>`(extract(epoch from ${recommendationRuns.createdAt} + ${LIFE} - now()) * 1000)::float8`
/**
 * The items of a run, best first, as text. What an older release stored, and may still be storing beside us, is put
 * together from its items; nothing is looked up for a run that has its text (docs/decisions/020).
 */
export const itemsText = sql<string>`coalesce(${recommendationRuns.items}, (
  select coalesce(json_agg(${recommendationItems.document} order by ${recommendationItems.rank})::text, '[]')
  from ${recommendationItems} where ${recommendationItems.runId} = ${recommendationRuns.id}))`
const { items: _items, ...columnsWithoutItems } = getTableColumns(recommendationRuns)
/** A run without what makes it long: that is read once, as `itemsText`. */
export const runColumns = columnsWithoutItems

/** The one condition that makes a stored run an answer; Postgres's clock decides about its age. Asked of runs, pets and the epoch side by side. */
export const valid = and(
  eq(recommendationRuns.petId, pets.id),
  eq(recommendationRuns.version, pets.recommendationVersion),
  eq(recommendationRuns.epoch, cacheEpoch.epoch),
  eq(recommendationRuns.strategy, STRATEGY.name),
  eq(recommendationRuns.strategyVersion, STRATEGY.version),
  eq(recommendationRuns.format, RUN_FORMAT),
  isNull(recommendationRuns.supersededAt),
  sql`${recommendationRuns.createdAt} > now() - ${LIFE}`,
)

export function createRunStore(db: Db) {
  const standings = db
    .select({
      petId: pets.id,
      ownerId: pets.userId,
      version: pets.recommendationVersion,
      epoch: cacheEpoch.epoch,
      run: runColumns,
      lifeLeftMs,
      itemsText,
    })
    .from(pets)
    .innerJoin(cacheEpoch, sql`true`)
    .leftJoin(recommendationRuns, and(valid, sql`${recommendationRuns.conditionsHash} = any(${sql.placeholder('hashes')}::text[])`))
    .where(sql`${pets.id} = any(${sql.placeholder('petIds')}::uuid[])`)
    .prepare('pet_standings')

  /** One statement for all pets and conditions. A pet that is not there has no row; one without a run has one row. */
  const readStandings = async (petIds: readonly string[], hashes: readonly string[]): Promise<PetStanding[]> => {
    const rows = await boundedRead('standings', () => standings.execute({ petIds: [...petIds], hashes: [...hashes] }))
    return rows.map((row) => ({
      petId: row.petId,
      ownerId: row.ownerId,
      version: row.version,
      epoch: row.epoch,
      conditionsHash: row.run?.conditionsHash ?? null,
      run: row.run === null ? undefined : toStoredRun(row.run, row.itemsText, row.lifeLeftMs),
    }))
  }

  /**
   * Store a run if nothing it was made from has changed. The share locks make that check hold until the commit: a
   * writer that went first is waited for and then seen, one that comes later waits for us and its trigger sees our run.
   * Locks are taken in the order that drizzle/0001_triggers.sql states. A run of the same version makes room only when
   * it is `replacedAtAgeMs` old: at its end, or a day before where it is refreshed ahead.
   */
  const store = (run: Run, madeFrom: MadeFrom, replacedAtAgeMs = RUN_LIFE_MS): Promise<StoreOutcome> =>
    bounded('store run', inTransaction(db, (tx) => storeIn(tx, run, madeFrom, replacedAtAgeMs))).catch((error: unknown) => {
      // A deadlock or a serialization failure means that somebody is writing just what we read.
      if (isRetryable(error)) return { kind: 'superseded' }
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

async function storeIn(tx: Transaction, run: Run, madeFrom: MadeFrom, replacedAtAgeMs: number): Promise<StoreOutcome> {
  if (!(await stillStands(tx, run, madeFrom))) return { kind: 'superseded' }

  const sameVersion = and(
    eq(recommendationRuns.petId, run.petId),
    eq(recommendationRuns.conditionsHash, run.conditionsHash),
    eq(recommendationRuns.version, run.version),
    eq(recommendationRuns.epoch, run.epoch),
    eq(recommendationRuns.strategy, run.strategy),
    eq(recommendationRuns.strategyVersion, run.strategyVersion),
    eq(recommendationRuns.format, RUN_FORMAT),
    isNull(recommendationRuns.supersededAt),
  )
  // A run that is still good wins over ours.
  await tx
    .update(recommendationRuns)
    .set({ supersededAt: sql`now()` })
    .where(and(sameVersion, sql`${recommendationRuns.createdAt} <= now() - ${replacedAtAgeMs} * interval '1 millisecond'`))
  const [inserted] = await tx
    .insert(recommendationRuns)
    .values({
      petId: run.petId,
      conditionsHash: run.conditionsHash,
      version: run.version,
      epoch: run.epoch,
      strategy: run.strategy,
      strategyVersion: run.strategyVersion,
      format: RUN_FORMAT,
      emptyReason: run.emptyReason,
      items: encodeItems(run.items),
    })
    .onConflictDoNothing()
    .returning({ id: recommendationRuns.id, createdAt: recommendationRuns.createdAt })
  if (inserted === undefined) {
    const [winner] = await tx.select({ run: runColumns, lifeLeftMs, itemsText }).from(recommendationRuns).where(sameVersion)
    const stored = winner === undefined ? undefined : toStoredRun(winner.run, winner.itemsText, winner.lifeLeftMs)
    return stored === undefined ? { kind: 'superseded' } : { kind: 'gave-way', ...stored }
  }
  if (run.items.length > 0) {
    await tx.insert(recommendationItems).values(run.items.map(({ rank, product }) => ({ runId: inserted.id, rank, productId: product.id })))
  }
  const createdAt = inserted.createdAt.getTime()
  return { kind: 'stored', run: { ...run, id: inserted.id, createdAt, expiresAt: createdAt + RUN_LIFE_MS }, lifeLeftMs: RUN_LIFE_MS }
}

async function stillStands(tx: Transaction, run: Run, madeFrom: MadeFrom): Promise<boolean> {
  const productIds = run.items.map(({ product }) => product.id).sort()
  if (productIds.length > 0) {
    const held = await tx
      .select({ id: products.id, revision: products.revision })
      .from(products)
      .where(sql`${products.id} = any(${sql.param(productIds)}::uuid[])`)
      .orderBy(products.id)
      .for('share')
    if (held.length !== productIds.length || held.some(({ id, revision }) => madeFrom.revisions.get(id) !== revision)) return false
  } else {
    const [state] = await tx.select().from(catalogueState).for('share')
    if (state?.version !== madeFrom.catalogueVersion) return false
  }
  const [current] = await tx.select().from(cacheEpoch).for('share')
  if (current?.epoch !== run.epoch) return false
  const [pet] = await tx.select({ version: pets.recommendationVersion }).from(pets).where(eq(pets.id, run.petId)).for('share')
  return pet?.version === run.version
}

/** Undefined where the items are not of the run's format, or of one that nobody reads. */
export function toStoredRun(
  row: Omit<typeof recommendationRuns.$inferSelect, 'items'>,
  text: string,
  left: number,
): { run: StoredRun; lifeLeftMs: number } | undefined {
  const items = decodeItems(text, row.format)
  if (items === undefined) return undefined
  const { id, petId, conditionsHash, version, epoch, strategy, strategyVersion, emptyReason } = row
  const createdAt = row.createdAt.getTime()
  const run = { id, petId, version, epoch, strategy, strategyVersion, conditionsHash, createdAt, expiresAt: createdAt + RUN_LIFE_MS, emptyReason, items }
  return { run, lifeLeftMs: left }
}
