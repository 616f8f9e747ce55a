import { sql } from 'drizzle-orm'
import { boolean, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { allergenEnum, sortPreferenceEnum, weightsPresetEnum } from './enums.ts'

/** People, known only by an id; `device_uid` is what the app sends where it has no token yet. */
export const users = pgTable('users', {
  id: uuid().primaryKey().defaultRandom(),
  deviceUid: text('device_uid').unique(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
})

/**
 * The ids of users that are gone, written by a trigger on `users`. A token outlives its user, and the first change of an
 * unknown user enters them: by this table one who was deleted is told from one who is new. An id and no more is kept.
 */
export const deletedUsers = pgTable('deleted_users', {
  id: uuid().primaryKey(),
  deletedAt: timestamp('deleted_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
})

/** One row for whoever changed a preference; the defaults stand in `domain/pet.ts`. */
export const recommendationPreferences = pgTable('recommendation_preferences', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  weightsPreset: weightsPresetEnum('weights_preset').notNull(),
  hardExcludeAllergens: allergenEnum('hard_exclude_allergens').array().notNull(),
  softAvoidIngredients: text('soft_avoid_ingredients').array().notNull(),
  maxPricePerKg: integer('max_price_per_kg'),
  sortPreference: sortPreferenceEnum('sort_preference').notNull(),
  healthConcernPriority: boolean('health_concern_priority').notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
})
