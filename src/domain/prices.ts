import type { PriceSummary } from './product.ts'

/** What one unit of a foreign currency's major unit is in KRW, as told on `asOf`. KRW itself needs no entry. */
export type KrwRates = { asOf: string; perUnit: Readonly<Record<string, number>> }

/** Null for a currency without a rate. */
export const krwPerUnit = (currency: string, rates: KrwRates): number | null =>
  currency === 'KRW' ? 1 : Object.hasOwn(rates.perUnit, currency) ? (rates.perUnit[currency] ?? null) : null

/**
 * Whole KRW per kg of an offer whose `pricePerKg` is in the major unit of its currency. Made when it is read, so that
 * new rates reach every product at once. Null where the offer has no price per kg or its currency no rate.
 */
export function pricePerKgKrw(offer: { pricePerKg: number | null; currency: string }, rates: KrwRates): number | null {
  const rate = krwPerUnit(offer.currency, rates)
  return offer.pricePerKg === null || rate === null ? null : Math.round(offer.pricePerKg * rate)
}

/** `observedOn` is a calendar date, `2026-11-20`; `price` whole minor units. */
export type PriceObservation = { observedOn: string; price: number }
export type PriceWindow = PriceSummary & { snapshotCount: number; newestOn: string }

const WINDOW_DAYS = 30
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * The 30 days that end with the newest observation, that one left out: today's price is compared with it, and must not
 * be compared with itself. The average is rounded to a whole minor unit. Null where nothing else was seen in those days.
 */
export function summarisePrices(observations: readonly PriceObservation[]): PriceWindow | null {
  const newestOn = observations.reduce((newest, { observedOn }) => (observedOn > newest ? observedOn : newest), '')
  const within = observations.filter(({ observedOn }) => observedOn < newestOn && daysBetween(observedOn, newestOn) < WINDOW_DAYS)
  if (within.length === 0) return null
  const prices = within.map(({ price }) => price)
  return {
    averagePrice: Math.round(prices.reduce((sum, price) => sum + price, 0) / prices.length),
    lowestPrice: Math.min(...prices),
    snapshotCount: prices.length,
    newestOn,
  }
}

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY_MS
