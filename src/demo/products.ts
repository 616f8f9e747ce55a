import type { OfferRecord, ProductRecord } from '../db/product-record.ts'
import type { Merchant } from '../domain/codes.ts'
import { toMinorUnits } from '../domain/currency.ts'
import { analyseLabel } from '../domain/ingredients/analyse.ts'
import type { Label } from '../domain/product.ts'
import { bareunHankki } from './brands/bareun-hankki.ts'
import { brackenfield } from './brands/brackenfield.ts'
import { copperdell } from './brands/copperdell.ts'
import { fjordpaw } from './brands/fjordpaw.ts'
import { greenbarrow } from './brands/greenbarrow.ts'
import { happyBowl } from './brands/happy-bowl.ts'
import { haneulTable } from './brands/haneul-table.ts'
import { ironoak } from './brands/ironoak.ts'
import { miraeCatLab } from './brands/mirae-cat-lab.ts'
import { moonpatch } from './brands/moonpatch.ts'
import { pocketAndSons } from './brands/pocket-and-sons.ts'
import { prairieLantern } from './brands/prairie-lantern.ts'
import { velloria } from './brands/velloria.ts'
import type { DemoBrand, DemoFood } from './food.ts'
import { priceHistory } from './price-history.ts'

export const DEMO_SOURCE = 'demo'
/** The day on which the demo's prices were seen last. */
export const DEMO_AS_OF = '2026-11-20'
/** When the last ones of what is no longer made were sold. */
const DEMO_SOLD_OUT_ON = '2026-09-30'

const BRANDS: readonly DemoBrand[] = [
  haneulTable, bareunHankki, fjordpaw, brackenfield, prairieLantern, velloria, copperdell, happyBowl, moonpatch, pocketAndSons, ironoak, miraeCatLab, greenbarrow,
]

/** The demo's catalogue: every food, brand and price is invented. The same on every machine and on every day. */
export const demoProducts = (): ProductRecord[] => BRANDS.flatMap((brand) => brand.foods.map((food) => toRecord(brand, food)))

function toRecord(brand: DemoBrand, food: DemoFood): ProductRecord {
  const [proteinPct, fatPct, fiberPct, moisturePct, ashPct, calciumPct, phosphorusPct, kcalPer100g] = food.analysis
  const premix = brand.premix[food.form]
  const label: Label = {
    species: food.species,
    brandName: brand.brandName,
    productName: food.name,
    form: food.form,
    lifeStage: food.stage,
    ingredientsText: premix === undefined ? `${food.label}.` : `${food.label}, ${premix}.`,
    nutrition: { proteinPct, fatPct, fiberPct, moisturePct, ashPct, calciumPct, phosphorusPct, kcalPer100g },
    claims: food.claims ?? [],
    breedSizeLabel: food.breedSize ?? null,
  }
  return {
    ...label,
    source: DEMO_SOURCE,
    sourceId: `${brand.key}/${food.code}`,
    sizeLabel: food.pack[0],
    market: brand.market,
    isActive: food.discontinued !== true,
    features: analyseLabel(label),
    offers: brand.soldAt.map((merchant, rank) => toOffer(brand, food, merchant, rank === 0)),
  }
}

type Shop = { currency: string; krwPerUnit: number; step: number; markup: number; sellerName: string | null; host: string; affiliateHost: string | null }

/** The names under `.example` belong to nobody (RFC 2606). */
const SHOPS: Readonly<Record<Merchant, Shop>> = {
  COUPANG: { currency: 'KRW', krwPerUnit: 1, step: 100, markup: 1, sellerName: 'Coupang', host: 'coupang.example', affiliateHost: 'link.coupang.example' },
  NAVER: { currency: 'KRW', krwPerUnit: 1, step: 50, markup: 1.03, sellerName: 'Pet Market', host: 'smartstore.naver.example', affiliateHost: null },
  BRAND: { currency: 'KRW', krwPerUnit: 1, step: 100, markup: 1.08, sellerName: null, host: 'shop.example', affiliateHost: null },
  OTHER: { currency: 'USD', krwPerUnit: 1390, step: 0.05, markup: 0.94, sellerName: 'Paws Abroad', host: 'pawsabroad.example', affiliateHost: null },
}

function toOffer(brand: DemoBrand, food: DemoFood, merchant: Merchant, isPrimary: boolean): OfferRecord {
  const shop = SHOPS[merchant]
  const [, kg, krw] = food.pack
  const path = `${brand.key}/${food.code}`
  const minor = toMinorUnits(1, shop.currency) ?? 1
  const step = Math.round(shop.step * minor)
  const usual = ((krw * shop.markup) / shop.krwPerUnit) * minor
  const observations = priceHistory(`${path}@${merchant}`, usual, step, food.discontinued ? DEMO_SOLD_OUT_ON : DEMO_AS_OF)
  const newest = observations.at(-1)
  const currentPrice = food.discontinued || newest === undefined ? null : newest.price
  return {
    merchant,
    url: `https://${shop.host}/${path}`,
    affiliateUrl: shop.affiliateHost === null ? null : `https://${shop.affiliateHost}/petfood/${path}`,
    sellerName: shop.sellerName ?? brand.brandName,
    currentPrice,
    currency: shop.currency,
    pricePerKg: currentPrice === null ? null : Math.round((currentPrice / minor / kg) * 100) / 100,
    isPrimary,
    observations,
  }
}
