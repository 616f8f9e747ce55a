import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeItems, encodeItems } from '../../../src/domain/run-codec.ts'
import type { Reason } from '../../../src/domain/run.ts'
import { REASON_CODES } from '../../../src/domain/scoring/reason-codes.ts'
import { recommend } from '../../../src/domain/scoring/recommend.ts'
import { scoreProduct } from '../../../src/domain/scoring/score-product.ts'
import { arbitraryCatalogue, arbitraryConditions, arbitraryPet, arbitraryPreferences, arbitraryProduct } from '../../support/arbitrary-scoring.ts'
import { buildConditions, buildPreferences } from '../../support/build-pet.ts'

const ofOnePet = { pet: arbitraryPet, preferences: arbitraryPreferences, conditions: arbitraryConditions }
const request = fc.record({ ...ofOnePet, catalogue: arbitraryCatalogue })
const single = fc.record({ ...ofOnePet, product: arbitraryProduct })

const sum = (numbers: readonly (number | null)[]) => numbers.reduce<number>((total, it) => total + (it ?? 0), 0)

test('scores, confidence and parts stay within their bounds', () => {
  fc.assert(
    fc.property(single, (input) => {
      const item = scoreProduct(input)
      if (item.kind === 'excluded') return
      for (const it of [item.matchScore, item.safetyScore, item.fitnessScore, item.confidenceScore]) {
        expect(it).toBeGreaterThanOrEqual(0)
        expect(it).toBeLessThanOrEqual(100)
      }
      for (const { points, maxPoints } of item.scoreComponents) {
        expect(points).toBeGreaterThanOrEqual(0)
        expect(points).toBeLessThanOrEqual(maxPoints)
      }
    }),
  )
})

test('no recommended product holds what the pet or its owner excludes, is of another species, inactive or a treat', () => {
  fc.assert(
    fc.property(request, (input) => {
      const excluded = new Set<string>([...input.pet.foodAllergies, ...input.preferences.hardExcludeAllergens])
      for (const { product } of recommend(input).items) {
        expect(product.allergens.filter((allergen) => excluded.has(allergen))).toEqual([])
        expect([null, input.pet.species]).toContain(product.species)
        expect(product).toMatchObject({ isActive: true, form: expect.not.stringMatching('TREAT') })
        if (input.pet.otherAllergies === 'quinoa') expect(product.ingredientsText ?? '').not.toContain('quinoa')
        if (input.pet.otherAllergies === '연어') expect(product.ingredientsText ?? '').not.toMatch(/연어|salmon/)
      }
    }),
  )
})

test('the same pet and catalogue give the same answer, in whatever order the catalogue comes', () => {
  fc.assert(
    fc.property(request, fc.integer(), (input, seed) => {
      const shuffled = input.catalogue.toSorted((a, b) => ((Number(a.id.slice(1)) * 31 + seed) % 17) - ((Number(b.id.slice(1)) * 31 + seed) % 17))
      expect(recommend({ ...input, catalogue: structuredClone(shuffled) })).toEqual(recommend(input))
    }),
  )
})

test('the ten are those that stand first when all are sorted, by the scores as shown', () => {
  fc.assert(
    fc.property(fc.record({ ...ofOnePet, catalogue: fc.array(arbitraryProduct, { maxLength: 60, size: 'max' }) }), (asked) => {
      const catalogue = asked.catalogue.map((product, i) => ({ ...product, id: `p${i}` }))
      const input = { ...asked, catalogue }
      const scored = catalogue
        .filter(({ isActive, form, species }) => isActive && form !== 'TREAT' && (species === null || species === input.pet.species))
        .flatMap((product) => {
          const item = scoreProduct({ ...input, product })
          return item.kind === 'scored' ? [item] : []
        })
      const price = (it: (typeof scored)[number]) => (input.preferences.sortPreference === 'PRICE_ASC' ? (it.product.pricePerKg ?? Infinity) : 0)
      const less = (a: number, b: number) => (a === b ? 0 : a - b)
      const sorted = scored.toSorted(
        (a, b) => b.matchScore - a.matchScore || less(price(a), price(b)) || b.safetyScore - a.safetyScore || (a.product.id < b.product.id ? -1 : 1),
      )
      expect(recommend(input).items.map(({ product }) => product.id)).toEqual(sorted.slice(0, 10).map(({ product }) => product.id))
    }),
  )
})

