import type { Locale } from '../codes.ts'
import type { Reference } from '../references/reference.ts'
import type { Reason, RunItem } from '../run.ts'
import type { ReasonCode } from '../scoring/reason-codes.ts'
import { roundTo } from '../scoring/rounding.ts'
import { fillTemplate } from '../wording/fill-template.ts'
import { reasonMessage } from '../wording/reason-messages.ts'
import { allergenName } from '../wording/vocabulary.ts'
import { IDEAL_BODY_CONDITION, type ExplainedPet } from './questions.ts'

type Sentence = (locale: Locale) => string

const CONCERN_REASONS: readonly ReasonCode[] = ['CONCERN_TAG', 'CONCERN_WORD', 'CONCERN_EMPHASIZED', 'CONCERN_UNANSWERED']

/** What the item's own figures say to a reference; undefined where they say nothing, and then it is not cited. */
export function findingFor({ subject }: Reference, item: RunItem, pet: ExplainedPet): Sentence | undefined {
  switch (subject.kind) {
    case 'protein':
    case 'fat':
      return nutrientFinding(subject.kind, subject.minPct, item)
    case 'minerals':
      return mineralFinding(subject, item)
    case 'energy':
      return energyFinding(item)
    case 'body-condition':
      return bodyConditionFinding(pet)
    case 'avoidance':
      return avoidanceFinding(item, pet)
    case 'estimated-energy':
      return told(item, ['ENERGY_ESTIMATED'], () => true)
    case 'life-stage':
      return told(item, subject.toldOf, () => true)
    case 'concern':
      return told(item, CONCERN_REASONS, ({ concern }) => concern === subject.concern)
    case 'allergen':
      return told(item, ['COMMON_ALLERGEN'], ({ allergen }) => allergen === subject.allergen)
    case 'harmful':
      return told(item, ['HARMFUL_INGREDIENT'], ({ harmful }) => harmful === subject.harmful)
  }
}

/** The sentence of one of the item's reasons. */
function told(item: RunItem, codes: readonly ReasonCode[], isOf: (params: Reason['params']) => boolean): Sentence | undefined {
  const reason = item.reasons.find(({ code, params }) => codes.some((one) => one === code) && isOf(params))
  return reason && ((locale) => reasonMessage(reason, locale))
}

/** Percent of dry matter, of a percentage as fed; undefined where the label does not say enough, or contradicts itself. */
export function dryMatterPct(asFedPct: number | null, { moisturePct }: RunItem['product']['nutrition'], decimals: 1 | 2): number | undefined {
  if (asFedPct === null || moisturePct === null || asFedPct + moisturePct > 100 || moisturePct === 100) return undefined
  return roundTo((asFedPct / (100 - moisturePct)) * 100, decimals)
}

const VERDICTS = {
  enough: { EN: 'which is enough', KO: '충분합니다' },
  less: { EN: 'which is less than asked for', KO: '기준보다 적습니다' },
  more: { EN: 'which is more than allowed', KO: '기준보다 많습니다' },
} as const

const NUTRIENT: Record<'protein' | 'fat', Record<Locale, string>> = {
  protein: {
    EN: 'By its label {pct} % of its dry matter is protein, {verdict}.',
    KO: '표시된 성분에 따르면 건물 기준 단백질은 {pct}%로, {verdict}.',
  },
  fat: { EN: 'By its label {pct} % of its dry matter is fat, {verdict}.', KO: '표시된 성분에 따르면 건물 기준 지방은 {pct}%로, {verdict}.' },
}

// Compared is what is shown.
function nutrientFinding(nutrient: 'protein' | 'fat', minPct: number, { product: { nutrition } }: RunItem): Sentence | undefined {
  const pct = dryMatterPct(nutrition[`${nutrient}Pct`], nutrition, 1)
  if (pct === undefined) return undefined
  const verdict = VERDICTS[pct < minPct ? 'less' : 'enough']
  return (locale) => fillTemplate(NUTRIENT[nutrient][locale], { pct: numeral(pct), verdict: verdict[locale] })
}

