/** Whatever can give or take a point or an item, in the order in which the rules speak. Worded in `domain/wording`. */
export const REASON_CODES = [
  'EXCLUDED_SPECIES',
  'EXCLUDED_ALLERGEN',
  'EXCLUDED_OWNER_WORD',
  'EXCLUDED_INGREDIENTS_UNKNOWN',
  'EXCLUDED_BUDGET',

  'NO_EXCLUDED_ALLERGEN',
  'ALLERGENS_UNCHECKED',
  'COMMON_ALLERGEN',
  'SOFTLY_AVOIDED',
  'HARMFUL_CHECKED',
  'HARMFUL_UNCHECKED',
  'NO_HARMFUL_INGREDIENT',
  'HARMFUL_INGREDIENT',
  'FIRST_INGREDIENT_IS_MEAT',
  'PROTEIN_QUALITY_HIGH',
  'PROTEIN_QUALITY_MEDIUM',
  'QUALITY_SCORE',
  'SAFE_PRESET',

  'SPECIES_MATCH',
  'SPECIES_BOTH',
  'LIFE_STAGE_MATCH',
  'LIFE_STAGE_ALL',
  'LIFE_STAGE_OTHER',
  'LIFE_STAGE_UNKNOWN',
  'CONCERN_TAG',
  'CONCERN_WORD',
  'CONCERN_EMPHASIZED',
  'CONCERN_UNANSWERED',
  'CONCERN_PRIORITY',
  'BREED_START',
  'SMALL_BREED_GRAIN_FREE',
  'SMALL_BREED_PRODUCT',
  'SMALL_BREED_HYPOALLERGENIC',
  'LARGE_BREED_PRODUCT',
  'LARGE_BREED_JOINT',
  'FLAT_FACED_WEIGHT',
  'AMOUNT_IN_RANGE',
  'AMOUNT_NEAR_RANGE',
  'AMOUNT_OFF_RANGE',
  'AMOUNT_FAR_OFF_RANGE',
  'ENERGY_UNKNOWN',
  'ENERGY_ESTIMATED',
  'NEUTERED_ABOVE_RANGE',
  'NEUTERED_WEIGHT_PRODUCT',
  'VALUE_PRESET',

  'CAPPED_AT_MAXIMUM',
  'RAISED_TO_ZERO',
  'LOW_SAFETY',
  'AGE_PENALTY',
  'PRICE_OVER_MAXIMUM',
  'BUDGET_EXCEEDED',
] as const
export type ReasonCode = (typeof REASON_CODES)[number]
export type ExclusionCode = Extract<ReasonCode, `EXCLUDED_${string}`>

/** What a rule has to say about its points; `points` null tells something that gave or took none. */
export type ReasonParams = Record<string, string | number>

/**
 * Told of every point given or taken. The rules call it as `note?.(...)`: left out while thousands of products are only
 * being ranked, and then not even the arguments are made.
 */
export type Note = (code: ReasonCode, points: number | null, params?: ReasonParams) => void

export const QUALITY_CHECK_CODES = [
  'INGREDIENTS_KNOWN',
  'FIRST_INGREDIENT_IS_MEAT',
  'HIGH_QUALITY_PROTEIN',
  'NO_HARMFUL_INGREDIENTS',
  'NO_COMMON_ALLERGENS',
  'LIFE_STAGE_SUITS',
  'ENERGY_KNOWN',
  'MINERALS_KNOWN',
] as const
export type QualityCheckCode = (typeof QUALITY_CHECK_CODES)[number]
