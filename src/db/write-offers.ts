import { inArray, sql } from 'drizzle-orm'
import { summarisePrices } from '../domain/prices.ts'
import type { Db, Transaction } from './client.ts'
import { excludedExcept } from './excluded.ts'
import { offerIdOf, type OfferRecord } from './product-record.ts'
import { offers, priceSnapshots, priceSummaries } from './tables/products.ts'

type OfferRow = typeof offers.$inferSelect
type SnapshotRow = typeof priceSnapshots.$inferSelect
/** Only what differs from what is stored. */
export type OfferPlan = { writes: OfferRow[]; retired: OfferRow[]; snapshots: SnapshotRow[]; movedProducts: Set<string> }

/** What the offers and observed prices of these products would change. */
export async function planOffers(
  executor: Db | Transaction,
  wanted: readonly { productId: string; offers: readonly OfferRecord[] }[],
): Promise<OfferPlan> {
  const productIds = wanted.map(({ productId }) => productId)
  const stored = await executor.select().from(offers).where(inArray(offers.productId, productIds))
  const storedByUrl = new Map(stored.map((row) => [urlKey(row), row]))
  const rows = wanted.flatMap(({ productId, offers }) =>
    offers.map(({ observations, ...offer }) => {
      const id = storedByUrl.get(urlKey({ productId, url: offer.url }))?.id ?? offerIdOf(productId, offer.url)
      return { row: { ...offer, id, productId }, observations }
    }),
  )
  const writes = rows.map(({ row }) => row).filter((row) => !isSame(row, storedByUrl.get(urlKey(row))))
  const listed = new Set(rows.map(({ row }) => row.id))
  const retired = stored.filter(({ id, currentPrice, isPrimary }) => !listed.has(id) && (currentPrice !== null || isPrimary))
  const productOf = new Map(rows.map(({ row }) => [row.id, row.productId]))
  const snapshots = await differingSnapshots(
    executor,
    rows.flatMap(({ row, observations }) => observations.map((observation) => ({ offerId: row.id, ...observation }))),
  )
  const movedProducts = new Set([...writes, ...retired].map(({ productId }) => productId))
  for (const { offerId } of snapshots) movedProducts.add(productOf.get(offerId) ?? '')
  return { writes, retired, snapshots, movedProducts }
}

const urlKey = ({ productId, url }: { productId: string; url: string }) => `${productId} ${url}`

const COMPARED = ['merchant', 'affiliateUrl', 'sellerName', 'currentPrice', 'currency', 'pricePerKg', 'isPrimary'] as const
const isSame = (row: OfferRow, stored: OfferRow | undefined) => stored !== undefined && COMPARED.every((name) => row[name] === stored[name])

/** Compared by Postgres: sixty days of prices for each offer are not worth fetching to find that none is new. */
async function differingSnapshots(executor: Db | Transaction, rows: SnapshotRow[]): Promise<SnapshotRow[]> {
  if (rows.length === 0) return []
  const asked = JSON.stringify(rows.map(({ offerId, observedOn, price }, at) => ({ at, offer_id: offerId, observed_on: observedOn, price })))
  const found = await executor.execute<{ at: number }>(sql`
    select asked.at from jsonb_to_recordset(${asked}::text::jsonb) as asked(at int, offer_id uuid, observed_on date, price int)
    left join ${priceSnapshots} known on known.offer_id = asked.offer_id and known.observed_on = asked.observed_on
    where known.price is distinct from asked.price order by asked.at`)
  return found.flatMap(({ at }) => rows[at] ?? [])
}

/** Call it with the products locked. Statements without rows are left out: their triggers would run all the same. */
export async function writeOffers(tx: Transaction, { writes, retired, snapshots }: OfferPlan): Promise<void> {
  await retire(tx, retired.map(({ id }) => id))
  await upsertOffers(tx, writes)
  await upsertSnapshots(tx, snapshots)
  await refreshSummaries(tx, [...new Set(snapshots.map(({ offerId }) => offerId))])
}

/** An offer that is no longer listed keeps its row and its history, and loses its price: it may come back. */
async function retire(tx: Transaction, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.update(offers).set({ currentPrice: null, pricePerKg: null, isPrimary: false }).where(inArray(offers.id, ids))
}

async function upsertOffers(tx: Transaction, rows: OfferRow[]): Promise<void> {
  if (rows.length === 0) return
  // One primary offer a product is a unique index, checked row by row: the old one steps back before a new one steps up.
  const demoted = rows.filter(({ isPrimary }) => !isPrimary).map(({ id }) => id)
  if (demoted.length > 0) {
    await tx.update(offers).set({ isPrimary: false }).where(sql`${inArray(offers.id, demoted)} and ${offers.isPrimary}`)
  }
  await tx
    .insert(offers)
    .values(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    .onConflictDoUpdate({ target: offers.id, set: excludedExcept(offers, ['id', 'productId', 'url']) })
}


/** As one parameter: a batch can hold more prices than a statement may have parameters (65,534). */
async function upsertSnapshots(tx: Transaction, rows: SnapshotRow[]): Promise<void> {
  if (rows.length === 0) return
  const values = JSON.stringify(rows.map(({ offerId, observedOn, price }) => ({ offer_id: offerId, observed_on: observedOn, price })))
  await tx.execute(sql`
    insert into ${priceSnapshots} (offer_id, observed_on, price)
    select offer_id, observed_on, price from jsonb_to_recordset(${values}::text::jsonb) as rows(offer_id uuid, observed_on date, price int)
    order by offer_id, observed_on
    on conflict (offer_id, observed_on) do update set price = excluded.price`)
}

/** Read back whole: a price that arrives late changes the window of days that were known before. */
async function refreshSummaries(tx: Transaction, offerIds: string[]): Promise<void> {
  if (offerIds.length === 0) return
  const known = await tx.select().from(priceSnapshots).where(inArray(priceSnapshots.offerId, offerIds))
  const byOffer = Map.groupBy(known, ({ offerId }) => offerId)
  const rows = [...byOffer].flatMap(([offerId, observations]) => {
    const summary = summarisePrices(observations)
    return summary === null ? [] : [{ offerId, ...summary }]
  })
  const without = offerIds.filter((id) => !rows.some(({ offerId }) => offerId === id))
  if (without.length > 0) await tx.execute(sql`delete from ${priceSummaries} where ${inArray(priceSummaries.offerId, without)}`)
  if (rows.length === 0) return
  await tx
    .insert(priceSummaries)
    .values(rows)
    .onConflictDoUpdate({ target: priceSummaries.offerId, set: excludedExcept(priceSummaries, ['offerId']) })
}
