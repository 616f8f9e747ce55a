import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALLERGENS, LIFE_STAGES } from '../../src/domain/codes.ts'
import { analyseLabel } from '../../src/domain/ingredients/analyse.ts'
import { correct, featuresUnder, overlaid, type Described, type ProductOverrides, type ProductPatch } from '../../src/domain/overrides.ts'
import { labelOf } from './ingredients/label.ts'

const FOODS = ['chicken', 'chicken fat', 'chicken liver', 'hydrolysed chicken protein', 'turkey', 'salmon oil', 'egg', 'rice', 'rice flour', 'pea protein', 'barley']
const described = (parts: Partial<Described>): Described => ({ ...labelOf({}), isActive: true, ...parts })
const listing = (ingredientsText: string | null) => described({ ingredientsText })
const allergensOf = (label: Described, overrides: ProductOverrides) => featuresUnder(overlaid(label, overrides), overrides).allergens.map(({ allergen }) => allergen)

const arbitraryText = fc.option(fc.array(fc.constantFrom(...FOODS), { minLength: 1, maxLength: 6 }).map((foods) => foods.join(', ')))
const arbitraryAllergens = fc.subarray([...ALLERGENS])
const arbitraryDescribed = fc
  .record({ ingredientsText: arbitraryText, productName: fc.constantFrom('Dinner', 'Chicken Dinner'), isActive: fc.boolean(), proteinPct: fc.option(fc.integer({ min: 0, max: 60 })) })
  .map(({ proteinPct, ...parts }) => described({ ...parts, nutrition: { ...labelOf({}).nutrition, proteinPct } }))
const arbitraryPatch: fc.Arbitrary<ProductPatch> = fc.record(
  {
    isActive: fc.boolean(), productName: fc.constantFrom('Dinner', 'Supper'), lifeStage: fc.option(fc.constantFrom(...LIFE_STAGES)),
    ingredientsText: arbitraryText, claims: fc.constantFrom([], ['grain free']), allergens: arbitraryAllergens,
    nutrition: fc.record({ proteinPct: fc.option(fc.integer({ min: 0, max: 60 })), fatPct: fc.constantFrom(null, 10) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
)

test('whatever was patched is so at once, whatever was not is as it was', () =>
  fc.assert(fc.property(arbitraryDescribed, arbitraryPatch, (label, patch) => {
    const { described: after, features } = correct(label, {}, patch)
    const { allergens, nutrition, ...fields } = patch
    expect(after).toEqual({ ...label, ...fields, nutrition: { ...label.nutrition, ...nutrition } })
    if (allergens !== undefined) expect(features.allergens.map(({ allergen }) => allergen)).toEqual(allergens)
    else expect(features).toEqual(analyseLabel(after))
  })))

test('patch by patch, what lies over the label that was first is the product as it stands', () =>
  fc.assert(fc.property(arbitraryDescribed, fc.array(arbitraryPatch, { maxLength: 4 }), (label, patches) => {
    let current = { described: label, overrides: {} as ProductOverrides, features: analyseLabel(label) }
    for (const patch of patches) current = correct(current.described, current.overrides, patch)
    expect(overlaid(label, current.overrides)).toEqual(current.described)
    expect(featuresUnder(current.described, current.overrides)).toEqual(current.features)
  })))

test('what is said again as it is already is no correction', () =>
  fc.assert(fc.property(arbitraryDescribed, (label) => {
    const { isActive, productName, lifeStage, ingredientsText, claims, nutrition } = label
    const allergens = analyseLabel(label).allergens.map(({ allergen }) => allergen)
    expect(correct(label, {}, { isActive, productName, lifeStage, ingredientsText, claims: [...claims], nutrition, allergens }).overrides).toEqual({})
  })))

test('a new label decides what was not corrected', () =>
  fc.assert(fc.property(arbitraryDescribed, arbitraryDescribed, fc.integer({ min: 61, max: 90 }), (label, next, proteinPct) => {
    const { overrides } = correct(label, {}, { nutrition: { proteinPct } })
    expect(overlaid(next, overrides)).toEqual({ ...next, nutrition: { ...next.nutrition, proteinPct } })
  })))

describe('allergens that an admin named', () => {
  test('stay, whatever the next label says', () =>
    fc.assert(fc.property(arbitraryDescribed, arbitraryDescribed, arbitraryAllergens, (label, next, allergens) => {
      const found = analyseLabel(label).allergens.map(({ allergen }) => allergen)
      const { overrides } = correct(label, {}, { allergens })
      expect(allergensOf(next, overrides)).toEqual(expect.arrayContaining(allergens.filter((allergen) => !found.includes(allergen))))
    })))

  test('hide nothing that an ingredient of the next label brings in', () =>
    fc.assert(fc.property(arbitraryText, arbitraryText, arbitraryAllergens, (text, nextText, allergens) => {
      const { overrides } = correct(listing(text), {}, { allergens })
      const before = new Set(text?.split(', '))
      const brought = nextText?.split(', ').filter((food) => !before.has(food)) ?? []
      const broughtIn = brought.length === 0 ? [] : analyseLabel(listing(brought.join(', '))).allergens.map(({ allergen }) => allergen)
      expect(allergensOf(listing(nextText), overrides)).toEqual(expect.arrayContaining(broughtIn))
    })))

  test('an ingredient that was dismissed does not hide another that holds the same', () => {
    const { overrides } = correct(listing('Turkey, chicken fat'), {}, { allergens: ['TURKEY'] })
    expect(allergensOf(listing('Turkey, chicken fat, barley'), overrides)).toEqual(['TURKEY'])
    expect(allergensOf(listing('Turkey, chicken fat, hydrolysed chicken protein'), overrides)).toContain('CHICKEN')
    const ofMeat = correct(listing('Turkey, chicken'), {}, { allergens: ['TURKEY'] }).overrides
    expect(allergensOf(listing('Turkey, chicken, chicken liver'), ofMeat)).toContain('CHICKEN')
  })

  test('a trace that was dismissed is listed as food', () => {
    const { overrides } = correct(listing('Turkey, animal fat (chicken)'), {}, { allergens: ['TURKEY'] })
    expect(allergensOf(listing('Turkey, animal fat (chicken)'), overrides)).toEqual(['TURKEY'])
    expect(allergensOf(listing('Turkey, chicken'), overrides)).toContain('CHICKEN')
  })

  test('a new ingredient list from an admin keeps what was declared and forgets what was dismissed', () => {
    const first = correct(listing('Turkey, rice'), {}, { allergens: ['TURKEY', 'EGG'] })
    const second = correct(first.described, first.overrides, { ingredientsText: 'Duck, rice' })
    expect(second.features.allergens).toMatchObject([{ allergen: 'DUCK' }, { allergen: 'EGG', confidence: 'high', ingredient: 'egg (declared)' }, { allergen: 'RICE' }])
  })

  test('what is declared and found as a trace is held for certain', () => {
    const { features } = correct(listing('Turkey, chicken fat'), {}, { allergens: ['CHICKEN', 'TURKEY'] })
    expect(features.allergens).toMatchObject([{ allergen: 'CHICKEN', confidence: 'low' }, { allergen: 'TURKEY', confidence: 'high' }])
    const before = correct(listing('Turkey'), {}, { allergens: ['CHICKEN', 'TURKEY'] }).overrides
    expect(featuresUnder(listing('Turkey, chicken fat'), before).allergens).toMatchObject([{ allergen: 'CHICKEN', confidence: 'high' }, { allergen: 'TURKEY' }])
  })
})
