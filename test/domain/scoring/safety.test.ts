import { expect, test } from 'vitest'
import type { Allergen } from '../../../src/domain/codes.ts'
import type { Confidence, HarmfulCode } from '../../../src/domain/product.ts'
import { codes, evaluateCase, part, score, type Case } from './score.ts'

const allergen = (it: Allergen, confidence: Confidence = 'high') => ({ allergen: it, confidence, ingredient: it.toLowerCase() })
const harmful = (...list: HarmfulCode[]) => list.map((code) => ({ code, severity: 3, ingredient: code.toLowerCase() }))

test.each<[string, Case, string]>([
  ['an allergen of the pet', { pet: { foodAllergies: ['BEEF'] }, product: { features: { allergens: [allergen('BEEF')] } } }, 'EXCLUDED_ALLERGEN'],
  ['of its owner’s list', { preferences: { hardExcludeAllergens: ['PEA'] }, product: { features: { allergens: [allergen('PEA')] } } }, 'EXCLUDED_ALLERGEN'],
  ['with low confidence', { pet: { foodAllergies: ['CHICKEN'] }, product: { features: { allergens: [allergen('CHICKEN', 'low')] } } }, 'EXCLUDED_ALLERGEN'],
  ['a word of other allergies', { pet: { otherAllergies: 'quinoa' }, product: { features: { ingredients: ['turkey', 'quinoa'] } } }, 'EXCLUDED_OWNER_WORD'],
  ['a word only in the raw label', { pet: { otherAllergies: 'kelp' }, product: { ingredientsText: 'Turkey (with Kelp)' } }, 'EXCLUDED_OWNER_WORD'],
  ['a word in the name of an unlabelled food', {
    pet: { otherAllergies: 'turkey' }, product: { features: { ingredients: [] } },
  }, 'EXCLUDED_OWNER_WORD'],
  ['a word in the name where the label only praises', {
    pet: { otherAllergies: 'turkey' }, product: { ingredientsText: 'Only the best', features: { ingredients: [] } },
  }, 'EXCLUDED_OWNER_WORD'],
  ['an unknown list, for a pet with an allergy,', { pet: { foodAllergies: ['BEEF'] }, product: { features: { ingredients: [] } } }, 'EXCLUDED_INGREDIENTS_UNKNOWN'],
  ['another species', { product: { species: 'CAT' } }, 'EXCLUDED_SPECIES'],
])('%s excludes a product whatever its other points', (_, it, code) => {
  expect(evaluateCase(it)).toMatchObject({ kind: 'excluded', reason: { code, points: null } })
})

test.each<[string, Case, number]>([
  ['nothing', {}, 50],
  ['a common allergen', { product: { features: { allergens: [allergen('BEEF')] } } }, 30],
  ['two common allergens, taken once', { product: { features: { allergens: [allergen('BEEF'), allergen('SOY')] } } }, 30],
  ['a common allergen with low confidence', { product: { features: { allergens: [allergen('CHICKEN', 'low')] } } }, 50],
  ['an allergen not common in dogs', { product: { features: { allergens: [allergen('FISH')] } } }, 50],
  ['fish for a cat', { pet: { species: 'CAT' }, product: { species: null, features: { allergens: [allergen('FISH')] } } }, 30],
  ['wheat for a cat', { pet: { species: 'CAT' }, product: { species: null, features: { allergens: [allergen('WHEAT')] } } }, 50],
  ['something softly avoided', { preferences: { softAvoidIngredients: ['Rice'] } }, 30],
  ['two softly avoided, taken once', { preferences: { softAvoidIngredients: ['rice', 'turkey'] } }, 30],
  ['an avoided phrase of which one word is there', { preferences: { softAvoidIngredients: ['rice syrup'] } }, 50],
  ['both', { preferences: { softAvoidIngredients: ['rice'] }, product: { features: { allergens: [allergen('EGG')] } } }, 10],
])('allergy of 50 with %s', (_, it, points) => expect(part(it, 'allergy')).toBe(points))

test.each<[number, HarmfulCode[], number]>([
  [0, [], 20],
  [1, ['BHA'], 15],
  [3, ['BHA', 'BHT', 'ADDED_SUGAR'], 5],
  [4, ['BHA', 'BHT', 'ADDED_SUGAR', 'EXCESS_SALT'], 0],
  [5, ['BHA', 'BHT', 'ADDED_SUGAR', 'EXCESS_SALT', 'CORN_SYRUP'], 0],
])('harmful of 20 with %i found', (_, list, points) => expect(part({ product: { features: { harmful: harmful(...list) } } }, 'harmful')).toBe(points))

test.each([
  { firstIngredientIsMeat: true, proteinQuality: 'high', qualityScore: 100, points: 30 },
  { firstIngredientIsMeat: true, proteinQuality: 'medium', qualityScore: 73, points: 22.3 },
  { firstIngredientIsMeat: false, proteinQuality: 'high', qualityScore: 40, points: 14 },
  { firstIngredientIsMeat: false, proteinQuality: 'low', qualityScore: 0, points: 0 },
] as const)('quality of 30: meat first $firstIngredientIsMeat, protein $proteinQuality, score $qualityScore is $points', ({ points, ...features }) => {
  expect(part({ product: { features } }, 'quality')).toBe(points)
})

test('the preset SAFE takes off once more a fifth of what allergy and harmful lack', () => {
  // 30 + 15 + (0 + 5 + 5) = 55; lacking 20 + 5, a fifth of which is 5.
  const features = { allergens: [allergen('BEEF')], harmful: harmful('BHA') }
  expect(score({ product: { features } }).safetyScore).toBe(55)
  expect(score({ product: { features }, preferences: { weightsPreset: 'SAFE' } }).safetyScore).toBe(50)
})

test('safety never goes below zero', () => {
  // 10 + 0 + 0, less (40 + 20) / 5 = 12.
  const features = {
    allergens: [allergen('BEEF')], harmful: harmful('BHA', 'BHT', 'ADDED_SUGAR', 'EXCESS_SALT'), proteinQuality: 'low' as const, qualityScore: 0,
  }
  const it: Case = { product: { features }, preferences: { weightsPreset: 'SAFE', softAvoidIngredients: ['rice'] } }
  expect(score(it).safetyScore).toBe(0)
  expect(codes(it)).toContain('RAISED_TO_ZERO')
})

test('badges need a label: nothing is safe because nobody knows what is in it', () => {
  expect(score({}).safetyBadges).toEqual(['ALLERGY_SAFE', 'NO_HARMFUL_INGREDIENTS'])
  expect(score({ product: { features: { ingredients: [] } } }).safetyBadges).toEqual([])
  expect(codes({ product: { features: { ingredients: [] } } })).toEqual(expect.arrayContaining(['ALLERGENS_UNCHECKED', 'HARMFUL_UNCHECKED']))
})

test('a doubtful trace of a common allergen costs no points but the badge', () => {
  const item = score({ product: { features: { allergens: [allergen('CHICKEN', 'low')] } } })
  expect(item.safetyBadges).toEqual(['NO_HARMFUL_INGREDIENTS'])
  expect(item.allergyIngredients).toEqual(['chicken'])
})

test('high quality begins at 24 of 30 points', () => {
  const badges = (qualityScore: number) =>
    score({ product: { features: { firstIngredientIsMeat: true, proteinQuality: 'high', qualityScore } } }).safetyBadges
  expect(badges(40)).toContain('HIGH_QUALITY')
  expect(badges(39)).not.toContain('HIGH_QUALITY')
})
