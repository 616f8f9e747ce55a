import { z } from 'zod'
import { createJsonCheck } from '../lib/json-check.ts'
import { ALLERGENS, EMPTY_REASONS, LIFE_STAGES, LOCALES, MERCHANTS, PRODUCT_FORMS, SAFETY_BADGES, SPECIES, STRATEGIES } from './codes.ts'
import type { RunItem, StoredRun } from './run.ts'

/**
 * The one written form of a run. Redis keeps all of it, Postgres keeps the items as a text of the same schema, so a run
 * reads the same from either. A change of any field here raises RUN_FORMAT: values of another format are then misses,
 * and rows of another format stand beside ours.
 */
export const RUN_FORMAT = 2
const PREFIX = `${RUN_FORMAT}`

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

const productSchema = z.strictObject({
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

const explanationSchema = z.strictObject({
  text: z.string(),
  confidence: z.number(),
  citations: z.array(z.strictObject({ title: z.string(), source: z.string(), excerpt: z.string() })),
  generatedAt: z.int(),
  model: z.string(),
})

const itemSchema = z.strictObject({
  rank: z.int(),
  product: productSchema,
  offer: z
    .strictObject({
      offer: offerSchema,
      currentPrice: z.int().nullable(),
      averagePrice: z.int().nullable(),
      deltaPercent: z.number().nullable(),
      isNewLow: z.boolean(),
    })
    .nullable(),
  matchScore: z.number(),
  safetyScore: z.number(),
  fitnessScore: z.number(),
  scoreComponents: z.array(z.strictObject({ name: z.string(), points: z.number(), maxPoints: z.number() })),
  reasons: z.array(
    z.strictObject({ code: z.string(), points: z.number().nullable(), params: z.record(z.string(), z.union([z.string(), z.number()])) }),
  ),
  ingredientCount: z.int().nullable(),
  mainIngredients: z.array(z.string()),
  allergyIngredients: z.array(z.string()),
  harmfulIngredients: z.array(z.string()),
  qualityChecks: z.array(z.strictObject({ code: z.string(), passed: z.boolean() })),
  dailyAmountG: z.number().nullable(),
  monthlyCost: z.int().nullable(),
  safetyBadges: z.array(z.enum(SAFETY_BADGES)),
  confidenceScore: z.number(),
  explanations: z.partialRecord(z.enum(LOCALES), explanationSchema),
})

const runSchema = z.strictObject({
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

const isRun = createJsonCheck<StoredRun>(runSchema)
const areItems = createJsonCheck<RunItem[]>(z.array(itemSchema).max(10))

export function encodeRun(run: StoredRun): string {
  return PREFIX + JSON.stringify(run)
}

/** Undefined for anything that `encodeRun` of this very format cannot have written. Never throws. */
export function decodeRun(text: string): StoredRun | undefined {
  if (!text.startsWith(PREFIX)) return undefined
  try {
    const run: unknown = JSON.parse(text.slice(PREFIX.length))
    return isRun(run) ? run : undefined
  } catch {
    return undefined
  }
}

const itemsOfFormat1 = z.array(itemSchema.omit({ explanations: true }).transform((item) => ({ ...item, explanations: {} }))).max(10)

/** How items of each format are read. Runs of formats before ours are no answers any more, but people still look at them. */
const ITEMS_BY_FORMAT: Readonly<Record<number, (items: unknown) => RunItem[] | undefined>> = {
  1: (items) => itemsOfFormat1.safeParse(items).data,
  [RUN_FORMAT]: (items) => (areItems(items) ? items : undefined),
}
export const READABLE_FORMATS = Object.keys(ITEMS_BY_FORMAT).map(Number)

export function encodeItems(items: readonly RunItem[]): string {
  return JSON.stringify(items)
}

/** Best first. Undefined for anything that is not of the format that it is said to be of. Never throws. */
export function decodeItems(text: string, format = RUN_FORMAT): RunItem[] | undefined {
  try {
    return ITEMS_BY_FORMAT[format]?.(JSON.parse(text))
  } catch {
    return undefined
  }
}
