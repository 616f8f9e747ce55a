import { expect, test } from 'vitest'
import { BREEDS, findBreed } from '../../src/domain/breeds.ts'

test.each([
  ['DOG', 'LABRADOR_RETRIEVER', 'Labrador Retriever', 'large', false],
  ['DOG', 'GREAT_DANE', 'Great Dane', 'large', false],
  ['DOG', 'MALTESE', 'Maltese', 'small', false],
  ['DOG', 'BORDER_COLLIE', 'Border Collie', 'medium', false],
  ['DOG', 'POODLE_TOY', 'Poodle (Toy)', 'small', false],
  ['DOG', 'LOWCHEN', 'Löwchen', 'small', false],
  ['DOG', 'CIRNECO_DELL_ETNA', "Cirneco dell'Etna", 'small', false],
  ['DOG', 'WEST_HIGHLAND_WHITE_TERRIER', 'West Highland White Terrier', 'small', false],
  ['DOG', 'FRENCH_BULLDOG', 'French Bulldog', 'medium', true],
  ['DOG', 'BOXER', 'Boxer', 'large', true],
  ['DOG', 'MIXED_DOG', 'Mixed breed dog', null, false],
  ['CAT', 'PERSIAN', 'Persian', 'medium', true],
  ['CAT', 'MAINE_COON', 'Maine Coon', 'large', false],
  ['CAT', 'MIXED_CAT', 'Mixed breed cat', null, false],
] as const)('%s %s is the %s', (species, code, name, size, isBrachycephalic) => {
  expect(findBreed(species, code)).toEqual({ code, species, name, size, isBrachycephalic })
})

test.each([
  ['CAT', 'LABRADOR_RETRIEVER'],
  ['DOG', 'MIXED_CAT'],
  ['DOG', 'labrador_retriever'],
  ['DOG', ''],
  ['DOG', 'constructor'],
] as const)('there is no %s of code “%s”', (species, code) => expect(findBreed(species, code)).toBeUndefined())

test('every breed has a code of its own, in capitals', () => {
  for (const [species, count] of [['DOG', 276], ['CAT', 68]] as const) {
    const codes = BREEDS[species].map(({ code }) => code)
    expect(new Set(codes).size).toBe(count)
    expect(codes.filter((code) => !/^[A-Z0-9]+(?:_[A-Z0-9]+)*$/.test(code))).toEqual([])
  }
})

test('every flat-faced breed of the list is in the table', () => {
  expect(BREEDS.DOG.filter(({ isBrachycephalic }) => isBrachycephalic)).toHaveLength(17)
  expect(BREEDS.CAT.filter(({ isBrachycephalic }) => isBrachycephalic)).toHaveLength(3)
})