test('ten at most, ranks consecutive from 1, totals never rising, and a reason exactly where there are none', () => {
  fc.assert(
    fc.property(request, (input) => {
      const { items, emptyReason } = recommend(input)
      expect(items.length).toBeLessThanOrEqual(10)
      expect(items.map(({ rank }) => rank)).toEqual(items.map((_, at) => at + 1))
      expect(items.map(({ matchScore }) => matchScore)).toEqual(items.map(({ matchScore }) => matchScore).toSorted((a, b) => b - a))
      expect(emptyReason === null).toBe(items.length > 0)
    }),
  )
})

test('without a preset the parts add up to safety and, capped, to fitness', () => {
  fc.assert(
    fc.property(single, (input) => {
      const item = scoreProduct({ ...input, preferences: { ...input.preferences, weightsPreset: 'BALANCED' } })
      if (item.kind === 'excluded') return
      const points = item.scoreComponents.map((component) => component.points)
      expect(Math.abs(sum(points.slice(0, 3)) - item.safetyScore)).toBeLessThanOrEqual(0.05 + 1e-9)
      expect(Math.abs(Math.min(100, sum(points.slice(3))) - item.fitnessScore)).toBeLessThanOrEqual(0.05 + 1e-9)
    }),
  )
})

test('the reasons account for every point: those before the species for safety, those after for fitness', () => {
  const before = (code: Reason['code'], other: (typeof REASON_CODES)[number]) => REASON_CODES.findIndex((it) => it === code) < REASON_CODES.indexOf(other)
  fc.assert(
    fc.property(single, (input) => {
      const item = scoreProduct(input)
      if (item.kind === 'excluded') return
      const ofTotal = (reason: Reason) => reason.params['part'] === 'total' || (reason.params['part'] === undefined && !before(reason.code, 'CAPPED_AT_MAXIMUM'))
      const ofSafety = (reason: Reason) => reason.params['part'] === 'safety' || (reason.params['part'] === undefined && before(reason.code, 'SPECIES_MATCH'))
      const groups = Object.groupBy(item.reasons, (reason) => (ofTotal(reason) ? 'total' : ofSafety(reason) ? 'safety' : 'fitness'))
      expect(Math.abs(sum((groups.safety ?? []).map(({ points }) => points)) - item.safetyScore)).toBeLessThanOrEqual(0.05 + 1e-9)
      expect(Math.abs(sum((groups.fitness ?? []).map(({ points }) => points)) - item.fitnessScore)).toBeLessThanOrEqual(0.05 + 1e-9)
      const shares = { SAFE: [0.7, 0.3], BALANCED: [0.6, 0.4], VALUE: [0.5, 0.5] }[input.preferences.weightsPreset]
      const whole = (shares[0] ?? 0) * item.safetyScore + (shares[1] ?? 0) * item.fitnessScore
      // Scores and points are rounded before they are added here, so a hair more than one rounding is allowed.
      expect(Math.abs(whole + sum((groups.total ?? []).map(({ points }) => points)) - item.matchScore)).toBeLessThanOrEqual(0.15)
    }),
  )
})

test('a heavier pet is never given less', () => {
  const weight = fc.integer({ min: 1, max: 1500 }).map((tenths) => tenths / 10)
  fc.assert(
    fc.property(arbitraryPet, arbitraryProduct, weight, weight, (pet, product, a, b) => {
      const grams = (weightKg: number) => {
        const item = scoreProduct({
          pet: { ...pet, weightKg, foodAllergies: [], otherAllergies: null },
          preferences: buildPreferences(),
          conditions: buildConditions(),
          product: { ...product, species: null },
        })
        return item.kind === 'scored' ? item.dailyAmountG : null
      }
      const [lighter, heavier] = [grams(Math.min(a, b)), grams(Math.max(a, b))]
      expect(lighter === null).toBe(heavier === null)
      if (lighter !== null) expect(heavier).toBeGreaterThanOrEqual(lighter)
    }),
  )
})

test('an item reads the same after it was stored', () => {
  fc.assert(
    fc.property(request, (input) => {
      const { items } = recommend(input)
      expect(decodeItems(encodeItems(items))).toEqual(items)
    }),
  )
})
