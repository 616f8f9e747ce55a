import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_REASONS, LOCALES } from '../../src/domain/codes.ts'
import { QUALITY_CHECK_CODES } from '../../src/domain/scoring/reason-codes.ts'
import { scoreProduct } from '../../src/domain/scoring/score-product.ts'
import { emptyMessage } from '../../src/domain/wording/empty-messages.ts'
import { animationExplanation, technicalExplanation } from '../../src/domain/wording/explanations.ts'
import { figure } from '../../src/domain/wording/figure.ts'
import { fillTemplate } from '../../src/domain/wording/fill-template.ts'
import { qualityCheckMessage } from '../../src/domain/wording/quality-check-messages.ts'
import { reasonMessage } from '../../src/domain/wording/reason-messages.ts'
import { arbitraryConditions, arbitraryPet, arbitraryPreferences, arbitraryProduct } from '../support/arbitrary-scoring.ts'
import { score } from './scoring/score.ts'

const HANGUL = /[\uac00-\ud7a3]/

test('every reason that the rules give reads as a whole sentence in both languages', () => {
  const input = fc.record({ pet: arbitraryPet, preferences: arbitraryPreferences, conditions: arbitraryConditions, product: arbitraryProduct })
  fc.assert(
    fc.property(input, (it) => {
      const result = scoreProduct(it)
      for (const reason of result.kind === 'scored' ? result.reasons : [result.reason]) {
        const [en, ko] = [reasonMessage(reason, 'EN'), reasonMessage(reason, 'KO')]
        expect(en).toMatch(/^[A-Z].*\.$/)
        expect(ko).toMatch(/다(?:\(.+\))?\.$/)
        expect(en + ko).not.toMatch(/[{}]|undefined|null|NaN|[A-Z]+_[A-Z]+/)
      }
    }),
  )
})

test.each([
  ['COMMON_ALLERGEN', { allergen: 'BEEF', ingredient: 'beef meal', species: 'DOG' }, 'Contains beef (beef meal), a common allergen for dogs.', '강아지에게 흔한 알레르기 유발 성분인 소고기가 들어 있습니다(beef meal).'],
  ['HARMFUL_INGREDIENT', { harmful: 'BHA', ingredient: 'bha' }, 'Contains the preservative BHA (bha).', '보존료 BHA이(가) 들어 있습니다(bha).'],
  ['EXCLUDED_ALLERGEN', { allergen: 'WHEAT', ingredient: 'wheat' }, 'Contains wheat (wheat), which your pet must avoid.', '반려동물이 피해야 하는 밀이 들어 있습니다(wheat).'],
  ['BUDGET_EXCEEDED', { monthlyCost: 75_600, maxMonthlyBudget: 70_000 }, 'Costs KRW 75,600 a month, over your budget of KRW 70,000.', '한 달 비용이 75,600원으로 예산 70,000원을 넘습니다.'],
])('%s is worded from its parameters', (code, params, en, ko) => {
  expect(reasonMessage({ code, params }, 'EN')).toBe(en)
  expect(reasonMessage({ code, params }, 'KO')).toBe(ko)
})

test('a code of a retired strategy stands for itself', () => {
  expect(reasonMessage({ code: 'RETIRED', params: {} }, 'KO')).toBe('RETIRED')
  expect(qualityCheckMessage('RETIRED', true, 'EN')).toBe('RETIRED')
})

test.each([
  ['{a:을/를}', '연어', '연어를'],
  ['{a:을/를}', '쌀', '쌀을'],
  ['{a:이/가}', 'salmon', 'salmon이(가)'],
  ['{a}, {b}', 'x', 'x, {b}'],
  ['{a}', '{b} $&', '{b} $&'],
])('%s with %s is %s', (template, a, filled) => expect(fillTemplate(template, { a })).toBe(filled))

test('every figure is written as the formatter of numbers writes it', () => {
  const formatter = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
  const arbitrary = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), fc.integer({ min: -20_000, max: 20_000_000 }).map((tenths) => tenths / 10), fc.constantFrom(0, -0, 999, 1_000, 999.9, 999.95, 0.05))
  fc.assert(fc.property(arbitrary, (value) => {
      expect(figure(value)).toBe(formatter.format(value))
    }), { numRuns: 2_000 })
})

describe.each(LOCALES)('in %s', (locale) => {
  test('every check and every empty reason has words of its own', () => {
    const words = [
      ...QUALITY_CHECK_CODES.flatMap((code) => [qualityCheckMessage(code, true, locale), qualityCheckMessage(code, false, locale)]),
      ...EMPTY_REASONS.map((reason) => emptyMessage(reason, locale)),
    ]
    expect(new Set(words).size).toBe(words.length)
    expect(words.filter((it) => HANGUL.test(it) !== (locale === 'KO'))).toEqual([])
  })

  test('the technical explanation is two to four sentences with score and amount', () => {
    for (const item of [score({}), score({ product: { nutrition: { kcalPer100g: null, fatPct: null } } }), score({ product: { pricePerKg: null } })]) {
      const text = technicalExplanation(item, locale)
      expect(text).toContain(String(item.matchScore))
      if (item.dailyAmountG !== null) expect(text).toContain(`${item.dailyAmountG}`)
      const sentences = text.match(/[.](?=\s|$)/g)?.length
      expect(sentences).toBeGreaterThanOrEqual(2)
      expect(sentences).toBeLessThanOrEqual(4)
    }
  })

  test('the animation has one short line', () => {
    for (const item of [score({}), score({ product: { features: { ingredients: [] } } })]) {
      const line = animationExplanation(item, locale)
      expect(line).not.toContain('\n')
      expect(line.length).toBeLessThanOrEqual(60)
    }
  })
})
