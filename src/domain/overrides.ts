import { isDeepStrictEqual } from 'node:util'
import { ALLERGENS, type Allergen, type LifeStage } from './codes.ts'
import { allergenEvidence, analyseLabel } from './ingredients/analyse.ts'
import { bestEvidence } from './ingredients/find-allergens.ts'
import type { Label, Nutrition, ProductFeatures } from './product.ts'

type Evidence = ProductFeatures['allergens'][number]

/** What an admin may set on a product. What is left out stays as it is. */
export type ProductPatch = {
  isActive?: boolean | undefined
  productName?: string | undefined
  lifeStage?: LifeStage | null | undefined
  ingredientsText?: string | null | undefined
  claims?: string[] | undefined
  nutrition?: Partial<Nutrition> | undefined
  /** All that it holds, in the place of what the analysis finds. */
  allergens?: Allergen[] | undefined
}

/**
 * What admins have corrected, kept apart from what a source says and laid over it by everyone who writes a product. Of
 * the allergens the difference to the analysis is kept, not the list: so what a new recipe brings in is still found.
 */
export type ProductOverrides = Omit<ProductPatch, 'allergens'> & {
  allergens?: { declared: Allergen[]; dismissed: Evidence[] } | undefined
}

/** The part of a product that a source tells and an admin may correct. */
export type Described = Label & { isActive: boolean }

const FIELDS = ['isActive', 'productName', 'lifeStage', 'ingredientsText', 'claims'] as const

/** What a source says, with the corrections on top. */
export function overlaid<T extends Described>(described: T, overrides: ProductOverrides): T {
  const { allergens: _allergens, nutrition, ...fields } = overrides
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return { ...described, ...given, nutrition: { ...described.nutrition, ...nutrition } }
}

/** What is concluded from a label that lies under these corrections already. */
export function featuresUnder(label: Label, { allergens }: ProductOverrides): ProductFeatures {
  const features = analyseLabel(label)
  return allergens === undefined ? features : { ...features, allergens: correctedAllergens(allergenEvidence(label), allergens) }
}

export type Corrected = { described: Described; features: ProductFeatures; overrides: ProductOverrides }

/**
 * A patch on top of a product as it stands, its earlier corrections included. What is said again as it is already is no
 * correction, and is left to the source. A new ingredient list without a list of allergens is analysed: what was declared
 * stays, and what was dismissed was dismissed in another text.
 */
export function correct(current: Described, earlier: ProductOverrides, patch: ProductPatch): Corrected {
  const overrides: ProductOverrides = { ...earlier, ...changes(current, patch) }
  const nutrition = nutritionChanges(current.nutrition, patch.nutrition ?? {})
  if (Object.keys(nutrition).length > 0) overrides.nutrition = { ...earlier.nutrition, ...nutrition }
  const described = overlaid(current, overrides)
  if (patch.allergens !== undefined) overrides.allergens = difference(allergenEvidence(described), patch.allergens)
  else if (described.ingredientsText !== current.ingredientsText) overrides.allergens = { declared: earlier.allergens?.declared ?? [], dismissed: [] }
  if (overrides.allergens?.declared.length === 0 && overrides.allergens.dismissed.length === 0) delete overrides.allergens
  return { described, features: featuresUnder(described, overrides), overrides }
}

function changes(current: Described, patch: ProductPatch): ProductOverrides {
  const changed = FIELDS.filter((name) => patch[name] !== undefined && !isDeepStrictEqual(patch[name], current[name]))
  return Object.fromEntries(changed.map((name) => [name, patch[name]]))
}

function nutritionChanges(current: Nutrition, patch: Partial<Nutrition>): Partial<Nutrition> {
  return Object.fromEntries(Object.entries({ ...current, ...patch }).filter(([name, value]) => value !== Reflect.get(current, name)))
}

function difference(found: readonly Evidence[], wanted: readonly Allergen[]): NonNullable<ProductOverrides['allergens']> {
  return {
    declared: ALLERGENS.filter((allergen) => wanted.includes(allergen) && !found.some((one) => one.allergen === allergen)),
    dismissed: found.filter(({ allergen }) => !wanted.includes(allergen)),
  }
}

/**
 * Dismissed is an ingredient, not an allergen: another one that holds it counts again, and so does the same one where it was
 * a trace and is now listed as food.
 */
function correctedAllergens(found: readonly Evidence[], { declared, dismissed }: NonNullable<ProductOverrides['allergens']>): Evidence[] {
  const isDismissed = (one: Evidence) =>
    dismissed.some(({ allergen, ingredient, confidence }) => allergen === one.allergen && ingredient === one.ingredient && (confidence === 'high' || one.confidence === 'low'))
  const standing = bestEvidence(found.filter((one) => !isDismissed(one)))
  return ALLERGENS.flatMap((allergen): Evidence[] => {
    const evidence = standing.find((one) => one.allergen === allergen)
    if (!declared.includes(allergen) || evidence?.confidence === 'high') return evidence === undefined ? [] : [evidence]
    return [{ allergen, confidence: 'high', ingredient: declaredAs(allergen) }]
  })
}

/** Stands where else the label's own words stand. */
const declaredAs = (allergen: Allergen): string => `${allergen.toLowerCase()} (declared)`
