import type { ProductRecord, OfferRecord } from '../db/product-record.ts'
import type { Merchant } from '../domain/codes.ts'
import { minorUnitDigits, toMinorUnits } from '../domain/currency.ts'
import { analyseLabel } from '../domain/ingredients/analyse.ts'
import { krwPerUnit, pricePerKgKrw, type KrwRates } from '../domain/prices.ts'
import type { Label } from '../domain/product.ts'
import type { ImportRow, Refusal } from './row.ts'

export type ProductOrRefusal = { kind: 'product'; product: ProductRecord } | { kind: 'refused'; refusals: Refusal[] }
type OffersOrRefusal = { kind: 'offers'; offers: OfferRecord[] } | { kind: 'refused'; refusals: Refusal[] }

/** A whole price per kg must fit the API's 32-bit Int, and a month of it too. */
const HIGHEST_KRW_PER_KG = 10_000_000

/**
 * What the flags of a row do. The others, known and unknown, change nothing: `guaranteesSumOver100` (labels print minima and
 * maxima), `kcalDisagreesWithAnalysis` and `kcalFromPerUnit` (the energy printed was measured, the analysis beside it is
 * minima and maxima: the print is the better figure), `priceIsFrom`, `alsoSoldAs:…`, and what was dropped already.
 *
 *   alsoForDogs, alsoForCats     species null: for both
 *   pricePerKgImplausible        no price per kg; the price itself stays
 *   moisturePctOutOfRange        no moisture; likewise ash
 *   maybeComplementary           not active: what may not be a full meal is never recommended as one
 */
const applyFlags = (row: ImportRow) => {
  const has = (flag: string) => row.flags.includes(flag)
  return {
    species: has('alsoForDogs') || has('alsoForCats') ? null : row.species,
    moisturePct: has('moisturePctOutOfRange') ? null : row.moisturePct,
    ashPct: has('ashPctOutOfRange') ? null : row.ashPct,
    perKg: has('pricePerKgImplausible') ? null : (row.price?.perKg ?? null),
    isActive: !has('maybeComplementary'),
  }
}

/** The product of a row, analysed; or why its price cannot be taken. `form` null is OTHER. */
export function toProduct(row: ImportRow, rates: KrwRates): ProductOrRefusal {
  const { species, moisturePct, ashPct, perKg, isActive } = applyFlags(row)
  const priced = toOffers(row, perKg, rates)
  if (priced.kind === 'refused') return priced
  const { proteinPct, fatPct, fiberPct, calciumPct, phosphorusPct, kcalPer100g } = row
  const label: Label = {
    species,
    brandName: row.brandName,
    productName: row.productName,
    form: row.form ?? 'OTHER',
    lifeStage: row.lifeStage,
    ingredientsText: row.ingredientsText?.trim() === '' ? null : row.ingredientsText,
    nutrition: { proteinPct, fatPct, fiberPct, moisturePct, ashPct, calciumPct, phosphorusPct, kcalPer100g },
    claims: row.claims,
    breedSizeLabel: row.breedSize,
  }
  const { source, sourceId, sizeLabel, market } = row
  return {
    kind: 'product',
    product: { ...label, source, sourceId, sizeLabel, market, isActive, features: analyseLabel(label), offers: priced.offers },
  }
}

/** A row without a price offers nothing: its address says where the label was read, not where the food is sold. */
function toOffers({ price, asOf, sourceUrl }: ImportRow, perKg: number | null, rates: KrwRates): OffersOrRefusal {
  if (price === null) return { kind: 'offers', offers: [] }
  const { amount, currency } = price
  const currentPrice = toMinorUnits(amount, currency)
  // Kept without won, the food would slip through every limit on the price. The owner of the file can add the rate.
  if (krwPerUnit(currency, rates) === null) {
    return refuse('price.currency', `no rate for ${currency} in KRW_RATES (known: ${['KRW', ...Object.keys(rates.perUnit)].join(', ')})`)
  }
  if (currentPrice === null) return refuse('price.amount', `${currency} has ${minorUnitDigits(currency)} digits after the point, found ${amount}`)
  if (currentPrice < 1 || currentPrice > 2_147_483_647) return refuse('price.amount', `out of range, found ${amount}`)
  const krwPerKg = pricePerKgKrw({ pricePerKg: perKg, currency }, rates)
  if (krwPerKg !== null && krwPerKg > HIGHEST_KRW_PER_KG) return refuse('price.perKg', `over ${HIGHEST_KRW_PER_KG} KRW per kg, found ${perKg} ${currency}`)
  if (sourceUrl === null) return refuse('sourceUrl', 'must say where the price was seen')
  const hostname = new URL(sourceUrl).hostname.replace(/^www\./, '')
  const observations = asOf === null ? [] : [{ observedOn: asOf, price: currentPrice }]
  return {
    kind: 'offers',
    offers: [
      {
        merchant: merchantAt(hostname), url: sourceUrl, affiliateUrl: null, sellerName: hostname,
        currentPrice, currency, pricePerKg: perKg, isPrimary: true, observations,
      },
    ],
  }
}

const refuse = (field: string, reason: string): OffersOrRefusal => ({ kind: 'refused', refusals: [{ field, reason }] })

const MERCHANT_DOMAINS: readonly (readonly [domain: string, merchant: Merchant])[] = [
  ['coupang.com', 'COUPANG'],
  ['naver.com', 'NAVER'],
]
const merchantAt = (hostname: string): Merchant =>
  MERCHANT_DOMAINS.find(([domain]) => hostname === domain || hostname.endsWith(`.${domain}`))?.[1] ?? 'OTHER'
