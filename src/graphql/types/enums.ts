import {
  AGE_STAGES, ALLERGENS, EMPTY_REASONS, HEALTH_CONCERNS, LIFE_STAGES, LOCALES, MERCHANTS, PRODUCT_FORMS, SAFETY_BADGES, SEXES, SORT_PREFERENCES,
  SPECIES, STRATEGIES, WEIGHTS_PRESETS,
} from '../../domain/codes.ts'
import { SOURCES } from '../../recommend/source.ts'
import { builder } from '../builder.ts'

export const Locale = builder.enumType('Locale', { values: LOCALES, description: 'The language of words made for people.' })
export const Species = builder.enumType('Species', { values: SPECIES, description: 'The animals this gateway knows foods for.' })
export const AgeStage = builder.enumType('AgeStage', { values: AGE_STAGES, description: 'How grown up a pet is. PUPPY also stands for kittens.' })
export const Sex = builder.enumType('Sex', { values: SEXES, description: 'The sex of a pet, where it is known.' })
export const Allergen = builder.enumType('Allergen', { values: ALLERGENS, description: 'Foods that pets are commonly allergic to.' })
export const HealthConcern = builder.enumType('HealthConcern', { values: HEALTH_CONCERNS, description: 'What an owner wants a food to help with.' })
export const WeightsPreset = builder.enumType('WeightsPreset', {
  values: WEIGHTS_PRESETS,
  description: 'How safety and fitness weigh in the total: SAFE 0.7/0.3, BALANCED 0.6/0.4, VALUE 0.5/0.5.',
})
export const SortPreference = builder.enumType('SortPreference', {
  values: SORT_PREFERENCES,
  description: 'What decides between foods of the same score: safety, or with PRICE_ASC the price per kg first.',
})
export const Merchant = builder.enumType('Merchant', { values: MERCHANTS, description: 'Where a food is sold.' })
export const ProductForm = builder.enumType('ProductForm', { values: PRODUCT_FORMS, description: 'What kind of food it is.' })
export const LifeStage = builder.enumType('LifeStage', { values: LIFE_STAGES, description: 'The ages a food is made for. PUPPY also stands for kittens.' })
export const RecommendationStrategy = builder.enumType('RecommendationStrategy', {
  values: STRATEGIES,
  description: 'The rules or the model that made a recommendation.',
})
export const RecommendationSource = builder.enumType('RecommendationSource', {
  values: SOURCES,
  description: 'Which tier answered.',
})
export const SafetyBadge = builder.enumType('SafetyBadge', { values: SAFETY_BADGES, description: 'What sets a food apart as safe.' })
export const EmptyReason = builder.enumType('EmptyReason', { values: EMPTY_REASONS, description: 'Why a recommendation holds no food.' })
export const RedisInvalidation = builder.enumType('RedisInvalidation', {
  values: ['CLEARED', 'QUEUED'] as const,
  description:
    'CLEARED: gone from Redis when the mutation returned. QUEUED: Redis could not be reached; the invalidation is recorded durably and is delivered before Redis is read again.',
})
export const CircuitState = builder.enumType('CircuitState', {
  values: ['CLOSED', 'OPEN', 'HALF_OPEN'] as const,
  description: 'CLOSED: Redis is used. OPEN: it failed and is left alone. HALF_OPEN: it is being tried.',
})
