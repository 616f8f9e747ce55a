import { createHash } from 'node:crypto'
import type { PriceObservation } from '../domain/prices.ts'
import type { Label, Offer, ProductFeatures } from '../domain/product.ts'
import { uuidV5 } from '../lib/uuid-v5.ts'

/** `pricePerKg` is in the major unit of the currency. `observations` are added to those already known, never taken away. */
export type OfferRecord = Omit<Offer, 'id'> & { pricePerKg: number | null; observations: readonly PriceObservation[] }

/** A product as a source tells it, with what the analysis made of its label. `source` and `sourceId` name it for good. */
export type ProductRecord = Label & {
  source: string
  sourceId: string
  sizeLabel: string | null
  market: string | null
  isActive: boolean
  features: ProductFeatures
  /** At most one of them primary; no url twice. */
  offers: readonly OfferRecord[]
}

const PRODUCT_NAMESPACE = '5b3f0d52-6f0e-4a52-9a39-0a1f5c1d7e21'

/** Ids are made from names, so a product that was lost and is imported again is found again in old runs and by clients. */
export const productIdOf = (source: string, sourceId: string): string => uuidV5(PRODUCT_NAMESPACE, JSON.stringify([source, sourceId]))
export const offerIdOf = (productId: string, url: string): string => uuidV5(productId, url)

/**
 * Of everything in the products row. The features are part of it, so a change of the analysis makes a product changed
 * where it concludes something else from this label, and only there. Offers are compared by themselves: a price that
 * moved is no other product.
 */
export function contentHashOf(record: ProductRecord): string {
  const { source: _source, sourceId: _sourceId, offers: _offers, ...content } = record
  return createHash('sha256').update(JSON.stringify(sorted(content))).digest('base64url')
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]))
}
