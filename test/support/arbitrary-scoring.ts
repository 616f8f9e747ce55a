import fc from 'fast-check'
import {
  AGE_STAGES, ALLERGENS, HEALTH_CONCERNS, LIFE_STAGES, PRODUCT_FORMS, SORT_PREFERENCES, SPECIES, WEIGHTS_PRESETS,
} from '../../src/domain/codes.ts'
import { BENEFIT_TAGS, HARMFUL_CODES } from '../../src/domain/product.ts'
import { buildProduct } from './build-product.ts'

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const some = <T>(...codes: readonly T[]) => fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 4 })
const percent = maybe(fc.integer({ min: 0, max: 100 }))
const WORDS = ['turkey', 'salmon', 'quinoa', 'peas', 'peanut', 'kelp', '연어오일', 'rice']

export const arbitraryPet = fc.record({
  species: fc.constantFrom(...SPECIES),
  breedCode: fc.constantFrom(null, 'MALTESE', 'LABRADOR_RETRIEVER', 'PUG', 'MAINE_COON', 'PERSIAN', 'MIXED_DOG'),
  ageStage: fc.constantFrom(...AGE_STAGES),
  isNeutered: maybe(fc.boolean()),
  weightKg: fc.integer({ min: 1, max: 1500 }).map((tenths) => tenths / 10),
  healthConcerns: some(...HEALTH_CONCERNS),
  foodAllergies: fc.uniqueArray(fc.constantFrom(...ALLERGENS), { maxLength: 2 }),
  otherAllergies: fc.constantFrom(null, null, null, 'quinoa', 'salmon and kelp', '연어'),
})

export const arbitraryPreferences = fc.record({
  weightsPreset: fc.constantFrom(...WEIGHTS_PRESETS),
  hardExcludeAllergens: fc.uniqueArray(fc.constantFrom(...ALLERGENS), { maxLength: 1 }),
  softAvoidIngredients: fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 2 }),
  maxPricePerKg: maybe(fc.integer({ min: 1, max: 60_000 })),
  sortPreference: fc.constantFrom(...SORT_PREFERENCES),
  healthConcernPriority: fc.boolean(),
})

export const arbitraryConditions = fc.record({
  minDailyAmountG: maybe(fc.integer({ min: 0, max: 1000 })),
  maxDailyAmountG: maybe(fc.integer({ min: 0, max: 1000 })),
  maxMonthlyBudget: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 300_000 })),
  emphasizedConcerns: maybe(some(...HEALTH_CONCERNS)),
  healthConcernPriority: maybe(fc.boolean()),
})

const arbitraryFeatures = fc.record({
  ingredients: fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 6 }),
  allergens: fc.uniqueArray(
    fc.record({ allergen: fc.constantFrom(...ALLERGENS), confidence: fc.constantFrom('high' as const, 'low' as const), ingredient: fc.constantFrom(...WORDS) }),
    { maxLength: 2, selector: ({ allergen }) => allergen },
  ),
  isGrainFree: fc.boolean(),
  firstIngredientIsMeat: fc.boolean(),
  proteinQuality: fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
  harmful: fc.array(fc.record({ code: fc.constantFrom(...HARMFUL_CODES), severity: fc.integer({ min: 1, max: 5 }), ingredient: fc.constantFrom(...WORDS) }), {
    maxLength: 6,
  }),
  benefitTags: some(...BENEFIT_TAGS),
  lifeStage: maybe(fc.constantFrom(...LIFE_STAGES)),
  breedSizes: some('small' as const, 'medium' as const, 'large' as const),
  concernWords: some(...HEALTH_CONCERNS),
  qualityScore: fc.integer({ min: 0, max: 100 }),
}).map((features) => ({ ...features, firstIngredientIsMeat: features.firstIngredientIsMeat && features.ingredients.length > 0 }))

export const arbitraryProduct = fc
  .record({
    species: fc.constantFrom(null, ...SPECIES),
    form: fc.constantFrom(...PRODUCT_FORMS),
    isActive: fc.boolean(),
    pricePerKg: maybe(fc.integer({ min: 1, max: 100_000 })),
    nutrition: fc.record({
      proteinPct: percent, fatPct: percent, fiberPct: percent, moisturePct: percent, ashPct: percent,
      kcalPer100g: maybe(fc.integer({ min: 30, max: 600 })),
    }),
    features: arbitraryFeatures,
  })
  .map((overrides) => buildProduct(overrides))

/** Up to 30 products with ids of their own. */
export const arbitraryCatalogue = fc.array(arbitraryProduct, { maxLength: 30 }).map((products) => products.map((product, at) => ({ ...product, id: `p${at}` })))
