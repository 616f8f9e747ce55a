import { createDerived } from '../../lib/interned.ts'
import type { Locale, SafetyBadge } from '../codes.ts'
import type { Reason, UnrankedItem } from '../run.ts'
import type { ReasonCode } from '../scoring/reason-codes.ts'
import { figure } from './figure.ts'
import { fillTemplate } from './fill-template.ts'
import { reasonMessage } from './reason-messages.ts'

/** What is worth telling of an item, the most telling first. What every food has (its species, its start points) is not. */
const STRENGTHS = ranked([
  'CONCERN_EMPHASIZED', 'CONCERN_TAG', 'SMALL_BREED_PRODUCT', 'LARGE_BREED_PRODUCT', 'LARGE_BREED_JOINT', 'FLAT_FACED_WEIGHT',
  'FIRST_INGREDIENT_IS_MEAT', 'PROTEIN_QUALITY_HIGH', 'NO_HARMFUL_INGREDIENT', 'LIFE_STAGE_MATCH', 'CONCERN_WORD',
  'NEUTERED_WEIGHT_PRODUCT', 'LIFE_STAGE_ALL', 'NO_EXCLUDED_ALLERGEN', 'QUALITY_SCORE',
])
const WEAKNESSES = ranked([
  'COMMON_ALLERGEN', 'AGE_PENALTY', 'SOFTLY_AVOIDED', 'HARMFUL_INGREDIENT', 'ALLERGENS_UNCHECKED', 'LOW_SAFETY', 'BUDGET_EXCEEDED',
  'PRICE_OVER_MAXIMUM', 'NEUTERED_ABOVE_RANGE', 'CONCERN_UNANSWERED', 'ENERGY_ESTIMATED',
])

function ranked(codes: readonly ReasonCode[]): ReadonlyMap<string, number> {
  return new Map(codes.map((code, i) => [code, i]))
}

const SCORE: Record<Locale, string> = {
  EN: '{product} scores {total} of 100 for your pet: {safety} for safety and {fitness} for fitness.',
  KO: '{product}의 종합 점수는 100점 만점에 {total}점이며, 안전 {safety}점, 적합도 {fitness}점입니다.',
}
const AMOUNT: Record<Locale, string> = {
  EN: 'Feed about {grams} g a day.',
  KO: '하루 권장 급여량은 약 {grams}g입니다.',
}
const AMOUNT_AND_COST: Record<Locale, string> = {
  EN: 'Feed about {grams} g a day, which costs about KRW {cost} a month.',
  KO: '하루 권장 급여량은 약 {grams}g이며, 한 달 비용은 약 {cost}원입니다.',
}
const NO_AMOUNT: Record<Locale, string> = {
  EN: 'No daily amount can be given, as its energy is unknown.',
  KO: '열량 정보가 없어 하루 급여량은 안내해 드릴 수 없습니다.',
}

const sentencesIn = (locale: Locale) => createDerived((reason: Reason) => ({ text: reasonMessage(reason, locale) }))
/** The same reasons are the most telling of many items: each in words once. */
const SENTENCE: Record<Locale, (reason: Reason) => { text: string }> = { EN: sentencesIn('EN'), KO: sentencesIn('KO') }

/**
 * Four sentences at most, from the item's own reasons: the score, what speaks most for it, what most against it (else one
 * more thing for it), the amount.
 */
export function technicalExplanation(item: UnrankedItem, locale: Locale): string {
  const strongest = mostTelling(item.reasons, STRENGTHS)
  const other = mostTelling(item.reasons, WEAKNESSES) ?? mostTelling(item.reasons, STRENGTHS, strongest)
  let text = fillTemplate(SCORE[locale], scoreWords(item))
  if (strongest !== undefined) text += ` ${SENTENCE[locale](strongest).text}`
  if (other !== undefined) text += ` ${SENTENCE[locale](other).text}`
  return `${text} ${amountSentence(item, locale)}`
}

/** Of reasons of one code the first. */
function mostTelling(reasons: readonly Reason[], ranks: ReadonlyMap<string, number>, but?: Reason): Reason | undefined {
  let found: Reason | undefined
  let best = Infinity
  for (const reason of reasons) {
    const rank = reason.code === but?.code ? undefined : ranks.get(reason.code)
    if (rank === undefined || rank >= best) continue
    found = reason
    best = rank
  }
  return found
}

const scoreWords = ({ product, matchScore, safetyScore, fitnessScore }: UnrankedItem) => ({
  product: product.productName.startsWith(product.brandName) ? product.productName : `${product.brandName} ${product.productName}`,
  total: figure(matchScore),
  safety: figure(safetyScore),
  fitness: figure(fitnessScore),
})

function amountSentence({ dailyAmountG, monthlyCost }: UnrankedItem, locale: Locale): string {
  if (dailyAmountG === null) return NO_AMOUNT[locale]
  const grams = figure(dailyAmountG)
  if (monthlyCost === null) return fillTemplate(AMOUNT[locale], { grams })
  return fillTemplate(AMOUNT_AND_COST[locale], { grams, cost: figure(monthlyCost) })
}

const VERDICTS: readonly { from: number; words: Record<Locale, string> }[] = [
  { from: 85, words: { EN: 'An excellent match', KO: '아주 잘 맞는 사료예요' } },
  { from: 70, words: { EN: 'A good match', KO: '잘 맞는 사료예요' } },
  { from: 50, words: { EN: 'A fair match', KO: '무난한 사료예요' } },
  { from: 0, words: { EN: 'A weak match', KO: '꼼꼼히 따져 볼 사료예요' } },
]
const BADGES: Record<SafetyBadge, Record<Locale, string>> = {
  ALLERGY_SAFE: { EN: 'free of common allergens', KO: '흔한 알레르기 성분 없음' },
  NO_HARMFUL_INGREDIENTS: { EN: 'free of harmful additives', KO: '유해 첨가물 없음' },
  HIGH_QUALITY: { EN: 'high-quality ingredients', KO: '품질 좋은 원료' },
}
const POINTS: Record<Locale, string> = { EN: '{total} of 100', KO: '100점 만점에 {total}점' }

/** One short line: how well it matches, and its first badge, else its score. */
export function animationExplanation(item: UnrankedItem, locale: Locale): string {
  const verdict = VERDICTS.find(({ from }) => item.matchScore >= from)?.words[locale] ?? ''
  const [badge] = item.safetyBadges
  return `${verdict}: ${badge ? BADGES[badge][locale] : fillTemplate(POINTS[locale], scoreWords(item))}`
}
