import { z } from 'zod'
import { createInterned, internedText, type Interned } from '../lib/interned.ts'
import { createJsonCheck } from '../lib/json-check.ts'
import { itemSchema, pricedOfferSchema, productSchema, qualityChecksSchema, reasonSchema, scoreComponentsSchema } from './run-schema.ts'
import type { PricedOffer, ProductSnapshot, Reason, RunItem, ScoreComponent } from './run.ts'
import type { ReasonCode } from './scoring/reason-codes.ts'

/**
 * What the runs of many pets hold alike: three of four characters of a run are its products and offers, and the same few
 * reasons and checks beside each of them. Written, such a part stands once in a run, in a text of its own, and an item holds its
 * number. Read, it is the same object in all runs: parsed and checked once, held in memory once, and what is written of it
 * for people is remembered with it (see graphql/plan/part-texts.ts). docs/decisions/026.
 */

/** Bytes of memory for the parts of each kind. */
const MEMORY = { products: 8_000_000, offers: 3_000_000, reasons: 1_000_000, others: 500_000 }

const place = z.int().min(0)
const headSchema = itemSchema.extend({
  product: place, offer: place.nullable(), scoreComponents: place, reasons: z.array(z.union([place, reasonSchema])), qualityChecks: place,
})

type Places = { product: number; offer: number | null; scoreComponents: number; reasons: (number | Reason)[]; qualityChecks: number }
/** An item with numbers where its parts belong. Reasons of one pet stand in it as they are. */
export type ItemHead = Omit<RunItem, keyof Places> & Places
export const itemHeadsSchema = z.array(headSchema).max(10)

function parts<T extends object>(schema: z.ZodType<T>, maxBytes: number): Interned<T> {
  const isPart = createJsonCheck(schema)
  return createInterned(maxBytes, (text) => {
    const value: unknown = JSON.parse(text)
    return isPart(value) ? value : undefined
  })
}

const products = parts<ProductSnapshot>(productSchema, MEMORY.products)
const offers = parts<PricedOffer>(pricedOfferSchema, MEMORY.offers)
const reasons = parts<Reason>(reasonSchema, MEMORY.reasons)
const scoreComponents = parts<ScoreComponent[]>(scoreComponentsSchema, MEMORY.others)
const qualityChecks = parts<RunItem['qualityChecks']>(qualityChecksSchema, MEMORY.others)

/** Reasons that say how many grams a day, or what these cost: what one pet needs of one food is seldom what another needs. */
const OF_ONE_PET: ReadonlySet<string> = new Set<ReasonCode>(['AMOUNT_IN_RANGE', 'AMOUNT_NEAR_RANGE', 'AMOUNT_OFF_RANGE', 'AMOUNT_FAR_OFF_RANGE', 'BUDGET_EXCEEDED'])

/** Items without their parts, and these as texts, each once, in the order of their numbers. */
export function takeApart(items: readonly RunItem[]): { heads: ItemHead[]; texts: string[] } {
  const places = new Map<string, number>()
  const placeOf = (part: object): number => {
    const text = internedText(part) ?? JSON.stringify(part)
    const known = places.get(text)
    if (known === undefined) places.set(text, places.size)
    return known ?? places.size - 1
  }
  const heads = items.map((item) => ({
    ...item,
    product: placeOf(item.product),
    offer: item.offer && placeOf(item.offer),
    scoreComponents: placeOf(item.scoreComponents),
    reasons: item.reasons.map((reason) => (OF_ONE_PET.has(reason.code) ? reason : placeOf(reason))),
    qualityChecks: placeOf(item.qualityChecks),
  }))
  return { heads, texts: [...places.keys()] }
}

/** Throws where a part is missing, is none of its kind, or belongs to no item. */
export function putTogether(heads: readonly ItemHead[], texts: readonly string[]): RunItem[] {
  const isUsed = texts.map(() => false)
  const reader = <T extends object>({ read }: Interned<T>) => {
    const found: T[] = []
    return (at: number): T => {
      const known = found[at]
      if (known !== undefined) return known
      const text = texts[at]
      const value = text === undefined ? undefined : read(text)
      if (value === undefined) throw new Error(`no such part: ${at}`)
      isUsed[at] = true
      found[at] = value
      return value
    }
  }
  const [product, offer, components, partReason, checks] = [reader(products), reader(offers), reader(scoreComponents), reader(reasons), reader(qualityChecks)]
  const reason = (one: number | Reason): Reason => (typeof one === 'number' ? partReason(one) : one)
  const items = heads.map((head): RunItem => ({
    rank: head.rank,
    product: product(head.product),
    offer: head.offer === null ? null : offer(head.offer),
    matchScore: head.matchScore,
    safetyScore: head.safetyScore,
    fitnessScore: head.fitnessScore,
    scoreComponents: components(head.scoreComponents),
    reasons: head.reasons.map(reason),
    ingredientCount: head.ingredientCount,
    mainIngredients: head.mainIngredients,
    allergyIngredients: head.allergyIngredients,
    harmfulIngredients: head.harmfulIngredients,
    qualityChecks: checks(head.qualityChecks),
    dailyAmountG: head.dailyAmountG,
    monthlyCost: head.monthlyCost,
    safetyBadges: head.safetyBadges,
    confidenceScore: head.confidenceScore,
    explanations: head.explanations,
  }))
  if (isUsed.includes(false)) throw new Error('more parts than items have')
  return items
}

/** Characters of the parts that these items share with others: whoever holds the items does not hold those alone. */
export function sharedCharacters(items: readonly RunItem[]): number {
  const parts = new Set<object>()
  for (const { product, offer, scoreComponents, reasons, qualityChecks } of items) {
    parts.add(product).add(scoreComponents).add(qualityChecks)
    if (offer !== null) parts.add(offer)
    for (const reason of reasons) parts.add(reason)
  }
  let characters = 0
  for (const part of parts) characters += internedText(part)?.length ?? 0
  return characters
}
