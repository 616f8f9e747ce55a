import type { Locale, SafetyBadge } from '../codes.ts'
import type { Reason, UnrankedItem } from '../run.ts'
import type { ReasonCode } from '../scoring/reason-codes.ts'
import { figure } from './figure.ts'
import { fillTemplate } from './fill-template.ts'
import { reasonMessage } from './reason-messages.ts'

/** What is worth telling of an item, the most telling first. What every food has (its species, its start points) is not. */
const STRENGTHS: readonly ReasonCode[] = [
  'CONCERN_EMPHASIZED', 'CONCERN_TAG', 'SMALL_BREED_PRODUCT', 'LARGE_BREED_PRODUCT', 'LARGE_BREED_JOINT', 'FLAT_FACED_WEIGHT',
  'FIRST_INGREDIENT_IS_MEAT', 'PROTEIN_QUALITY_HIGH', 'NO_HARMFUL_INGREDIENT', 'LIFE_STAGE_MATCH', 'CONCERN_WORD',
  'NEUTERED_WEIGHT_PRODUCT', 'LIFE_STAGE_ALL', 'NO_EXCLUDED_ALLERGEN', 'QUALITY_SCORE',
]
const WEAKNESSES: readonly ReasonCode[] = [
  'COMMON_ALLERGEN', 'AGE_PENALTY', 'SOFTLY_AVOIDED', 'HARMFUL_INGREDIENT', 'ALLERGENS_UNCHECKED', 'LOW_SAFETY', 'BUDGET_EXCEEDED',
  'PRICE_OVER_MAXIMUM', 'NEUTERED_ABOVE_RANGE', 'CONCERN_UNANSWERED', 'ENERGY_ESTIMATED',
]

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

/**
 * Four sentences at most, from the item's own reasons: the score, what speaks most for it, what most against it (else one
 * more thing for it), the amount.
 */
export function technicalExplanation(item: UnrankedItem, locale: Locale): string {
  const [strongest, second] = told(item.reasons, STRENGTHS, 2)
  const [weakest] = told(item.reasons, WEAKNESSES, 1)
  const reasons = [strongest, weakest ?? second].flatMap((reason) => (reason ? [reasonMessage(reason, locale)] : []))
  return [fillTemplate(SCORE[locale], scoreWords(item)), ...reasons, amountSentence(item, locale)].join(' ')
}

function told(reasons: readonly Reason[], codes: readonly ReasonCode[], most: number): Reason[] {
  const found: Reason[] = []
  for (const code of codes) {
    const reason = reasons.find((one) => one.code === code)
    if (reason !== undefined && found.push(reason) === most) break
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
