import { SAFETY_BADGES, type SafetyBadge } from '../codes.ts'
import type { Product } from '../product.ts'
import { doubtfulIngredients } from './allergy.ts'
import type { Energy } from './daily-amount.ts'
import type { Profile } from './profile.ts'
import { QUALITY_CHECK_CODES, type QualityCheckCode } from './reason-codes.ts'
import { HIGH_QUALITY_FROM, SAFETY_PARTS } from './weights.ts'

/**
 * A checklist for people, each line passed or not. What is not known is not passed. Grain-free is no line of it: it is a
 * matter of taste and allergy, not of quality.
 */
export function qualityChecks(profile: Profile, product: Product, energy: Energy | null): { code: QualityCheckCode; passed: boolean }[] {
  const { features, nutrition } = product
  const isKnown = features.ingredients.length > 0
  const passed: Record<QualityCheckCode, boolean> = {
    INGREDIENTS_KNOWN: isKnown,
    FIRST_INGREDIENT_IS_MEAT: features.firstIngredientIsMeat,
    HIGH_QUALITY_PROTEIN: features.proteinQuality === 'high',
    NO_HARMFUL_INGREDIENTS: isKnown && features.harmful.length === 0,
    NO_COMMON_ALLERGENS: isKnown && !features.allergens.some(({ allergen }) => profile.commonAllergens.has(allergen)),
    LIFE_STAGE_SUITS: features.lifeStage === 'ALL' || features.lifeStage === profile.pet.ageStage,
    ENERGY_KNOWN: energy?.isEstimated === false,
    MINERALS_KNOWN: nutrition.calciumPct !== null && nutrition.phosphorusPct !== null,
  }
  return QUALITY_CHECK_CODES.map((code) => ({ code, passed: passed[code] }))
}

/**
 * ALLERGY_SAFE: nothing excluded (it would not be here), no common allergen of the species with any confidence, nothing
 * the owner avoids. NO_HARMFUL_INGREDIENTS: none found. HIGH_QUALITY: four fifths of the quality part, 24 of 30. The
 * first two need an ingredient list: nothing is safe for want of a label.
 */
export function safetyBadges(profile: Profile, product: Product, safety: { allergy: number; quality: number }): SafetyBadge[] {
  const isKnown = product.features.ingredients.length > 0
  const badges: Record<SafetyBadge, boolean> = {
    ALLERGY_SAFE: isKnown && safety.allergy === SAFETY_PARTS.allergy && doubtfulIngredients(profile, product).length === 0,
    NO_HARMFUL_INGREDIENTS: isKnown && product.features.harmful.length === 0,
    HIGH_QUALITY: safety.quality >= SAFETY_PARTS.quality * HIGH_QUALITY_FROM,
  }
  return SAFETY_BADGES.filter((badge) => badges[badge])
}
