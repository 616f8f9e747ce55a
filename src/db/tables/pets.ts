import { sql } from 'drizzle-orm'
import {
  bigint, boolean, check, date, doublePrecision, index, pgTable, primaryKey, smallint, text, timestamp, uniqueIndex, uuid,
} from 'drizzle-orm/pg-core'
import { allergenEnum, healthConcernEnum, sexEnum, speciesEnum } from './enums.ts'
import { users } from './users.ts'

/**
 * Pets. `recommendation_version` is written by triggers alone (see drizzle/0001_triggers.sql): it is drawn anew
 * from one global sequence whenever the row, its concerns, its allergies or its owner's preferences change.
 */
export const pets = pgTable(
  'pets',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    species: speciesEnum().notNull(),
    breedCode: text('breed_code'),
    sex: sexEnum().notNull().default('UNKNOWN'),
    isNeutered: boolean('is_neutered'),
    birthdate: date({ mode: 'string' }),
    approxAgeMonths: smallint('approx_age_months'),
    approxAgeRecordedOn: date('approx_age_recorded_on', { mode: 'string' }),
    weightKg: doublePrecision('weight_kg').notNull(),
    bodyConditionScore: smallint('body_condition_score').notNull().default(5),
    otherAllergies: text('other_allergies'),
    photoUrl: text('photo_url'),
    isPrimary: boolean('is_primary').notNull().default(false),
    recommendationVersion: bigint('recommendation_version', { mode: 'number' }).notNull().default(0),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('pets_user_name').on(t.userId, sql`lower(${t.name})`),
    uniqueIndex('pets_one_primary').on(t.userId).where(sql`${t.isPrimary}`),
    index('pets_user_created').on(t.userId, t.createdAt, t.id),
    check('pets_weight', sql`${t.weightKg} between 0.1 and 150`),
    check('pets_body_condition', sql`${t.bodyConditionScore} between 1 and 9`),
    check('pets_one_age', sql`num_nonnulls(${t.birthdate}, ${t.approxAgeMonths}) = 1`),
    check('pets_approx_age_recorded', sql`(${t.approxAgeMonths} is null) = (${t.approxAgeRecordedOn} is null)`),
  ],
)

export const petHealthConcerns = pgTable(
  'pet_health_concerns',
  {
    petId: uuid('pet_id')
      .notNull()
      .references(() => pets.id, { onDelete: 'cascade' }),
    concern: healthConcernEnum().notNull(),
  },
  (t) => [primaryKey({ columns: [t.petId, t.concern] })],
)

export const petFoodAllergies = pgTable(
  'pet_food_allergies',
  {
    petId: uuid('pet_id')
      .notNull()
      .references(() => pets.id, { onDelete: 'cascade' }),
    allergen: allergenEnum().notNull(),
  },
  (t) => [primaryKey({ columns: [t.petId, t.allergen] })],
)
