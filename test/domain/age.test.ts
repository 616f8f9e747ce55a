import { expect, test } from 'vitest'
import { ageInMonths, ageStage } from '../../src/domain/age.ts'

const born = (birthdate: string) => ({ birthdate, approxAgeMonths: null, approxAgeRecordedOn: null })
const about = (approxAgeMonths: number, approxAgeRecordedOn: string | null) => ({ birthdate: null, approxAgeMonths, approxAgeRecordedOn })

test.each([
  ['2024-03-15', '2025-03-14', 11],
  ['2024-03-15', '2025-03-15', 12],
  ['2024-01-31', '2024-02-28', 0],
  ['2024-01-31', '2024-02-29', 1],
  ['2024-02-29', '2025-02-28', 12],
  ['2023-12-31', '2024-01-01', 0],
  ['2024-05-01', '2024-04-01', 0],
])('born on %s, on %s a pet is %i months old', (birthdate, today, months) => expect(ageInMonths(born(birthdate), today)).toBe(months))

test('an approximate age grows from the day it was recorded', () => {
  expect(ageInMonths(about(10, '2024-03-15'), '2024-05-14')).toBe(11)
  expect(ageInMonths(about(10, '2024-03-15'), '2024-05-15')).toBe(12)
  expect(ageInMonths(about(10, null), '2024-05-15')).toBe(10)
})

test.each([
  ['DOG', null, 11, 'PUPPY'],
  ['DOG', null, 12, 'ADULT'],
  ['DOG', 'MALTESE', 83, 'ADULT'],
  ['DOG', 'MALTESE', 84, 'SENIOR'],
  ['DOG', 'LABRADOR_RETRIEVER', 17, 'PUPPY'],
  ['DOG', 'LABRADOR_RETRIEVER', 18, 'ADULT'],
  ['DOG', 'LABRADOR_RETRIEVER', 71, 'ADULT'],
  ['DOG', 'LABRADOR_RETRIEVER', 72, 'SENIOR'],
  ['DOG', 'MIXED_DOG', 72, 'ADULT'],
  ['CAT', null, 11, 'PUPPY'],
  ['CAT', 'MAINE_COON', 12, 'ADULT'],
  ['CAT', 'MAINE_COON', 119, 'ADULT'],
  ['CAT', null, 120, 'SENIOR'],
] as const)('a %s of breed %s is at %i months %s', (species, breedCode, months, stage) => {
  expect(ageStage({ species, breedCode, ...about(months, null) }, '2026-01-01')).toBe(stage)
})

test('a pet of unknown age is taken for an adult', () => {
  expect(ageStage({ species: 'DOG', breedCode: null, birthdate: null, approxAgeMonths: null, approxAgeRecordedOn: null }, '2026-01-01')).toBe('ADULT')
})
