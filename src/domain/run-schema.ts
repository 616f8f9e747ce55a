import { z } from 'zod'
import { ALLERGENS, EMPTY_REASONS, LIFE_STAGES, LOCALES, MERCHANTS, PRODUCT_FORMS, SAFETY_BADGES, SPECIES, STRATEGIES } from './codes.ts'

/** What a stored run is, field by field: see run.ts. Whatever comes back from Redis or Postgres is held against this. */

const pct = z.number().nullable()
const nutritionSchema = z.strictObject({
  proteinPct: pct, fatPct: pct, fiberPct: pct, moisturePct: pct, ashPct: pct, calciumPct: pct, phosphorusPct: pct, kcalPer100g: pct,
})

const offerSchema = z.strictObject({
  id: z.string(),
  merchant: z.enum(MERCHANTS),
  url: z.string(),
  affiliateUrl: z.string().nullable(),
  sellerName: z.string().nullable(),
  currentPrice: z.int().nullable(),
  currency: z.string(),
  isPrimary: z.boolean(),
})

export const productSchema = z.strictObject({
  id: z.string(),
  brandName: z.string(),
  productName: z.string(),
  sizeLabel: z.string().nullable(),
  species: z.enum(SPECIES).nullable(),
  form: z.enum(PRODUCT_FORMS),
  lifeStage: z.enum(LIFE_STAGES).nullable(),
  isActive: z.boolean(),
  ingredientsText: z.string().nullable(),
  nutrition: nutritionSchema,
  claims: z.array(z.string()),
  offers: z.array(offerSchema),
  pricePerKg: z.int().nullable(),
  allergens: z.array(z.enum(ALLERGENS)),
})

export const pricedOfferSchema = z.strictObject({
  offer: offerSchema,
  currentPrice: z.int().nullable(),
  averagePrice: z.int().nullable(),
  deltaPercent: z.number().nullable(),
  isNewLow: z.boolean(),
})

export const scoreComponentsSchema = z.array(z.strictObject({ name: z.string(), points: z.number(), maxPoints: z.number() }))

export const reasonSchema = z.strictObject({
  code: z.string(),
  points: z.number().nullable(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})

export const qualityChecksSchema = z.array(z.strictObject({ code: z.string(), passed: z.boolean() }))

const explanationSchema = z.strictObject({
  text: z.string(),
  confidence: z.number(),
  citations: z.array(z.strictObject({ title: z.string(), source: z.string(), excerpt: z.string() })),
  generatedAt: z.int(),
  model: z.string(),
})

export const itemSchema = z.strictObject({
  rank: z.int(),
  product: productSchema,
  offer: pricedOfferSchema.nullable(),
  matchScore: z.number(),
  safetyScore: z.number(),
  fitnessScore: z.number(),
  scoreComponents: scoreComponentsSchema,
  reasons: z.array(reasonSchema),
  ingredientCount: z.int().nullable(),
  mainIngredients: z.array(z.string()),
  allergyIngredients: z.array(z.string()),
  harmfulIngredients: z.array(z.string()),
  qualityChecks: qualityChecksSchema,
  dailyAmountG: z.number().nullable(),
  monthlyCost: z.int().nullable(),
  safetyBadges: z.array(z.enum(SAFETY_BADGES)),
  confidenceScore: z.number(),
  explanations: z.partialRecord(z.enum(LOCALES), explanationSchema),
})

export const runSchema = z.strictObject({
  id: z.string(),
  petId: z.string(),
  version: z.int(),
  epoch: z.int(),
  strategy: z.enum(STRATEGIES),
  strategyVersion: z.int(),
  conditionsHash: z.string(),
  createdAt: z.int(),
  expiresAt: z.int(),
  emptyReason: z.enum(EMPTY_REASONS).nullable(),
  items: z.array(itemSchema).max(10),
})
