import { asc, inArray, sql } from 'drizzle-orm'
import { isDeepStrictEqual } from 'node:util'
import { featuresUnder, overlaid, type ProductOverrides } from '../domain/overrides.ts'
import type { Db, Transaction } from './client.ts'
import { excludedExcept } from './excluded.ts'
import { contentHashOf, productIdOf, type ProductRecord } from './product-record.ts'
import { products } from './tables/products.ts'
import { planOffers, writeOffers, type OfferPlan } from './write-offers.ts'
import { inTransaction } from './transaction.ts'

export type WriteOutcome = 'inserted' | 'changed' | 'unchanged'

type ProductRow = typeof products.$inferInsert & { id: string }
type Planned = { record: ProductRecord; row: ProductRow; outcome: WriteOutcome; writesRow: boolean }
type Plan = { products: Planned[]; offers: OfferPlan }

/** Any constant that nothing else on the server uses. */
const WRITERS_LOCK = 7_203_346_119

/**
 * How sources write products: the whole batch in one transaction, or nothing of it. Answers in the order of the batch,
 * in which no (source, sourceId) may stand twice. What admins corrected (see correct-product.ts) stays on top of what a
 * source says, be it the same as before or new.
 *
 * What is as it was is not written, not locked and sets off no trigger. So the batch is compared twice: once without any
 * lock, which is all a second import ever does, and what differs once more under the locks, since another importer may
 * have written it in between. Importers take turns. Everybody else meets us in the order of product ids, and products
 * come before catalogue_state (see drizzle/0001_triggers.sql), so all rows are locked before the first one is written.
 */
export async function writeProducts(db: Db, batch: readonly ProductRecord[]): Promise<WriteOutcome[]> {
  const first = await plan(db, batch)
  const differing = first.products.filter(({ outcome }) => outcome !== 'unchanged')
  if (differing.length === 0) return first.products.map(({ outcome }) => outcome)

  const written = await inTransaction(db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${WRITERS_LOCK})`)
    await tx
      .select({ id: products.id })
      .from(products)
      .where(inArray(products.id, differing.map(({ row }) => row.id)))
      .orderBy(asc(products.id))
      .for('no key update')
    const final = await plan(tx, differing.map(({ record }) => record))
    await writeRows(tx, final.products.filter(({ writesRow }) => writesRow).map(({ row }) => row))
    await writeOffers(tx, final.offers)
    return new Map(final.products.map(({ record, outcome }) => [record, outcome]))
  })
  return batch.map((record) => written.get(record) ?? 'unchanged')
}

async function plan(executor: Db | Transaction, batch: readonly ProductRecord[]): Promise<Plan> {
  const stored = await readStored(executor, batch)
  const rows = batch.map((record) => {
    const known = stored.get(keyOf(record))
    const row = toRow(record, known?.id ?? productIdOf(record.source, record.sourceId), known?.overrides ?? null)
    // Under corrections the analysis may conclude something else though it concludes the same from the label alone.
    const isAnalysedAnew = known !== undefined && known.overrides !== null && !isDeepStrictEqual(known.features, row.features)
    return { record, row, known: known !== undefined, writesRow: known?.contentHash !== row.contentHash || isAnalysedAnew }
  })
  const offers = await planOffers(executor, rows.map(({ record, row }) => ({ productId: row.id, offers: record.offers })))
  return {
    offers,
    products: rows.map(({ record, row, known, writesRow }) => ({
      record, row, writesRow,
      outcome: !known ? 'inserted' : writesRow || offers.movedProducts.has(row.id) ? 'changed' : 'unchanged',
    })),
  }
}

const keyOf = ({ source, sourceId }: { source: string; sourceId: string }) => JSON.stringify([source, sourceId])

async function readStored(executor: Db | Transaction, batch: readonly ProductRecord[]) {
  const keys = JSON.stringify(batch.map(({ source, sourceId }) => ({ source, source_id: sourceId })))
  const { id, source, sourceId, contentHash, overrides } = products
  const features = sql<unknown>`case when ${overrides} is not null then ${products.features} end`
  const rows = await executor
    .select({ id, source, sourceId, contentHash, overrides, features })
    .from(products)
    .innerJoin(
      sql`jsonb_to_recordset(${keys}::text::jsonb) as wanted(source text, source_id text)`,
      sql`wanted.source = ${products.source} and wanted.source_id = ${products.sourceId}`,
    )
  return new Map(rows.map((row) => [keyOf(row), row]))
}

function toRow(record: ProductRecord, id: string, overrides: ProductOverrides | null): ProductRow {
  const written = overrides === null ? record : overlaid(record, overrides)
  const features = overrides === null ? record.features : featuresUnder(written, overrides)
  const { nutrition, offers: _offers, claims, ...rest } = written
  const allergens = features.allergens.map(({ allergen }) => allergen)
  return { ...rest, ...nutrition, id, claims: [...claims], features, allergens, contentHash: contentHashOf(record) }
}

/** Sorted by id, in one statement: the triggers on products run once for the batch, after its last row is locked. */
async function writeRows(tx: Transaction, rows: readonly ProductRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insert(products)
    .values(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    .onConflictDoUpdate({
      target: [products.source, products.sourceId],
      set: excludedExcept(products, ['id', 'source', 'sourceId', 'overrides', 'revision', 'createdAt', 'updatedAt']),
      setWhere: sql`${products.contentHash} <> excluded.content_hash or ${products.features} <> excluded.features`,
    })
}
