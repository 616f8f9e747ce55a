import { expect, test } from 'vitest'
import { minorUnitDigits, toMinorUnits } from '../../src/domain/currency.ts'
import { pricePerKgKrw, summarisePrices } from '../../src/domain/prices.ts'

const rates = { asOf: '2026-11-01', perUnit: { USD: 1390, GBP: 1830.5 } }

test('a price per kg in a foreign currency is shown in whole won at the configured rate', () => {
  expect(pricePerKgKrw({ pricePerKg: 12.76, currency: 'USD' }, rates)).toBe(17_736)
  expect(pricePerKgKrw({ pricePerKg: 4.67, currency: 'GBP' }, rates)).toBe(8548)
})

test('won need no rate', () => {
  expect(pricePerKgKrw({ pricePerKg: 18_900, currency: 'KRW' }, rates)).toBe(18_900)
})

test('an unknown price per kg or an unknown rate is unknown, never free', () => {
  expect(pricePerKgKrw({ pricePerKg: null, currency: 'USD' }, rates)).toBeNull()
  expect(pricePerKgKrw({ pricePerKg: 5, currency: 'CAD' }, rates)).toBeNull()
  expect(pricePerKgKrw({ pricePerKg: 5, currency: 'constructor' }, rates)).toBeNull()
})

test('prices are kept in whole minor units, as many as the currency has', () => {
  expect([minorUnitDigits('USD'), minorUnitDigits('KRW'), minorUnitDigits('KWD')]).toEqual([2, 0, 3])
  expect(toMinorUnits(19.99, 'USD')).toBe(1999)
  expect(toMinorUnits(1.15, 'GBP')).toBe(115)
  expect(toMinorUnits(32_900, 'KRW')).toBe(32_900)
})

test('an amount finer than its currency is no price', () => {
  expect(toMinorUnits(12.5, 'KRW')).toBeNull()
  expect(toMinorUnits(1.999, 'USD')).toBeNull()
})

test('every amount of whole cents survives the way through a decimal number', () => {
  for (let cents = 1; cents < 200_000; cents += 7) expect(toMinorUnits(cents / 100, 'USD')).toBe(cents)
})

test('the newest price is compared with the days before it, not with itself', () => {
  const summary = summarisePrices([
    { observedOn: '2026-11-18', price: 1000 },
    { observedOn: '2026-11-20', price: 500 },
    { observedOn: '2026-11-19', price: 1101 },
  ])
  expect(summary).toEqual({ averagePrice: 1051, lowestPrice: 1000, snapshotCount: 2, newestOn: '2026-11-20' })
})

test('the window is the 30 days that end with the newest price', () => {
  const day = (observedOn: string, price: number) => ({ observedOn, price })
  expect(summarisePrices([day('2026-03-01', 10), day('2026-01-31', 7), day('2026-01-30', 1)])).toMatchObject({ lowestPrice: 7, snapshotCount: 1 })
})

test('an offer seen only once, or not within the window, has no summary', () => {
  expect(summarisePrices([])).toBeNull()
  expect(summarisePrices([{ observedOn: '2026-11-20', price: 5 }])).toBeNull()
  expect(summarisePrices([{ observedOn: '2026-11-20', price: 5 }, { observedOn: '2026-10-01', price: 9 }])).toBeNull()
})
