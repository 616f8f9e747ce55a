import { expect, test } from 'vitest'
import type { ProductRecord } from '../../src/db/product-record.ts'
import { parseRow } from '../../src/import/row.ts'
import { toProduct } from '../../src/import/to-product.ts'
import { buildRow, rates } from './build-row.ts'

const convert = (overrides: Record<string, unknown>) => {
  const parsed = parseRow(JSON.stringify(buildRow(overrides)))
  if (parsed.kind === 'refused') throw new Error(JSON.stringify(parsed.refusals))
  return toProduct(parsed.row, rates)
}
const productOf = (overrides: Record<string, unknown>): ProductRecord => {
  const converted = convert(overrides)
  if (converted.kind === 'refused') throw new Error(JSON.stringify(converted.refusals))
  return converted.product
}
const price = (amount: number, currency: string, perKg: number | null = 5) => ({ price: { amount, currency, perKg } })

test('a food sold for dogs too is for both', () => {
  expect(productOf({ species: 'CAT', flags: ['alsoForDogs'] }).species).toBeNull()
})

test('a price per kg that cannot be right is unknown, and the price stays', () => {
  expect(productOf({ flags: ['pricePerKgImplausible'] }).offers).toMatchObject([{ currentPrice: 1999, pricePerKg: null }])
})

test('a figure that is out of range is unknown', () => {
  expect(productOf({ moisturePct: 92, ashPct: 30, flags: ['moisturePctOutOfRange', 'ashPctOutOfRange'] }).nutrition).toMatchObject({ moisturePct: null, ashPct: null })
})

test('what may not be a full meal is kept and never recommended as one', () => {
  expect(productOf({ flags: ['maybeComplementary'] }).isActive).toBe(false)
})

test('printed energy is believed over minima and maxima, and unknown flags change nothing', () => {
  const plain = productOf({})
  expect(productOf({ flags: ['kcalDisagreesWithAnalysis', 'guaranteesSumOver100', 'alsoSoldAs:x', 'somethingNew'] })).toEqual(plain)
  expect(plain.isActive).toBe(true)
})

test('an unknown form is OTHER', () => {
  expect(productOf({ form: null }).form).toBe('OTHER')
})

test('amount and currency are kept in whole minor units', () => {
  expect(productOf(price(19.99, 'USD')).offers).toMatchObject([{ currentPrice: 1999, currency: 'USD', pricePerKg: 5, observations: [{ observedOn: '2026-11-01', price: 1999 }] }])
  expect(productOf(price(32_900, 'KRW')).offers).toMatchObject([{ currentPrice: 32_900, currency: 'KRW' }])
})

test('a food without a price is offered nowhere', () => {
  expect(productOf({ price: null }).offers).toEqual([])
})

test('a merchant is told by the address, not by what looks like one', () => {
  const merchantAt = (sourceUrl: string) => productOf({ sourceUrl }).offers[0]?.merchant
  expect(merchantAt('https://www.coupang.com/vp/1')).toBe('COUPANG')
  expect(merchantAt('https://smartstore.naver.com/1')).toBe('NAVER')
  expect(merchantAt('https://notcoupang.com/1')).toBe('OTHER')
})

test.for<[string, Record<string, unknown>, string]>([
  ['a currency without a rate', price(10, 'NZD'), 'price.currency'],
  ['an amount finer than its currency', price(12.5, 'KRW'), 'price.amount'],
  ['an amount that no column holds', price(2_000_000_000, 'USD'), 'price.amount'],
  ['a price per kg that no Int holds', price(10, 'USD', 1e9), 'price.perKg'],
  ['a price seen nowhere', { sourceUrl: null }, 'sourceUrl'],
])('%s is refused', ([, overrides, field]) => {
  expect(convert(overrides)).toMatchObject({ kind: 'refused', refusals: [{ field }] })
})
