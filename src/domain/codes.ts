/**
 * Every closed set of codes that the API, the database and the scoring rules share. GraphQL enums, Postgres
 * enums and parsers are all made from these lists, so a code is added in one place and refused everywhere else.
 */
export const SPECIES = ['DOG', 'CAT'] as const
export const AGE_STAGES = ['PUPPY', 'ADULT', 'SENIOR'] as const
export const SEXES = ['MALE', 'FEMALE', 'UNKNOWN'] as const
export const ALLERGENS = [
  'BEEF', 'CHICKEN', 'TURKEY', 'DUCK', 'PORK', 'LAMB', 'FISH', 'EGG', 'DAIRY', 'WHEAT', 'CORN', 'SOY', 'RICE', 'POTATO', 'PEA',
] as const
export const HEALTH_CONCERNS = [
  'OBESITY', 'DIABETES', 'SKIN_ALLERGY', 'SKIN_COAT', 'JOINT', 'DIGESTIVE', 'URINARY', 'KIDNEY', 'HEART', 'DENTAL', 'IMMUNE', 'EYE', 'RESPIRATORY',
] as const
export const WEIGHTS_PRESETS = ['SAFE', 'BALANCED', 'VALUE'] as const
export const SORT_PREFERENCES = ['DEFAULT', 'PRICE_ASC'] as const
export const MERCHANTS = ['COUPANG', 'NAVER', 'BRAND', 'OTHER'] as const
export const PRODUCT_FORMS = ['DRY', 'WET', 'RAW', 'TREAT', 'OTHER'] as const
export const LIFE_STAGES = ['PUPPY', 'ADULT', 'SENIOR', 'ALL'] as const
export const STRATEGIES = ['RULE_V1', 'RULE_V2', 'ML_V1'] as const
export const SAFETY_BADGES = ['ALLERGY_SAFE', 'NO_HARMFUL_INGREDIENTS', 'HIGH_QUALITY'] as const
export const EMPTY_REASONS = ['NO_PRODUCTS', 'NO_SPECIES_MATCH', 'ALL_UNSAFE', 'OVER_BUDGET', 'NO_MATCH'] as const
export const LOCALES = ['EN', 'KO'] as const

export type Species = (typeof SPECIES)[number]
export type AgeStage = (typeof AGE_STAGES)[number]
export type Sex = (typeof SEXES)[number]
export type Allergen = (typeof ALLERGENS)[number]
export type HealthConcern = (typeof HEALTH_CONCERNS)[number]
export type WeightsPreset = (typeof WEIGHTS_PRESETS)[number]
export type SortPreference = (typeof SORT_PREFERENCES)[number]
export type Merchant = (typeof MERCHANTS)[number]
export type ProductForm = (typeof PRODUCT_FORMS)[number]
export type LifeStage = (typeof LIFE_STAGES)[number]
export type Strategy = (typeof STRATEGIES)[number]
export type SafetyBadge = (typeof SAFETY_BADGES)[number]
export type EmptyReason = (typeof EMPTY_REASONS)[number]
export type Locale = (typeof LOCALES)[number]
