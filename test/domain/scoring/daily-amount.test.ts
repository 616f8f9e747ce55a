import { expect, test } from 'vitest'
import type { ProductForm } from '../../../src/domain/codes.ts'
import { atwaterKcalPer100g, energyRequirementKcal } from '../../../src/domain/scoring/daily-amount.ts'
import { buildPet } from '../../support/build-pet.ts'
import { buildProduct } from '../../support/build-product.ts'
import { codes, part, pointsOf, score, type Case } from './score.ts'

// 16^0.75 is 8, so a pet of 16 kg rests on 560 kcal; 4^0.75 is the square root of 8.
test.each([
  ['DOG', 'PUPPY', false, 1400],
  ['DOG', 'PUPPY', true, 1400],
  ['DOG', 'ADULT', false, 1008],
  ['DOG', 'ADULT', null, 1008],
  ['DOG', 'ADULT', true, 896],
  ['DOG', 'SENIOR', true, 840],
  ['CAT', 'PUPPY', false, 1400],
  ['CAT', 'ADULT', false, 784],
  ['CAT', 'ADULT', true, 672],
  ['CAT', 'SENIOR', false, 616],
] as const)('a %s, %s, neutered %s, of 16 kg needs %i kcal a day', (species, ageStage, isNeutered, kcal) => {
  expect(energyRequirementKcal({ species, ageStage, isNeutered, weightKg: 16 })).toBeCloseTo(kcal, 9)
})

test('the daily amount is the energy requirement over the energy of a gram', () => {
  // 1008 kcal / 4 kcal per g.
  const item = score({ pet: { weightKg: 16 }, product: { nutrition: { kcalPer100g: 400 } } })
  expect(item.dailyAmountG).toBe(252)
  expect(item.monthlyCost).toBe(75_600)
})

test('missing energy is estimated from protein, fat and fibre, and confidence says so', () => {
  // 3.5 x 26 + 8.5 x 15 + 3.5 x (100 - 26 - 15 - 3 - 9 - 7) = 91 + 127.5 + 140.
  const it: Case = { pet: { weightKg: 16 }, product: { nutrition: { kcalPer100g: null } } }
  expect(atwaterKcalPer100g(buildProduct(it.product))).toBe(358.5)
  expect(score(it).dailyAmountG).toBe(281.2)
  expect(score(it).confidenceScore).toBe(92)
  expect(codes(it)).toContain('ENERGY_ESTIMATED')
})

test.each<[string, ProductForm, Record<string, number | null>, number | null]>([
  ['usual moisture and ash of dry food', 'DRY', { moisturePct: null, ashPct: null }, 355],
  ['usual moisture and ash of wet food', 'WET', { proteinPct: 10, fatPct: 5, fiberPct: 1, moisturePct: null, ashPct: null }, 89.75],
  ['minima that pass 100 leave no extract', 'WET', { proteinPct: 12, fatPct: 6, fiberPct: 2, moisturePct: 82, ashPct: 3 }, 93],
  ['no estimate without fibre', 'DRY', { fiberPct: null }, null],
])('%s', (_, form, nutrition, kcal) => expect(atwaterKcalPer100g(buildProduct({ form, nutrition }))).toBe(kcal))

test('where energy is unknown no amount is given', () => {
  const it: Case = { product: { nutrition: { kcalPer100g: null, fatPct: null } } }
  expect(score(it)).toMatchObject({ dailyAmountG: null, monthlyCost: null, confidenceScore: 85 })
  expect(part(it, 'nutrition')).toBe(10)
})

// A dog of 16 kg wants 288 to 560 g; unneutered it needs 1008 kcal, so the energy sets the grams.
test.each([
  [350, 288, 20],
  [180, 560, 20],
  [400, 252, 15],
  [150, 672, 15],
  [560, 180, 10],
  [130, 775.4, 10],
  [600, 168, 5],
  [125, 806.4, 5],
])('nutrition of 20: dry food of %i kcal, %d g a day, gets %i', (kcalPer100g, grams, points) => {
  const it: Case = { pet: { weightKg: 16 }, product: { nutrition: { kcalPer100g } } }
  expect(score(it).dailyAmountG).toBe(grams)
  expect(part(it, 'nutrition')).toBe(points)
})

test.each([
  [9.9, 198, 396],
  [10, 180, 350],
  [24.9, 448, 872],
  [25, 375, 750],
])('the range of a dog of %d kg is %i to %i g', (weightKg, minG, maxG) => {
  const reason = score({ pet: { weightKg } }).reasons.find(({ code }) => code.startsWith('AMOUNT_'))
  expect(reason?.params).toMatchObject({ minG, maxG })
})

test('the range of wet food is scaled by its energy: what suits as dry food suits as wet', () => {
  // 95 kcal is a quarter of 380, so 288 to 560 g become 1152 to 2240 g.
  const it: Case = { pet: { weightKg: 16 }, product: { form: 'WET', nutrition: { kcalPer100g: 95 } } }
  expect(score(it).reasons).toContainEqual({ code: 'AMOUNT_NEAR_RANGE', points: 15, params: { grams: 1061.1, minG: 1152, maxG: 2240 } })
})

test.each([
  ['a maximum under the amount', { maxDailyAmountG: 230 }, 15],
  ['a maximum far under it', { maxDailyAmountG: 100 }, 5],
  ['a range around it', { minDailyAmountG: 200, maxDailyAmountG: 260 }, 20],
  ['a minimum over it', { minDailyAmountG: 300 }, 15],
  ['a minimum over the usual maximum', { minDailyAmountG: 2000 }, 5],
])('conditions replace the range: %s', (_, conditions, points) => {
  // 252 g a day.
  expect(part({ pet: { weightKg: 16 }, conditions, product: { nutrition: { kcalPer100g: 400 } } }, 'nutrition')).toBe(points)
})

test.each<[string, number | null, boolean, number]>([
  ['inside, a weight product, capped', 300, true, 20],
  ['near, a weight product: 15 + 2', 350, true, 17],
  ['above and near: 15 - 3', 140, false, 12],
  ['above and near, a weight product: 15 - 3 + 2', 140, true, 14],
  ['under the range takes nothing', 380, false, 15],
  ['far above: 5 - 3', 100, false, 2],
  ['energy unknown, a weight product: 10 + 2', null, true, 12],
])('nutrition of a neutered dog: %s', (_, kcalPer100g, isWeight, points) => {
  // 896 kcal a day.
  const nutrition = kcalPer100g === null ? { kcalPer100g, proteinPct: null } : { kcalPer100g }
  expect(part({ pet: { weightKg: 16, isNeutered: true }, product: { nutrition, features: { benefitTags: isWeight ? ['weight'] : [] } } }, 'nutrition')).toBe(points)
})

test('what is unknown about neutering counts as not neutered', () => {
  expect(pointsOf({ pet: buildPet({ isNeutered: null }), product: { features: { benefitTags: ['weight'] } } }, 'NEUTERED_WEIGHT_PRODUCT')).toBeUndefined()
})
