import type { Species } from '../codes.ts'
import type { BenefitTag, Nutrition, ProductFeatures, Quality } from '../product.ts'
import { isAnimalProtein, isNamedFlesh, isPlantProtein, isUnnamedAnimal } from './protein-sources.ts'
import type { UnderstoodIngredient } from './understand.ts'

const FIRST = 5

/**
 * From the first five ingredients: high where named flesh outnumbers plant protein and no animal goes unnamed, low
 * where no named flesh is among them or nothing is known, else medium.
 */
export function proteinQualityOf(ingredients: readonly UnderstoodIngredient[]): Quality {
  const first = ingredients.slice(0, FIRST)
  const flesh = first.filter(isNamedFlesh).length
  if (flesh === 0) return 'low'
  const plants = first.filter((it) => isPlantProtein(it) && !isAnimalProtein(it)).length
  return flesh > plants && !first.some(isUnnamedAnimal) ? 'high' : 'medium'
}

/** The quality score: points given and taken, the sum kept within 0 and 100. */
export const QUALITY_POINTS = {
  proteinQuality: { high: 40, medium: 25, low: 5 },
  startsWithFlesh: 15,
  /** For each named flesh among the first five. */
  namedFlesh: { each: 5, most: 15 },
  benefit: { each: 3, most: 15 },
  /** Protein in the dry matter at or above `richProteinPct`; half where moisture or protein is not printed. */
  richProtein: 15,
  /** Taken, times the severity of each harmful ingredient. */
  harmful: -2,
  /** Taken for each animal source without a name. */
  unnamedAnimal: { each: -5, most: -15 },
} as const

/** Percent of dry matter: well above the AAFCO minimum for growth, 22.5 for dogs and 30 for cats. */
const RICH_PROTEIN_PCT: Readonly<Record<Species, number>> = { DOG: 28, CAT: 38 }

type Found = Pick<ProductFeatures, 'proteinQuality' | 'firstIngredientIsMeat' | 'harmful'> & { benefitTags: readonly BenefitTag[] }

/** 0 where no ingredient is known: what is not said earns nothing. */
export function qualityScoreOf(
  ingredients: readonly UnderstoodIngredient[],
  found: Found,
  nutrition: Nutrition,
  species: Species | null,
): number {
  if (ingredients.length === 0) return 0
  const points = QUALITY_POINTS
  const flesh = ingredients.slice(0, FIRST).filter(isNamedFlesh).length
  const unnamed = ingredients.filter(isUnnamedAnimal).length
  const severity = found.harmful.reduce((sum, it) => sum + it.severity, 0)
  const score =
    points.proteinQuality[found.proteinQuality] +
    (found.firstIngredientIsMeat ? points.startsWithFlesh : 0) +
    Math.min(flesh * points.namedFlesh.each, points.namedFlesh.most) +
    Math.min(found.benefitTags.length * points.benefit.each, points.benefit.most) +
    richProteinPoints(nutrition, species) +
    severity * points.harmful +
    Math.max(unnamed * points.unnamedAnimal.each, points.unnamedAnimal.most)
  return Math.max(0, Math.min(100, Math.round(score)))
}

function richProteinPoints({ proteinPct, moisturePct }: Nutrition, species: Species | null): number {
  if (proteinPct === null || moisturePct === null || moisturePct >= 100) return QUALITY_POINTS.richProtein / 2
  const dryMatterPct = (proteinPct / (100 - moisturePct)) * 100
  return dryMatterPct >= RICH_PROTEIN_PCT[species ?? 'CAT'] ? QUALITY_POINTS.richProtein : 0
}
