import type { EmptyReason, Locale, SafetyBadge, Strategy } from './codes.ts'
import type { Offer, Product } from './product.ts'

/** The running strategy. Raising `version` retires every stored and cached run made by the rules before it. */
export const STRATEGY = { name: 'RULE_V1', version: 1 } as const satisfies { name: Strategy; version: number }

/** Seven days, the life of a run; Postgres's clock decides. */
export const RUN_LIFE_MS = 7 * 24 * 60 * 60 * 1000

/** What a point was given or taken for. The words are made from code and params when it is read. */
export type Reason = { code: string; points: number | null; params: Record<string, string | number> }

export type ScoreComponent = { name: string; points: number; maxPoints: number }

export type PricedOffer = {
  offer: Offer
  currentPrice: number | null
  averagePrice: number | null
  /** Percent below (-) or above (+) the 30-day average. */
  deltaPercent: number | null
  isNewLow: boolean
}

/** A product as it stood when the run was made: without what only scoring needs. */
export type ProductSnapshot = Omit<Product, 'features' | 'priceSummaries' | 'revision'> & { allergens: Product['features']['allergens'][number]['allergen'][] }

export function snapshotOf({ features, priceSummaries: _prices, revision: _revision, ...kept }: Product): ProductSnapshot {
  return { ...kept, allergens: Array.from(new Set(features.allergens.map(({ allergen }) => allergen))) }
}

/** What an explanation rests on: the words it used, and where they come from. */
export type Citation = { title: string; source: string; excerpt: string }

export type Explanation = {
  text: string
  /** 0 to 1. */
  confidence: number
  citations: Citation[]
  /** Milliseconds since 1970 on Postgres's clock. */
  generatedAt: number
  /** What wrote it, such as `extractive-v1`. */
  model: string
}

export type RunItem = {
  rank: number
  product: ProductSnapshot
  offer: PricedOffer | null
  /** 0 to 100, as are the other two scores. */
  matchScore: number
  safetyScore: number
  fitnessScore: number
  scoreComponents: ScoreComponent[]
  reasons: Reason[]
  ingredientCount: number | null
  mainIngredients: string[]
  /** Ingredients that are a common allergen of the species or softly avoided by the owner. */
  allergyIngredients: string[]
  harmfulIngredients: string[]
  qualityChecks: { code: string; passed: boolean }[]
  dailyAmountG: number | null
  /** KRW for 30 days of `dailyAmountG`. */
  monthlyCost: number | null
  safetyBadges: SafetyBadge[]
  /** 0 to 100. */
  confidenceScore: number
  /** Grounded in references; empty until somebody asks for them, language by language. */
  explanations: Partial<Record<Locale, Explanation>>
}

/** An item as the rules make it: not yet ranked, not yet explained. */
export type UnrankedItem = Omit<RunItem, 'rank' | 'explanations'>

/** What the rules say of one pet: ten items at most, or the reason why there are none. */
export type Recommendation = { items: RunItem[]; emptyReason: EmptyReason | null }

/** One computation. Instants are milliseconds since 1970 on Postgres's clock. */
export type Run = Recommendation & {
  /** Null where it could not be stored: the pet or a product changed while it was made. It is answered once, never kept. */
  id: string | null
  petId: string
  /** Of the pet, when it was read for this run. */
  version: number
  epoch: number
  /** Of the database, in which `version` and `epoch` were drawn: see cache/lineage-watch.ts. It is never written with the run. */
  lineage: string
  strategy: Strategy
  strategyVersion: number
  /** '' for a run without conditions. */
  conditionsHash: string
  createdAt: number
  expiresAt: number
}

export type StoredRun = Run & { id: string }
