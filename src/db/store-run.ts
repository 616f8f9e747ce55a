import { randomUUID } from 'node:crypto'
import { and, eq, isNull, or, sql } from 'drizzle-orm'
import { decodeItems, encodeItems, RUN_FORMAT } from '../domain/run-codec.ts'
import { RUN_LIFE_MS, type Run, type StoredRun } from '../domain/run.ts'
import { isOneOf } from './any-of.ts'
import type { Transaction } from './client.ts'
import { isFromTheFuture, itemsText, lifeLeftMs, runColumns, toStoredRun } from './run-rows.ts'
import { cacheEpoch } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'
import { catalogueState, products } from './tables/products.ts'
import { recommendationItems, recommendationRuns } from './tables/runs.ts'

/** What a run was made from beyond the pet: it is stored only while all of it still stands. */
export type MadeFrom = { catalogueVersion: number; revisions: ReadonlyMap<string, number> }

/** `gave-way`: a run of the very same version was there first, and this is it. */
export type StoreOutcome =
  | { kind: 'stored'; run: StoredRun; lifeLeftMs: number }
  | { kind: 'gave-way'; run: StoredRun; lifeLeftMs: number }
  | { kind: 'superseded' }

/**
 * Store a run if nothing it was made from has changed. The advisory locks of its products, or of empty runs, make
 * that check hold until the commit (drizzle/0001_triggers.sql tells how): a writer that went first is waited for and
 * then seen, one that comes later waits for us and its trigger sees our run. A pet that somebody is changing is not
 * waited for: the run is superseded, or will be. The epoch is only looked at: it may be raised behind that, and then
 * the run carries the old one, which counts for nobody. A run of the same version makes room only when it is
 * `replacedAtAgeMs` old: at its end, or a day before where it is refreshed ahead; or when it is from the future.
 *
 * Postgres is asked twice between beginning and commit: for locks and what stands, then for all writing. What is sent
 * together is sent and done in the order it stands here, each statement with a snapshot of its own, which the check
 * counts on (test/db/store-run.test.ts; src/db/client.ts pins the isolation level).
 */
export async function storeRun(tx: Transaction, run: Run, madeFrom: MadeFrom, replacedAtAgeMs: number): Promise<StoreOutcome> {
  if (!(await stillStands(tx, run, madeFrom))) return { kind: 'superseded' }

  const id = randomUUID()
  const { items, petId, conditionsHash, version, epoch, strategy, strategyVersion, emptyReason } = run
  const sameVersion = and(
    eq(recommendationRuns.petId, petId),
    eq(recommendationRuns.conditionsHash, conditionsHash),
    eq(recommendationRuns.version, version),
    eq(recommendationRuns.epoch, epoch),
    eq(recommendationRuns.strategy, strategy),
    eq(recommendationRuns.strategyVersion, strategyVersion),
    eq(recommendationRuns.format, RUN_FORMAT),
    isNull(recommendationRuns.supersededAt),
  )
  const isOld = sql`${recommendationRuns.createdAt} <= now() - ${replacedAtAgeMs}::float8 * interval '1 millisecond'`
  const makingRoom = tx
    .update(recommendationRuns)
    .set({ supersededAt: sql`now()` })
    .where(and(sameVersion, or(isOld, isFromTheFuture)))
    .prepare('make_room')
    .execute()
  const text = encodeItems(items)
  // A run that is still good wins over ours.
  const insertingRun = tx
    .insert(recommendationRuns)
    .values({ id, petId, conditionsHash, version, epoch, strategy, strategyVersion, format: RUN_FORMAT, emptyReason, items: text })
    .onConflictDoNothing()
    .returning({ createdAt: recommendationRuns.createdAt })
    .prepare('insert_run')
    .execute()
  const ranks = sql.param(items.map(({ rank }) => rank))
  const productIds = sql.param(items.map(({ product }) => product.id))
  // Nothing where our run gave way.
  const insertingItems = tx
    .insert(recommendationItems)
    .select(sql`
      select ${recommendationRuns.id}, held.rank, held.product_id, null::jsonb
      from ${recommendationRuns}, unnest(${ranks}::smallint[], ${productIds}::uuid[]) held (rank, product_id)
      where ${recommendationRuns.id} = ${id}::uuid`)
    .prepare('insert_items')
    .execute()
  const [, [inserted]] = await Promise.all([makingRoom, insertingRun, insertingItems])
  if (inserted !== undefined) {
    const createdAt = inserted.createdAt.getTime()
    // As whoever reads it will have it: of parts that other runs share, and none of what it was computed from.
    const kept = decodeItems(text) ?? items
    return { kind: 'stored', run: { ...run, id, createdAt, expiresAt: createdAt + RUN_LIFE_MS, items: kept }, lifeLeftMs: RUN_LIFE_MS }
  }
  const [winner] = await tx.select({ run: runColumns, lifeLeftMs, itemsText }).from(recommendationRuns).where(sameVersion)
  const stored = winner === undefined ? undefined : toStoredRun(winner.run, winner.itemsText, winner.lifeLeftMs, run.lineage)
  return stored === undefined ? { kind: 'superseded' } : { kind: 'gave-way', ...stored }
}

async function stillStands(tx: Transaction, run: Run, madeFrom: MadeFrom): Promise<boolean> {
  const productIds = run.items.map(({ product }) => product.id)
  const holding = tx
    .select({ held: sql`1` })
    .from(sql`hold_for_store(${sql.param(productIds)}::uuid[])`)
    .prepare('hold_for_store')
    .execute()
  const whatItHolds = run.items.length > 0 ? productsStand(tx, productIds, madeFrom) : catalogueStands(tx, madeFrom)
  const theEpoch = tx.select({ epoch: cacheEpoch.epoch, lineage: cacheEpoch.lineage }).from(cacheEpoch).prepare('epoch_now').execute()
  const thePet = tx
    .select({ version: pets.recommendationVersion })
    .from(pets)
    .where(eq(pets.id, run.petId))
    .for('share', { skipLocked: true })
    .prepare('hold_pet')
    .execute()
  const [, holdsWhatStands, [current], [pet]] = await Promise.all([holding, whatItHolds, theEpoch, thePet])
  return holdsWhatStands && current?.epoch === run.epoch && current.lineage === run.lineage && pet?.version === run.version
}

async function productsStand(tx: Transaction, ids: readonly string[], { revisions }: MadeFrom): Promise<boolean> {
  const held = await tx
    .select({ id: products.id, revision: products.revision })
    .from(products)
    .where(isOneOf(products.id, ids))
    .prepare('revisions_now')
    .execute()
  return held.length === ids.length && held.every(({ id, revision }) => revisions.get(id) === revision)
}

/** An empty run was made from all products: any that comes or changes moves the version. */
async function catalogueStands(tx: Transaction, { catalogueVersion }: MadeFrom): Promise<boolean> {
  const version = tx.select({ version: catalogueState.version }).from(catalogueState)
  const [state] = await version.prepare('catalogue_now').execute()
  return state?.version === catalogueVersion
}
