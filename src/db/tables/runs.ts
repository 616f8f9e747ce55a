import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, smallint, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { emptyReasonEnum, strategyEnum } from './enums.ts'
import { pets } from './pets.ts'

/**
 * Stored computations. A run is superseded, not deleted, when a newer one of the same version takes its place
 * (it expired, or was refreshed ahead of that): history keeps it, and the unique index lets one current run stand.
 */
export const recommendationRuns = pgTable(
  'recommendation_runs',
  {
    id: uuid().primaryKey().defaultRandom(),
    petId: uuid('pet_id')
      .notNull()
      .references(() => pets.id, { onDelete: 'cascade' }),
    conditionsHash: text('conditions_hash').notNull().default(''),
    version: bigint({ mode: 'number' }).notNull(),
    epoch: bigint({ mode: 'number' }).notNull(),
    strategy: strategyEnum().notNull(),
    strategyVersion: integer('strategy_version').notNull(),
    /** RUN_FORMAT of the items. */
    format: smallint().notNull(),
    /** All items, best first, as `domain/run-codec.ts` writes them: all that the API shows of them, as it was then. Null where an older release stored them one by one. */
    items: text(),
    emptyReason: emptyReasonEnum('empty_reason'),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    supersededAt: timestamp('superseded_at', { withTimezone: true, precision: 3 }),
  },
  (t) => [
    uniqueIndex('runs_one_current')
      .on(t.petId, t.conditionsHash, t.version, t.epoch, t.strategy, t.strategyVersion, t.format)
      .where(sql`${t.supersededAt} is null`),
    index('runs_pet_newest').on(t.petId, t.createdAt.desc(), t.id.desc()),
    index('runs_epoch').on(t.epoch),
    index('runs_empty').on(t.petId).where(sql`${t.emptyReason} is not null and ${t.supersededAt} is null`),
  ],
)

/** Which runs hold a product: triggers ask. `document` is the item itself where a release before `items` stored it, else null. */
export const recommendationItems = pgTable(
  'recommendation_items',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => recommendationRuns.id, { onDelete: 'cascade' }),
    rank: smallint().notNull(),
    productId: uuid('product_id').notNull(),
    document: jsonb().$type<unknown>(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.rank] }), index('items_product').on(t.productId, t.runId)],
)
