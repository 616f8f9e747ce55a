import type { Allergen, HealthConcern, LifeStage, Merchant, ProductForm, Species } from './codes.ts'

/** As fed, percent by weight; energy in kcal per 100 g. Null where the label does not say. */
export type Nutrition = {
  proteinPct: number | null
  fatPct: number | null
  fiberPct: number | null
  moisturePct: number | null
  ashPct: number | null
  calciumPct: number | null
  phosphorusPct: number | null
  kcalPer100g: number | null
}

/** Prices are whole minor units of `currency` (ISO 4217: cents for USD, won for KRW). */
export type Offer = {
  id: string
  merchant: Merchant
  url: string
  affiliateUrl: string | null
  sellerName: string | null
  currentPrice: number | null
  currency: string
  isPrimary: boolean
}

/** Of the 30 days that end with the offer's newest observed price, that newest one left out. Minor units. */
export type PriceSummary = { averagePrice: number; lowestPrice: number }

export const BENEFIT_TAGS = [
  'joint', 'weight', 'hypoallergenic', 'urinary', 'kidney', 'digestive', 'dental', 'skin_coat', 'immune', 'heart',
] as const
export type BenefitTag = (typeof BENEFIT_TAGS)[number]

export const HARMFUL_CODES = [
  'ARTIFICIAL_COLOUR', 'ARTIFICIAL_FLAVOUR', 'BHA', 'BHT', 'ETHOXYQUIN', 'PROPYLENE_GLYCOL', 'CORN_SYRUP', 'ADDED_SUGAR', 'EXCESS_SALT',
] as const
export type HarmfulCode = (typeof HARMFUL_CODES)[number]

export type BreedSize = 'small' | 'medium' | 'large'
export type Confidence = 'high' | 'low'
export type Quality = 'high' | 'medium' | 'low'

/** What a label says, before anything is concluded from it. Input of the ingredient analysis. */
export type Label = {
  species: Species | null
  brandName: string
  productName: string
  form: ProductForm
  lifeStage: LifeStage | null
  ingredientsText: string | null
  nutrition: Nutrition
  claims: readonly string[]
  /** As printed, such as "Large & giant breeds". */
  breedSizeLabel: string | null
}

/** What the analysis concludes from a label: made once, when a product is written, never per request. */
export type ProductFeatures = {
  /** Every ingredient in label order, brackets opened, percentages taken off, in lower case. */
  ingredients: string[]
  animalProteins: string[]
  plantProteins: string[]
  grains: string[]
  additives: string[]
  /** The best evidence for each allergen: `ingredient` is the label's own words. */
  allergens: { allergen: Allergen; confidence: Confidence; ingredient: string }[]
  isGrainFree: boolean
  firstIngredientIsMeat: boolean
  proteinQuality: Quality
  /** Severity 1 (mild) to 5 (avoid). */
  harmful: { code: HarmfulCode; severity: number; ingredient: string }[]
  benefitTags: BenefitTag[]
  /** From the label, else from the name; null where neither says. */
  lifeStage: LifeStage | null
  /** Empty where the product is meant for every size. */
  breedSizes: BreedSize[]
  /** Concerns that only a word of the text answers, without a benefit tag. */
  concernWords: HealthConcern[]
  /** 0 to 100. */
  qualityScore: number
}

/** A product as scoring sees it, and as a run keeps it. `species` null: for dogs and cats alike. */
export type Product = {
  id: string
  brandName: string
  productName: string
  sizeLabel: string | null
  species: Species | null
  form: ProductForm
  lifeStage: LifeStage | null
  isActive: boolean
  ingredientsText: string | null
  nutrition: Nutrition
  claims: string[]
  features: ProductFeatures
  offers: Offer[]
  /** KRW per kg of the primary offer, at the configured rates. */
  pricePerKg: number | null
  /** By offer id; an offer seen only once has none. */
  priceSummaries: Record<string, PriceSummary>
  /** Moves whenever the row changes; a run is stored only if its products' revisions still stand. */
  revision: number
}
