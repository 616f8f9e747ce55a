import { expect, test } from 'vitest'
import type { Conditions, PetTraits, Preferences } from '../../../src/domain/pet.ts'
import type { Product } from '../../../src/domain/product.ts'
import { recommend } from '../../../src/domain/scoring/recommend.ts'
import { scoreProduct } from '../../../src/domain/scoring/score-product.ts'
import { buildConditions, buildPet, buildPreferences } from '../../support/build-pet.ts'
import { buildProduct } from '../../support/build-product.ts'

type Given = { pet?: Partial<PetTraits>; preferences?: Partial<Preferences>; conditions?: Partial<Conditions> }
const from = (catalogue: readonly Product[], { pet, preferences, conditions }: Given = {}) =>
  recommend({ pet: buildPet(pet), preferences: buildPreferences(preferences), conditions: buildConditions(conditions), catalogue })
const ids = (...args: Parameters<typeof from>) => from(...args).items.map(({ product }) => product.id)

const beef = { allergens: [{ allergen: 'BEEF', confidence: 'high', ingredient: 'beef' }] } satisfies Partial<Product['features']>

test.each<[string, readonly Product[], Given, string]>([
  ['an empty catalogue', [], {}, 'NO_PRODUCTS'],
  ['only inactive products', [buildProduct({ isActive: false })], {}, 'NO_PRODUCTS'],
  ['only another species', [buildProduct({ species: 'CAT' })], {}, 'NO_SPECIES_MATCH'],
  ['only unsafe foods', [buildProduct({ features: beef }), buildProduct({ species: 'CAT' })], { pet: { foodAllergies: ['BEEF'] } }, 'ALL_UNSAFE'],
  ['safe foods over the budget', [buildProduct({ features: beef }), buildProduct()], {
    pet: { foodAllergies: ['BEEF'] }, conditions: { maxMonthlyBudget: 1 },
  }, 'OVER_BUDGET'],
  ['only treats', [buildProduct({ form: 'TREAT' })], {}, 'NO_MATCH'],
  ['unsafe foods and a treat', [buildProduct({ features: beef }), buildProduct({ form: 'TREAT' })], { pet: { foodAllergies: ['BEEF'] } }, 'ALL_UNSAFE'],
])('%s gives no items and says why', (_, catalogue, given, emptyReason) => {
  expect(from(catalogue, given)).toEqual({ items: [], emptyReason })
})

test('ten at most, the best first, ranked from 1', () => {
  const catalogue = Array.from({ length: 12 }, (_, at) => buildProduct({ id: `p${at + 10}`, features: { qualityScore: at * 5 } }))
  const { items, emptyReason } = from(catalogue)
  expect(items.map(({ rank, product }) => `${rank} ${product.id}`)).toEqual(Array.from({ length: 10 }, (_, at) => `${at + 1} p${21 - at}`))
  expect(emptyReason).toBeNull()
})

test('order is by total, then safety, then id', () => {
  const better = buildProduct({ id: 'd', features: { qualityScore: 60 } })
  // 0.6 x 82 + 0.4 x 72 is 0.6 x 80 + 0.4 x 75.
  const safer = buildProduct({ id: 'c', features: { qualityScore: 70, lifeStage: 'ALL' } })
  const catalogue = [buildProduct({ id: 'b' }), buildProduct({ id: 'a' }), safer, better]
  expect(from(catalogue).items.map(({ product, matchScore, safetyScore }) => [product.id, matchScore, safetyScore])).toEqual([
    ['d', 78.6, 81],
    ['c', 78, 82],
    ['a', 78, 80],
    ['b', 78, 80],
  ])
})

test('PRICE_ASC puts the price between total and safety, unknown prices last, and never before the total', () => {
  const catalogue = [
    buildProduct({ id: 'a', pricePerKg: null }),
    buildProduct({ id: 'b', pricePerKg: 9_000 }),
    buildProduct({ id: 'c', pricePerKg: 8_000 }),
    buildProduct({ id: 'd', pricePerKg: 90_000, features: { qualityScore: 51 } }),
  ]
  expect(ids(catalogue, { preferences: { sortPreference: 'PRICE_ASC' } })).toEqual(['d', 'c', 'b', 'a'])
  expect(ids(catalogue)).toEqual(['d', 'a', 'b', 'c'])
})

test('a treat and an inactive product are scored when asked for, but never recommended', () => {
  for (const product of [buildProduct({ form: 'TREAT' }), buildProduct({ isActive: false })]) {
    expect(from([product]).items).toEqual([])
    expect(scoreProduct({ pet: buildPet(), preferences: buildPreferences(), conditions: buildConditions(), product }).kind).toBe('scored')
  }
})

test('an item keeps the product as it stood, without what only scoring needs', () => {
  const product = buildProduct({
    features: {
      ingredients: ['turkey', 'rice', 'beef fat', 'peas', 'kelp', 'salt'],
      allergens: [{ allergen: 'BEEF', confidence: 'low', ingredient: 'beef fat' }, { allergen: 'PEA', confidence: 'high', ingredient: 'peas' }],
      harmful: [{ code: 'EXCESS_SALT', severity: 2, ingredient: 'salt' }],
    },
  })
  const [item] = from([product], { preferences: { softAvoidIngredients: ['kelp'] } }).items
  expect(item).toMatchObject({
    ingredientCount: 6,
    mainIngredients: ['turkey', 'rice', 'beef fat', 'peas', 'kelp'],
    allergyIngredients: ['beef fat', 'kelp'],
    harmfulIngredients: ['salt'],
  })
  const { features: _features, priceSummaries: _prices, revision: _revision, ...kept } = product
  expect(item?.product).toEqual({ ...kept, allergens: ['BEEF', 'PEA'] })
  expect(item?.qualityChecks.filter(({ passed }) => !passed).map(({ code }) => code)).toEqual([
    'FIRST_INGREDIENT_IS_MEAT', 'HIGH_QUALITY_PROTEIN', 'NO_HARMFUL_INGREDIENTS', 'NO_COMMON_ALLERGENS',
  ])
})
