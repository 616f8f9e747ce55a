import { sql } from 'drizzle-orm'
import {
  bigint, boolean, date, doublePrecision, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid,
} from 'drizzle-orm/pg-core'
import type { ProductOverrides } from '../../domain/overrides.ts'
import type { ProductFeatures } from '../../domain/product.ts'
import { allergenEnum, lifeStageEnum, merchantEnum, productFormEnum, speciesEnum } from './enums.ts'

/**
 * Products with what their labels say and what the analysis concluded from it. `revision` is written by a trigger,
 * from a sequence, whenever the row changes. `species` null: sold for dogs and cats alike.
 */
export const products = pgTable(
  'products',
  {
    id: uuid().primaryKey().defaultRandom(),
    source: text().notNull(),
    sourceId: text('source_id').notNull(),
    brandName: text('brand_name').notNull(),
    productName: text('product_name').notNull(),
    sizeLabel: text('size_label'),
    species: speciesEnum(),
    form: productFormEnum().notNull(),
    lifeStage: lifeStageEnum('life_stage'),
    isActive: boolean('is_active').notNull().default(true),
    market: text(),
    ingredientsText: text('ingredients_text'),
    proteinPct: doublePrecision('protein_pct'),
    fatPct: doublePrecision('fat_pct'),
    fiberPct: doublePrecision('fiber_pct'),
    moisturePct: doublePrecision('moisture_pct'),
    ashPct: doublePrecision('ash_pct'),
    calciumPct: doublePrecision('calcium_pct'),
    phosphorusPct: doublePrecision('phosphorus_pct'),
    kcalPer100g: doublePrecision('kcal_per_100g'),
    claims: text().array().notNull(),
    breedSizeLabel: text('breed_size_label'),
    /** The allergens of `features`, for people who query. */
    allergens: allergenEnum().array().notNull(),
    features: jsonb().$type<ProductFeatures>().notNull(),
    /** What admins corrected. The other columns hold what a source said with this on top; an import leaves it. */
    overrides: jsonb().$type<ProductOverrides>(),
    /** Of what an import said, before any correction, its analysis included: unchanged rows are told by it. */
    contentHash: text('content_hash').notNull(),
    revision: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (t) => [uniqueIndex('products_source').on(t.source, t.sourceId)],
)

/** Where a product is sold. Prices are whole minor units of the currency; `price_per_kg` is in its major unit. */
export const offers = pgTable(
  'offers',
  {
    id: uuid().primaryKey().defaultRandom(),
    productId: uuid('product_id')
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    merchant: merchantEnum().notNull(),
    url: text().notNull(),
    affiliateUrl: text('affiliate_url'),
    sellerName: text('seller_name'),
    currentPrice: integer('current_price'),
    currency: text().notNull(),
    pricePerKg: doublePrecision('price_per_kg'),
    isPrimary: boolean('is_primary').notNull().default(false),
  },
  (t) => [
    uniqueIndex('offers_product_url').on(t.productId, t.url),
    uniqueIndex('offers_one_primary').on(t.productId).where(sql`${t.isPrimary}`),
  ],
)

export const priceSnapshots = pgTable(
  'price_snapshots',
  {
    offerId: uuid('offer_id')
      .notNull()
      .references(() => offers.id, { onDelete: 'cascade' }),
    observedOn: date('observed_on', { mode: 'string' }).notNull(),
    price: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.offerId, t.observedOn] })],
)

/** The 30 days that end with an offer's newest snapshot, that newest one left out. */
export const priceSummaries = pgTable('price_summaries', {
  offerId: uuid('offer_id')
    .primaryKey()
    .references(() => offers.id, { onDelete: 'cascade' }),
  averagePrice: integer('average_price').notNull(),
  lowestPrice: integer('lowest_price').notNull(),
  snapshotCount: integer('snapshot_count').notNull(),
  newestOn: date('newest_on', { mode: 'string' }).notNull(),
})

/** One row whose version moves with every change of products, offers or price summaries. */
export const catalogueState = pgTable('catalogue_state', {
  onlyRow: boolean('only_row').primaryKey().default(true),
  version: bigint({ mode: 'number' }).notNull(),
})