const MINERALS: Record<Locale, string> = {
  EN: 'By its label its dry matter holds {calcium} % calcium and {phosphorus} % phosphorus, {verdict}.',
  KO: '표시된 성분에 따르면 건물 기준 칼슘은 {calcium}%, 인은 {phosphorus}%로, {verdict}.',
}

function mineralFinding(
  limits: { calciumMinPct: number; phosphorusMinPct: number; calciumMaxPct: number | null },
  { product: { nutrition } }: RunItem,
): Sentence | undefined {
  const calcium = dryMatterPct(nutrition.calciumPct, nutrition, 2)
  const phosphorus = dryMatterPct(nutrition.phosphorusPct, nutrition, 2)
  if (calcium === undefined || phosphorus === undefined) return undefined
  const isLess = calcium < limits.calciumMinPct || phosphorus < limits.phosphorusMinPct
  const verdict = VERDICTS[calcium > (limits.calciumMaxPct ?? Infinity) ? 'more' : isLess ? 'less' : 'enough']
  return (locale) => fillTemplate(MINERALS[locale], { calcium: numeral(calcium), phosphorus: numeral(phosphorus), verdict: verdict[locale] })
}

const ENERGY: Record<Locale, string> = {
  EN: 'About {grams} g a day give your pet the {kcal} kcal that it needs.',
  KO: '하루 약 {grams}g이면 반려동물에게 필요한 {kcal}kcal를 채울 수 있습니다.',
}

function energyFinding({ dailyAmountG, product, reasons }: RunItem): Sentence | undefined {
  const estimated = reasons.find(({ code }) => code === 'ENERGY_ESTIMATED')?.params['kcal']
  const kcalPer100g = typeof estimated === 'number' ? estimated : product.nutrition.kcalPer100g
  if (dailyAmountG === null || kcalPer100g === null) return undefined
  const kcal = roundTo((dailyAmountG * kcalPer100g) / 100, 0)
  return (locale) => fillTemplate(ENERGY[locale], { grams: numeral(dailyAmountG), kcal: numeral(kcal) })
}

const BODY_CONDITION: Record<'below' | 'ideal' | 'above', Record<Locale, string>> = {
  below: { EN: 'Your pet has a body condition of {score}, below the ideal.', KO: '반려동물의 체형 점수는 {score}점으로 이상적인 범위보다 낮습니다.' },
  ideal: { EN: 'Your pet has an ideal body condition of {score}.', KO: '반려동물의 체형 점수는 {score}점으로 이상적입니다.' },
  above: { EN: 'Your pet has a body condition of {score}, above the ideal.', KO: '반려동물의 체형 점수는 {score}점으로 이상적인 범위보다 높습니다.' },
}

function bodyConditionFinding({ bodyConditionScore: score }: ExplainedPet): Sentence {
  const { from, to } = IDEAL_BODY_CONDITION
  const words = BODY_CONDITION[score < from ? 'below' : score > to ? 'above' : 'ideal']
  return (locale) => fillTemplate(words[locale], { score: numeral(score) })
}

const AVOIDANCE: Record<Locale, string> = {
  EN: 'Nothing of what your pet must avoid was found in it: {allergens}.',
  KO: '반려동물이 피해야 하는 성분({allergens})은 발견되지 않았습니다.',
}

function avoidanceFinding({ reasons }: RunItem, { foodAllergies }: ExplainedPet): Sentence | undefined {
  if (foodAllergies.length === 0 || !reasons.some(({ code }) => code === 'NO_EXCLUDED_ALLERGEN')) return undefined
  return (locale) => fillTemplate(AVOIDANCE[locale], { allergens: foodAllergies.map((code) => allergenName(code, locale)).join(', ') })
}

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const numeral = (value: number): string => NUMBER.format(value)
