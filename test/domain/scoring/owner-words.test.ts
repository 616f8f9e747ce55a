import { expect, test } from 'vitest'
import { wordsOfFreeText } from '../../../src/domain/scoring/owner-text.ts'
import { findOwnerWord, fold, ownerWord } from '../../../src/domain/scoring/owner-words.ts'

const excludes = (written: string, label: string) => findOwnerWord(wordsOfFreeText(written), fold(label)) !== undefined

test.each([
  ['pea', 'Dried Peas, rice'],
  ['peas', 'pea protein'],
  ['potatoes', 'potato starch'],
  ['Cranberry', 'cranberries'],
  ['anchovies', 'anchovy meal'],
  ['cheeses', 'cottage cheese'],
  ['salmon, quinoa', 'turkey, quinoa'],
  ['salmon; quinoa / kelp\nflax', 'flax'],
  ['salmon and quinoa', 'salmon'],
  ['salmon quinoa', 'quinoa'],
  ['salmon oil', 'fresh salmon'],
  ['beet pulp', 'dried beet-pulp'],
  ['allergic to kangaroo', 'kangaroo meat'],
  ["brewer's yeast", 'brewer’s yeast'],
  ['ＳＡＬＭＯＮ', 'salmon'],
  ['crème', 'cre\u0300me'],
  ['vitamin a', 'Vitamin A Supplement'],
  ['연어', '연어오일, 닭고기'],
  ['연어를 못 먹어요', '연어분말'],
  ['닭고기와 오리', '오리고기'],
  ['연어 알레르기', '훈제 연어'],
  ['병아리 콩', '병아리콩'],
  ['연어', 'Deboned Salmon'],
  ['sweet potatoes', '고구마'],
  ['salmon', 'salmon오일'],
])('“%s” is found in “%s”', (written, label) => expect(excludes(written, label)).toBe(true))

test.each([
  ['pea', 'peanut butter'],
  ['pea', 'appeal'],
  ['egg', 'eggplant'],
  ['rice', 'licorice'],
  ['oat', 'goat'],
  ['salmon oil', 'sunflower oil'],
  ['beet pulp', 'citrus pulp'],
  ['n/a', 'vitamin a, niacin'],
  ['no allergies', 'no artificial colors'],
  ['vitamin a', 'vitamin e'],
  ['없음', '색소 없음'],
  ['', 'turkey'],
  [' , ; ', 'turkey'],
  ['연어', 'tuna'],
])('“%s” is not found in “%s”', (written, label) => expect(excludes(written, label)).toBe(false))

test('사과 (apple) is a noun, not 사 with the particle 과', () => {
  expect(excludes('사과', '사탕수수')).toBe(false)
  expect(excludes('사과', '사과 추출물')).toBe(true)
})

test('an entry of a list counts as it stands: corn syrup is not corn', () => {
  expect(findOwnerWord(ownerWord('corn syrup'), 'whole corn')).toBeUndefined()
  expect(findOwnerWord(ownerWord('corn syrup'), 'corn syrup solids')).toBeDefined()
})

test('nothing that an owner types breaks the search', () => {
  for (const text of ['(', '[a-z', 'a{2', '\\', '$^', '*salmon*', '🐟', '\u0000', '&&', '--']) expect(() => excludes(text, 'salmon (a)')).not.toThrow()
  expect(excludes('*salmon*', 'salmon')).toBe(true)
})
