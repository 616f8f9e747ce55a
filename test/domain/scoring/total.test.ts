import { expect, test } from 'vitest'
import type { WeightsPreset } from '../../../src/domain/codes.ts'
import { buildOffer } from '../../support/build-product.ts'
import { evaluateCase, pointsOf, score, type Case } from './score.ts'

// Safety 50 + 20 + (0 + 5 + 5) = 80; fitness 20 + 25 + 0 + 10 + 20 = 75, with VALUE 73.
test.each<[WeightsPreset, number]>([
  ['SAFE', 78.5],
  ['BALANCED', 78],
  ['VALUE', 76.5],
])('preset %s weighs safety and fitness to %d', (weightsPreset, total) => {
  expect(score({ preferences: { weightsPreset } })).toMatchObject({ safetyScore: 80, matchScore: total })
})

const UNSAFE: NonNullable<Case['product']> = {
  features: {
    allergens: [{ allergen: 'BEEF', confidence: 'high', ingredient: 'beef' }],
    harmful: (['BHA', 'BHT', 'ADDED_SUGAR'] as const).map((code) => ({ code, severity: 3, ingredient: code })),
    proteinQuality: 'low',
    qualityScore: 40,
  },
}
// Allergy 30, harmful 5, quality 4: safety 39, with SAFE less (20 + 15) / 5 = 32. Fitness 75, with VALUE 73.
test.each<[WeightsPreset, number, number]>([
  ['SAFE', 32, 20.3],
  ['BALANCED', 39, 19.2],
  ['VALUE', 39, 20.7],
])('under 40 points of safety preset %s weighs %d down to %d', (weightsPreset, safetyScore, total) => {
  expect(score({ preferences: { weightsPreset }, product: UNSAFE })).toMatchObject({ safetyScore, matchScore: total })
})

test('40 points of safety are not low', () => {
  // 0.6 x 40 + 0.4 x 75.
  expect(score({ product: { features: { ...UNSAFE.features, qualityScore: 50 } } })).toMatchObject({ safetyScore: 40, matchScore: 54 })
})

test('the age penalty is taken from the total', () => {
  // Fitness 20 + 0 + 0 + 10 + nutrition; a senior of 10 kg eats 155.4 g of 180 to 350, 15 points.
  // 0.6 x 80 + 0.4 x 45 - 15.
  expect(score({ pet: { ageStage: 'SENIOR' }, product: { features: { lifeStage: 'PUPPY' } } })).toMatchObject({ fitnessScore: 45, matchScore: 51 })
})

test.each([
  [10_000, undefined],
  [9_999, -30],
  [null, undefined],
])('a product of KRW 10,000 per kg under a maximum of %s gives %s', (maxPricePerKg, points) => {
  expect(pointsOf({ preferences: { maxPricePerKg } }, 'PRICE_OVER_MAXIMUM')).toBe(points)
})

test('an unknown price is never too dear', () => {
  const it: Case = { preferences: { maxPricePerKg: 1 }, conditions: { maxMonthlyBudget: 1 }, product: { pricePerKg: null } }
  expect(score(it)).toMatchObject({ matchScore: 78, monthlyCost: null, confidenceScore: 95 })
})

// 16 kg, 252 g a day, KRW 75,600 a month.
const MONTHLY: Case = { pet: { weightKg: 16 }, product: { nutrition: { kcalPer100g: 400 } } }
test.each([
  [75_600, undefined],
  [75_599, -20],
  [72_000, -22.5],
  [63_000, -30],
])('a cost of 75,600 over a budget of %i takes %s', (maxMonthlyBudget, points) => {
  expect(pointsOf({ ...MONTHLY, conditions: { maxMonthlyBudget } }, 'BUDGET_EXCEEDED')).toBe(points)
})

test.each([62_999, 0])('a cost of 75,600 over 120 percent of a budget of %i excludes', (maxMonthlyBudget) => {
  expect(evaluateCase({ ...MONTHLY, conditions: { maxMonthlyBudget } })).toMatchObject({ kind: 'excluded', reason: { code: 'EXCLUDED_BUDGET' } })
})

test('penalties never take the total below zero', () => {
  const it: Case = { pet: { ageStage: 'PUPPY' }, preferences: { maxPricePerKg: 1 }, product: { features: { ...UNSAFE.features, lifeStage: 'SENIOR' } } }
  expect(score(it).matchScore).toBe(0)
})

test.each<[string, NonNullable<Case['product']>, number]>([
  ['everything known', {}, 100],
  ['no ingredients', { features: { ingredients: [] } }, 60],
  ['an allergen of low confidence', { features: { allergens: [{ allergen: 'DUCK', confidence: 'low', ingredient: 'poultry fat' }] } }, 90],
  ['no life stage', { features: { lifeStage: null } }, 90],
  ['no phosphorus', { nutrition: { phosphorusPct: null } }, 95],
  ['an analysis over 100', { nutrition: { moisturePct: 60 } }, 95],
  ['no price', { pricePerKg: null }, 95],
  ['nothing known', {
    pricePerKg: null,
    nutrition: { kcalPer100g: null, proteinPct: null, calciumPct: null },
    features: { ingredients: [], lifeStage: null },
  }, 25],
])('confidence with %s', (_, product, points) => expect(score({ product }).confidenceScore).toBe(points))

test('the offer is the primary one, else the cheapest with a price', () => {
  const offers = [
    buildOffer({ id: 'a', isPrimary: false, currentPrice: null }),
    buildOffer({ id: 'b', isPrimary: false, currentPrice: 1_500, currency: 'USD' }),
    buildOffer({ id: 'c', isPrimary: false, currentPrice: 31_000 }),
    buildOffer({ id: 'd', isPrimary: false, currentPrice: 29_000 }),
  ]
  expect(score({ product: { offers } }).offer?.offer.id).toBe('d')
  expect(score({ product: { offers: [...offers, buildOffer({ id: 'e' })] } }).offer?.offer.id).toBe('e')
  expect(score({ product: { offers: offers.slice(0, 1) } }).offer).toBeNull()
})

test.each([
  [30_000, { averagePrice: 40_000, lowestPrice: 30_000 }, { averagePrice: 40_000, deltaPercent: -25, isNewLow: false }],
  [29_999, { averagePrice: 40_000, lowestPrice: 30_000 }, { deltaPercent: -25, isNewLow: true }],
  [45_000, { averagePrice: 40_000, lowestPrice: 30_000 }, { deltaPercent: 12.5, isNewLow: false }],
  [null, { averagePrice: 40_000, lowestPrice: 30_000 }, { averagePrice: 40_000, deltaPercent: null, isNewLow: false }],
  [30_000, undefined, { averagePrice: null, deltaPercent: null, isNewLow: false }],
])('a price of %s against %o', (currentPrice, summary, priced) => {
  const priceSummaries = summary === undefined ? {} : { 'offer-1': summary }
  expect(score({ product: { offers: [buildOffer({ currentPrice })], priceSummaries } }).offer).toMatchObject({ currentPrice, ...priced })
})
