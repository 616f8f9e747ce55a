import type { Locale } from '../codes.ts'
import type { Reason } from '../run.ts'
import type { ReasonCode } from '../scoring/reason-codes.ts'
import { fillTemplateWith } from './fill-template.ts'
import { paramInWords } from './vocabulary.ts'

type Template = Record<Locale, string>

/** Whole sentences; `{name}` is a parameter of the reason. A code without a sentence in each language does not compile. */
const TEMPLATES: Record<ReasonCode, Template> = {
  EXCLUDED_SPECIES: { EN: 'This food is made for {productSpecies}.', KO: '{productSpecies} 전용 사료입니다.' },
  EXCLUDED_ALLERGEN: {
    EN: 'Contains {allergen} ({ingredient}), which your pet must avoid.',
    KO: '반려동물이 피해야 하는 {allergen:이/가} 들어 있습니다({ingredient}).',
  },
  EXCLUDED_OWNER_WORD: {
    EN: 'Its ingredients name “{word}”, one of your pet’s allergies.',
    KO: '반려동물의 알레르기로 등록된 ‘{word}’ 성분이 들어 있습니다.',
  },
  EXCLUDED_INGREDIENTS_UNKNOWN: {
    EN: 'Its ingredients are not known, so it cannot be ruled out that it holds what your pet must avoid.',
    KO: '원재료가 확인되지 않아 반려동물이 피해야 하는 성분이 없다고 할 수 없습니다.',
  },
  EXCLUDED_BUDGET: {
    EN: 'Costs KRW {monthlyCost} a month, far over your budget of KRW {maxMonthlyBudget}.',
    KO: '한 달 비용이 {monthlyCost}원으로 예산 {maxMonthlyBudget}원을 크게 넘습니다.',
  },

  NO_EXCLUDED_ALLERGEN: { EN: 'None of the allergens your pet must avoid were found.', KO: '반려동물이 피해야 하는 알레르기 성분이 발견되지 않았습니다.' },
  ALLERGENS_UNCHECKED: {
    EN: 'No ingredient list is known, so allergens could not be checked.',
    KO: '원료 정보가 없어 알레르기 성분을 확인하지 못했습니다.',
  },
  COMMON_ALLERGEN: {
    EN: 'Contains {allergen} ({ingredient}), a common allergen for {species}.',
    KO: '{species}에게 흔한 알레르기 유발 성분인 {allergen:이/가} 들어 있습니다({ingredient}).',
  },
  SOFTLY_AVOIDED: { EN: 'Contains “{word}”, which you prefer to avoid.', KO: '피하고 싶은 성분으로 선택하신 ‘{word}’ 성분이 들어 있습니다.' },
  HARMFUL_CHECKED: { EN: 'The ingredient list was checked for harmful additives.', KO: '유해 첨가물이 있는지 원료 목록을 확인했습니다.' },
  HARMFUL_UNCHECKED: {
    EN: 'No ingredient list is known, so harmful additives could not be checked.',
    KO: '원료 정보가 없어 유해 첨가물을 확인하지 못했습니다.',
  },
  NO_HARMFUL_INGREDIENT: { EN: 'No harmful additives were found.', KO: '유해 첨가물이 발견되지 않았습니다.' },
  HARMFUL_INGREDIENT: { EN: 'Contains {harmful} ({ingredient}).', KO: '{harmful:이/가} 들어 있습니다({ingredient}).' },
  FIRST_INGREDIENT_IS_MEAT: {
    EN: 'The first ingredient is a named animal protein ({ingredient}).',
    KO: '첫 번째 원료가 명확히 표시된 동물성 단백질입니다({ingredient}).',
  },
  PROTEIN_QUALITY_HIGH: { EN: 'Its protein sources are of high quality.', KO: '단백질원의 품질이 높습니다.' },
  PROTEIN_QUALITY_MEDIUM: { EN: 'Its protein sources are of medium quality.', KO: '단백질원의 품질이 보통입니다.' },
  QUALITY_SCORE: { EN: 'Its ingredients score {score} of 100 for quality.', KO: '원료 품질 점수는 100점 만점에 {score}점입니다.' },
  SAFE_PRESET: {
    EN: 'You put safety first, so doubts about its ingredients count more.',
    KO: '안전 우선 설정에 따라 우려되는 원료를 더 엄격하게 반영했습니다.',
  },

  SPECIES_MATCH: { EN: 'Made for {species}.', KO: '{species} 전용 사료입니다.' },
  SPECIES_BOTH: { EN: 'Suits dogs and cats alike.', KO: '강아지와 고양이 모두 먹을 수 있는 사료입니다.' },
  LIFE_STAGE_MATCH: { EN: 'Made for your pet’s life stage ({petStage}).', KO: '반려동물의 생애 단계({petStage})에 맞는 사료입니다.' },
  LIFE_STAGE_ALL: { EN: 'Made for all life stages.', KO: '모든 생애 단계에 급여할 수 있는 사료입니다.' },
  LIFE_STAGE_OTHER: {
    EN: 'Made for another life stage ({productStage}; your pet’s: {petStage}).',
    KO: '다른 생애 단계용 사료입니다(사료: {productStage}, 반려동물: {petStage}).',
  },
  LIFE_STAGE_UNKNOWN: { EN: 'The label names no life stage.', KO: '제품에 급여 대상 생애 단계가 표시되어 있지 않습니다.' },
  CONCERN_TAG: { EN: 'Formulated to support {concern}.', KO: '{concern:을/를} 돕도록 설계되었습니다.' },
  CONCERN_WORD: { EN: 'Its label mentions {concern}.', KO: '제품 설명에 {concern:이/가} 언급되어 있습니다.' },
  CONCERN_EMPHASIZED: { EN: 'Answers what you asked for: {concern}.', KO: '특별히 요청하신 {concern}에 부합합니다.' },
  CONCERN_UNANSWERED: { EN: 'Has nothing in particular for {concern}.', KO: '{concern:을/를} 위한 특별한 성분이나 기능은 없습니다.' },
  CONCERN_PRIORITY: { EN: 'You give health concerns priority, so they count more.', KO: '건강 고민 우선 설정에 따라 관련 점수를 더 높게 반영했습니다.' },
  BREED_START: { EN: 'Nothing speaks against it for the breed.', KO: '품종 특성에 비추어 문제가 되는 점이 없습니다.' },
  SMALL_BREED_GRAIN_FREE: { EN: 'Grain-free, which counts in its favour for a small breed.', KO: '소형 품종에게 가점이 되는 그레인프리 사료입니다.' },
  SMALL_BREED_PRODUCT: { EN: 'Made for small breeds.', KO: '소형 품종용 사료입니다.' },
  SMALL_BREED_HYPOALLERGENIC: { EN: 'Hypoallergenic, which counts in its favour for a small breed.', KO: '소형 품종에게 가점이 되는 저알레르기 사료입니다.' },
  LARGE_BREED_PRODUCT: { EN: 'Made for large breeds.', KO: '대형 품종용 사료입니다.' },
  LARGE_BREED_JOINT: { EN: 'Supports the joints, which matters for a large breed.', KO: '대형 품종에게 중요한 관절 건강을 돕습니다.' },
  FLAT_FACED_WEIGHT: {
    EN: 'Helps to control weight, which matters for a flat-faced breed.',
    KO: '얼굴이 납작한 단두종에게 중요한 체중 관리를 돕습니다.',
  },
  AMOUNT_IN_RANGE: {
    EN: 'The daily amount of {grams} g lies within the suitable range of {minG} to {maxG} g.',
    KO: '하루 급여량 {grams}g은 적정 범위({minG}~{maxG}g) 안에 있습니다.',
  },
  AMOUNT_NEAR_RANGE: {
    EN: 'The daily amount of {grams} g lies just outside the suitable range of {minG} to {maxG} g.',
    KO: '하루 급여량 {grams}g은 적정 범위({minG}~{maxG}g)를 조금 벗어납니다.',
  },
  AMOUNT_OFF_RANGE: {
    EN: 'The daily amount of {grams} g lies outside the suitable range of {minG} to {maxG} g.',
    KO: '하루 급여량 {grams}g은 적정 범위({minG}~{maxG}g)를 벗어납니다.',
  },
  AMOUNT_FAR_OFF_RANGE: {
    EN: 'The daily amount of {grams} g lies far outside the suitable range of {minG} to {maxG} g.',
    KO: '하루 급여량 {grams}g은 적정 범위({minG}~{maxG}g)를 크게 벗어납니다.',
  },
  ENERGY_UNKNOWN: { EN: 'Its energy is unknown, so no daily amount can be given.', KO: '열량 정보가 없어 하루 급여량을 계산할 수 없습니다.' },
  ENERGY_ESTIMATED: {
    EN: 'Its energy ({kcal} kcal per 100 g) was estimated from protein, fat and fibre.',
    KO: '열량(100g당 {kcal}kcal)은 단백질, 지방, 섬유질 함량으로 추정한 값입니다.',
  },
  NEUTERED_ABOVE_RANGE: { EN: 'That is a large amount for a neutered pet.', KO: '중성화한 반려동물에게는 많은 양입니다.' },
  NEUTERED_WEIGHT_PRODUCT: { EN: 'Helps a neutered pet to keep its weight.', KO: '중성화한 반려동물의 체중 관리를 돕습니다.' },
  VALUE_PRESET: { EN: 'You put value first, so health and breed count less.', KO: '가성비 우선 설정에 따라 건강과 품종 점수를 낮추어 반영했습니다.' },

  CAPPED_AT_MAXIMUM: { EN: 'The {part} score stops at its maximum of {most}.', KO: '{part} 점수는 최대 {most}점까지만 반영됩니다.' },
  RAISED_TO_ZERO: { EN: 'The {part} score does not go below zero.', KO: '{part} 점수는 0점 아래로 내려가지 않습니다.' },
  LOW_SAFETY: { EN: 'Its safety score of {safety} is low, so the total counts for less.', KO: '안전 점수가 {safety}점으로 낮아 종합 점수를 낮추었습니다.' },
  AGE_PENALTY: {
    EN: 'A food of that life stage ({productStage}) does not suit your pet’s ({petStage}).',
    KO: '{productStage}용 사료는 {petStage} 반려동물에게 적합하지 않습니다.',
  },
  PRICE_OVER_MAXIMUM: {
    EN: 'Costs KRW {pricePerKg} per kg, over your limit of KRW {maxPricePerKg}.',
    KO: 'kg당 {pricePerKg}원으로 설정하신 상한 {maxPricePerKg}원을 넘습니다.',
  },
  BUDGET_EXCEEDED: {
    EN: 'Costs KRW {monthlyCost} a month, over your budget of KRW {maxMonthlyBudget}.',
    KO: '한 달 비용이 {monthlyCost}원으로 예산 {maxMonthlyBudget}원을 넘습니다.',
  },
}

/**
 * A reason as a sentence. A code that is no longer in the list, which the history of an older strategy may still hold,
 * stands for itself.
 */
export function reasonMessage({ code, params }: Pick<Reason, 'code' | 'params'>, locale: Locale): string {
  const template = wording.get(code)?.[locale]
  if (template === undefined) return code
  return fillTemplateWith(template, (name) => {
    const value = params[name]
    return value === undefined ? undefined : paramInWords(name, value, locale)
  })
}

const wording = new Map<string, Template>(Object.entries(TEMPLATES))
