import type { AgeStage, Allergen, HealthConcern, LifeStage, ProductForm, Species, WeightsPreset } from '../codes.ts'
import type { BenefitTag, Quality } from '../product.ts'

/**
 * Every figure of strategy RULE_V1. Points taken are negative. A change here changes answers: raise STRATEGY.version with
 * it, and what was stored under the old figures retires itself.
 */

/** The parts of a score, in the order in which they are shown, each with its maximum. */
export const SAFETY_PARTS = { allergy: 50, harmful: 20, quality: 30 } as const
export const FITNESS_PARTS = { species: 20, age: 25, health: 30, breed: 15, nutrition: 20 } as const
export const SCORE_MAX = 100
export const RECOMMENDED_AT_MOST = 10

export const ALLERGY = { commonAllergen: -20, softlyAvoided: -20 } as const
export const COMMON_ALLERGENS: Record<Species, readonly Allergen[]> = {
  DOG: ['BEEF', 'DAIRY', 'CHICKEN', 'WHEAT', 'SOY', 'EGG', 'LAMB', 'CORN'],
  CAT: ['BEEF', 'FISH', 'DAIRY', 'CHICKEN'],
}

export const HARMFUL = { each: -5 } as const

export const QUALITY = { firstIngredientIsMeat: 10, perQualityPoint: 0.1 } as const
export const PROTEIN_QUALITY: Record<Quality, number> = { high: 10, medium: 5, low: 0 }

export const SPECIES_SUITS = 20

/** By the pet's stage, then the product's; UNKNOWN where neither label nor name tells it. */
export const AGE_POINTS: Record<AgeStage, Record<LifeStage | 'UNKNOWN', number>> = {
  PUPPY: { PUPPY: 25, ALL: 20, ADULT: 15, SENIOR: 0, UNKNOWN: 15 },
  ADULT: { ADULT: 25, ALL: 22, SENIOR: 20, PUPPY: 10, UNKNOWN: 20 },
  SENIOR: { SENIOR: 25, ADULT: 20, ALL: 20, PUPPY: 0, UNKNOWN: 15 },
}
/** Taken from the total, not from fitness. */
export const AGE_PENALTY: Record<AgeStage, Partial<Record<LifeStage, number>>> = {
  PUPPY: { SENIOR: -20 },
  ADULT: {},
  SENIOR: { PUPPY: -15 },
}

export const CONCERN_WEIGHT: Record<HealthConcern, number> = {
  OBESITY: 10, DIABETES: 10, KIDNEY: 9, SKIN_ALLERGY: 8, JOINT: 8, DIGESTIVE: 7, URINARY: 7,
  HEART: 7, DENTAL: 6, SKIN_COAT: 6, IMMUNE: 6, EYE: 5, RESPIRATORY: 4,
}
/** An emphasized concern counts this much whether a tag or only a word answers it. */
export const CONCERN_FACTOR = { tag: 1.5, word: 1, emphasized: 2 } as const
export const CONCERN_PRIORITY_FACTOR = 1.5
/** Null: no tag is made for it, so only words answer it. Weight control is no care of diabetes: many a patient is thin. */
export const CONCERN_TAG: Record<HealthConcern, BenefitTag | null> = {
  OBESITY: 'weight', DIABETES: null, KIDNEY: 'kidney', SKIN_ALLERGY: 'hypoallergenic', JOINT: 'joint', DIGESTIVE: 'digestive',
  URINARY: 'urinary', HEART: 'heart', DENTAL: 'dental', SKIN_COAT: 'skin_coat', IMMUNE: 'immune', EYE: null, RESPIRATORY: null,
}

export const BREED = {
  start: 10,
  small: { grainFree: 5, smallBreedProduct: 5, hypoallergenic: 3 },
  large: { largeBreedProduct: 5, joint: 5 },
  brachycephalic: { weight: 5 },
} as const

/** By how far the daily amount lies outside its range, as a share of the bound it passes. */
export const NUTRITION = { inside: 20, within20: 15, within40: 10, beyond: 5, energyUnknown: 10 } as const
export const NUTRITION_NEUTERED = { aboveRange: -3, weightProduct: 2 } as const
/** Grams of dry food per kg of body weight a day; the first row that the pet is lighter than. */
export const DRY_FOOD_RANGE = [
  { underKg: 10, minGPerKg: 20, maxGPerKg: 40 },
  { underKg: 25, minGPerKg: 18, maxGPerKg: 35 },
  { underKg: Infinity, minGPerKg: 15, maxGPerKg: 30 },
] as const
/** The energy for which DRY_FOOD_RANGE is meant. */
export const DRY_FOOD_KCAL_PER_100G = 380

/** Kcal a day: resting x kg^exponent x factor. Resting energy and life-stage factors as in the WSAVA and AAHA guidelines. */
export const RESTING_ENERGY = { kcal: 70, exponent: 0.75 } as const
export const ENERGY_FACTOR: Record<Species, Record<AgeStage | 'NEUTERED_ADULT', number>> = {
  DOG: { PUPPY: 2.5, ADULT: 1.8, NEUTERED_ADULT: 1.6, SENIOR: 1.5 },
  CAT: { PUPPY: 2.5, ADULT: 1.4, NEUTERED_ADULT: 1.2, SENIOR: 1.1 },
}
/** Modified Atwater factors, kcal per gram. */
export const ATWATER = { protein: 3.5, fat: 8.5, nitrogenFreeExtract: 3.5 } as const
/** What such foods usually hold, percent as fed, where the label leaves it open. Ours; the rules give none. */
export const USUAL_CONTENT: Record<ProductForm, { moisturePct: number; ashPct: number }> = {
  DRY: { moisturePct: 10, ashPct: 7 },
  WET: { moisturePct: 78, ashPct: 2.5 },
  RAW: { moisturePct: 70, ashPct: 2.5 },
  TREAT: { moisturePct: 15, ashPct: 6 },
  OTHER: { moisturePct: 15, ashPct: 6 },
}

/** Shares of a whole. SAFE takes off once more a fifth of what safety lacks; VALUE lowers what health and breed count. */
export const SAFE_PRESET_SHARE = 0.2
export const VALUE_PRESET_FACTOR = 0.8
export const TOTAL_SHARES: Record<WeightsPreset, { safety: number; fitness: number }> = {
  SAFE: { safety: 0.7, fitness: 0.3 },
  BALANCED: { safety: 0.6, fitness: 0.4 },
  VALUE: { safety: 0.5, fitness: 0.5 },
}
export const LOW_SAFETY_UNDER = 40
export const LOW_SAFETY_SHARES: Record<WeightsPreset, { safety: number; fitness: number }> = {
  SAFE: { safety: 0.4, fitness: 0.1 },
  BALANCED: { safety: 0.3, fitness: 0.1 },
  VALUE: { safety: 0.25, fitness: 0.15 },
}

export const PRICE_OVER_MAXIMUM = -30
/** From `least` just over the budget, in a straight line to `most` at `excludedOver` times the budget. */
export const BUDGET_OVER = { least: -20, most: -30, excludedOver: 1.2 } as const

/** Taken from 100: how much less an item can be trusted for what its label leaves open. Ours; the rules give none. */
export const CONFIDENCE = {
  ingredientsUnknown: -40,
  energyUnknown: -15,
  energyEstimated: -8,
  lowConfidenceAllergen: -10,
  lifeStageUnknown: -10,
  mineralsUnknown: -5,
  analysisOver100: -5,
  priceUnknown: -5,
} as const

/** HIGH_QUALITY is given from this share of the quality part's maximum. */
export const HIGH_QUALITY_FROM = 0.8
