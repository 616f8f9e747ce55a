import type { Offer, Product } from '../product.ts'
import type { PricedOffer } from '../run.ts'
import { roundTo } from './rounding.ts'

/** The primary offer, else the cheapest that has a price; null where there is neither. */
export function pricedOffer({ offers, priceSummaries }: Pick<Product, 'offers' | 'priceSummaries'>): PricedOffer | null {
  const offer = offers.find(({ isPrimary }) => isPrimary) ?? offers.filter(({ currentPrice }) => currentPrice !== null).toSorted(byPrice)[0]
  if (offer === undefined) return null
  const { currentPrice } = offer
  const summary = priceSummaries[offer.id]
  return {
    offer,
    currentPrice,
    averagePrice: summary === undefined ? null : roundTo(summary.averagePrice, 0),
    deltaPercent:
      summary === undefined || currentPrice === null || summary.averagePrice <= 0
        ? null
        : roundTo((currentPrice / summary.averagePrice - 1) * 100, 1),
    isNewLow: summary !== undefined && currentPrice !== null && currentPrice < summary.lowestPrice,
  }
}

// Prices of two currencies cannot be compared here, so won come first and the others by their code.
const byPrice = (a: Offer, b: Offer): number =>
  Number(b.currency === 'KRW') - Number(a.currency === 'KRW') ||
  compareText(a.currency, b.currency) ||
  (a.currentPrice ?? 0) - (b.currentPrice ?? 0) ||
  compareText(a.id, b.id)

/** By code unit, never by locale: the same order on every machine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
