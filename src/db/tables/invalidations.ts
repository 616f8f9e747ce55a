import { sql } from 'drizzle-orm'
import { bigint, boolean, customType, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** A transaction's id in 64 bits, as text: it does not wrap around. */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })

/**
 * One row: the generation of everything cached, which clear-all raises, and the lineage of this database, in which
 * versions and epochs tell before from after. `home`: what database_home() said when the lineage was drawn.
 */
export const cacheEpoch = pgTable('cache_epoch', {
  onlyRow: boolean('only_row').primaryKey().default(true),
  epoch: bigint({ mode: 'number' }).notNull(),
  lineage: uuid().notNull().defaultRandom(),
  home: text(),
})

/**
 * The outbox: what Redis must be told, written by triggers in the transaction of the change: a pet has a new version, a
 * product a new revision (in `version` as well), or the epoch moved. `owner_id` null beside a pet: it was deleted. Rows
 * carry no foreign key, they outlive what they speak of. `txid`: the transaction that wrote the row, or that took it as
 * undelivered again.
 */
export const cacheInvalidations = pgTable(
  'cache_invalidations',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    petId: uuid('pet_id'),
    productId: uuid('product_id'),
    version: bigint({ mode: 'number' }),
    ownerId: uuid('owner_id'),
    epoch: bigint({ mode: 'number' }),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    deliveredAt: timestamp('delivered_at', { withTimezone: true, precision: 3 }),
    txid: xid8().notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [
    index('invalidations_undelivered').on(t.txid, t.id).where(sql`${t.deliveredAt} is null`),
    index('invalidations_undelivered_pet').on(t.petId, t.version).where(sql`${t.deliveredAt} is null`),
    index('invalidations_undelivered_product')
      .on(t.productId, t.version)
      .where(sql`${t.deliveredAt} is null and ${t.productId} is not null`),
    index('invalidations_undelivered_epoch')
      .on(t.epoch)
      .where(sql`${t.deliveredAt} is null and ${t.epoch} is not null`),
    index('invalidations_delivered_at').on(t.deliveredAt, t.id).where(sql`${t.deliveredAt} is not null`),
  ],
)
