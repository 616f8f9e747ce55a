import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ALLERGENS } from '../../../src/domain/codes.ts'
import { analyseLabel } from '../../../src/domain/ingredients/analyse.ts'
import { allergensIn, analyseText, labelOf } from './label.ts'

const WORDS = ['chicken', 'and', 'fat', '(', ')', '[', '%', '4%', ',', '.', 'including', 'from', 'liver', 'meat', '밀', '닭', 'no', ':', '&', 'free', '콩', '\u200b', 'BHA']
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((it) => it.join(' ')))

test('any text is analysed, always the same way, into names without brackets or percentages', () => {
  fc.assert(
    fc.property(anyText, anyText, (ingredientsText, productName) => {
      const label = labelOf({ ingredientsText, productName, claims: [productName] })
      const features = analyseLabel(label)
      expect(analyseLabel(label)).toEqual(features)
      for (const name of features.ingredients) expect(name).toMatch(/^[^()[\]{}%]+$/)
      expect(features.qualityScore).toBeGreaterThanOrEqual(0)
      expect(features.qualityScore).toBeLessThanOrEqual(100)
      const order = features.allergens.map(({ allergen }) => ALLERGENS.indexOf(allergen))
      expect(order).toEqual([...new Set(order)].toSorted((a, b) => a - b))
    }),
  )
})

test('an allergen is found wherever in the list it stands, bracketed or not', () => {
  const harmless = fc.constantFrom('kelp', 'carrots', 'taurine', 'Minerals (zinc, iron)', 'buckwheat', 'sweet potato', 'salt 1%')
  const place = fc.constantFrom('chicken', 'Chicken (4%)', 'dried CHICKEN', 'superfoods [chicken]', 'chicken*', '4% chicken', 'chicken and duck', 'blend including chicken')
  fc.assert(
    fc.property(fc.array(harmless, { maxLength: 8 }), place, fc.array(harmless, { maxLength: 8 }), (before, chicken, after) => {
      expect(allergensIn([...before, chicken, ...after].join(', '))).toContain('CHICKEN')
    }),
  )
})

// The clock of the test runner is the only limit: work that grew with the square of the length would run for minutes.
test.each(['(', 'a(', '1', '1,1', ' and ', 'fats and oils and ', 'liver ', 'egg&', ' including ', '. ', '  ', '닭', '밀 ', 'e\u0301', 'ﷺ', '5 mg', 'no corn '])(
  'a hundred thousand characters of %j are analysed',
  (piece) => {
    const text = piece.repeat(100_000 / piece.length)
    expect(analyseText(text).ingredients.length).toBeLessThanOrEqual(100_000)
    expect(analyseLabel(labelOf({ productName: text, claims: [text] })).ingredients).toEqual([])
  },
)
