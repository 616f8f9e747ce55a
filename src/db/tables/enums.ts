import { pgEnum } from 'drizzle-orm/pg-core'
import {
  ALLERGENS, EMPTY_REASONS, HEALTH_CONCERNS, LIFE_STAGES, MERCHANTS, PRODUCT_FORMS, SEXES, SORT_PREFERENCES, SPECIES, STRATEGIES, WEIGHTS_PRESETS,
} from '../../domain/codes.ts'

export const speciesEnum = pgEnum('species', SPECIES)
export const sexEnum = pgEnum('sex', SEXES)
export const allergenEnum = pgEnum('allergen', ALLERGENS)
export const healthConcernEnum = pgEnum('health_concern', HEALTH_CONCERNS)
export const weightsPresetEnum = pgEnum('weights_preset', WEIGHTS_PRESETS)
export const sortPreferenceEnum = pgEnum('sort_preference', SORT_PREFERENCES)
export const merchantEnum = pgEnum('merchant', MERCHANTS)
export const productFormEnum = pgEnum('product_form', PRODUCT_FORMS)
export const lifeStageEnum = pgEnum('life_stage', LIFE_STAGES)
export const strategyEnum = pgEnum('recommendation_strategy', STRATEGIES)
export const emptyReasonEnum = pgEnum('empty_reason', EMPTY_REASONS)
