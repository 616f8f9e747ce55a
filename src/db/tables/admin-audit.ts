import { bigint, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/**
 * What admins did: one row for each attempt, there before it begins. `outcome` is `started` until the attempt has ended,
 * then `ok` or the error code that the admin was told. A row that stays `started` is of a process that died in between,
 * and nobody knows more. No foreign keys: rows outlive what they speak of.
 */
export const adminAudit = pgTable('admin_audit', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  adminId: uuid('admin_id').notNull(),
  /** The name of the mutation, or `forceRefresh`. */
  action: text().notNull(),
  petId: uuid('pet_id'),
  productId: uuid('product_id'),
  requestId: text('request_id').notNull(),
  outcome: text().notNull().default('started'),
  startedAt: timestamp('started_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  endedAt: timestamp('ended_at', { withTimezone: true, precision: 3 }),
})
