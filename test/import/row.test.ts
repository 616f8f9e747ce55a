import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRow } from '../../src/import/row.ts'
import { buildRow } from './build-row.ts'

const refusalsOf = (overrides: Record<string, unknown>) => {
  const parsed = parseRow(JSON.stringify(buildRow(overrides)))
  return parsed.kind === 'refused' ? parsed.refusals.map(({ field, reason }) => `${field}: ${reason}`) : []
}

test.for<[string, Record<string, unknown>, string]>([
  ['an unknown code', { species: 'FISH' }, 'species: expected one of DOG, CAT, found "FISH"'],
  ['a species that is not known', { species: null }, 'species: expected one of DOG, CAT, found null'],
  ['an unknown form', { form: 'SOUP' }, 'form: expected one of DRY, WET, RAW, TREAT, OTHER, found "SOUP"'],
  ['a code in lower case', { lifeStage: 'adult' }, 'lifeStage: expected one of PUPPY, ADULT, SENIOR, ALL, found "adult"'],
  ['a negative percentage', { proteinPct: -3 }, 'proteinPct: must not be under 0, found -3'],
  ['a percentage over 100', { moisturePct: 101 }, 'moisturePct: must not be over 100, found 101'],
  ['a number in quotes', { fatPct: '12' }, 'fatPct: expected number, found "12"'],
  ['food without energy', { kcalPer100g: 0 }, 'kcalPer100g: must not be under 10, found 0'],
  ['a text that is none', { productName: 5 }, 'productName: expected string, found 5'],
  ['an empty name', { brandName: '  ' }, 'brandName: must not be empty'],
  ['a missing field', { ingredientsText: undefined }, 'ingredientsText: is missing'],
  ['a NUL character', { ingredientsText: 'lamb\0' }, 'ingredientsText: holds a NUL character'],
  ['half of a surrogate pair', { productName: 'a\ud83d' }, 'productName: holds half of a surrogate pair'],
  ['an over-long text', { ingredientsText: 'x'.repeat(20_001) }, 'ingredientsText: must not be longer than 20000 characters'],
  ['a key too long for an index', { sourceId: '강'.repeat(400) }, 'sourceId: must not be longer than 1000 bytes'],
  ['claims that are no list', { claims: 'Natural' }, 'claims: expected array, found "Natural"'],
  ['a claim that is no text', { claims: ['Natural', {}] }, 'claims.1: expected string, found an object'],
  ['a free food', { price: { amount: 0, currency: 'USD', perKg: 1 } }, 'price.amount: must be over 0, found 0'],
  ['a currency that is no code', { price: { amount: 1, currency: '$', perKg: 1 } }, 'price.currency: expected a currency code such as USD'],
  ['a day that is not', { asOf: '2026-02-30' }, 'asOf: is no day of the calendar'],
  ['an address that runs code', { sourceUrl: 'javascript:alert(1)' }, 'sourceUrl: expected an http or https address'],
])('%s is refused, and the field and the reason are told', ([, overrides, expected]) => {
  expect(refusalsOf(overrides)).toEqual([expected])
})

test('everything that is wrong with a row is told at once', () => {
  expect(refusalsOf({ species: 'COW', proteinPct: -1, price: 5 })).toHaveLength(3)
})

test('a number too large for a number is refused', () => {
  const line = JSON.stringify(buildRow()).replace('"fatPct":14', '"fatPct":1e999')
  expect(parseRow(line)).toMatchObject({ kind: 'refused', refusals: [{ field: 'fatPct' }] })
})

test('a month stands for its first day', () => {
  expect(parseRow(JSON.stringify(buildRow({ asOf: '2021-09' })))).toMatchObject({ kind: 'row', row: { asOf: '2021-09-01' } })
})

test('what a refused row says cannot move the cursor of a terminal', () => {
  const [told] = refusalsOf({ species: '\u001b[2J\u009b2J\u202e' })
  for (const unsafe of ['\u001b', '\u009b', '\u202e']) expect(told).not.toContain(unsafe)
})

test('whatever a line holds, it is parsed or refused and never throws', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.string().map((text) => `{"source":${text}`)), (line) => void parseRow(line)))
  expect(parseRow(`{"brandName":${'['.repeat(100_000)}${']'.repeat(100_000)}}`).kind).toBe('refused')
  for (const line of ['null', '[]', '5', '{', '"']) expect(parseRow(line)).toMatchObject({ kind: 'refused', refusals: [{ field: '' }] })
})
