import type { Locale } from '../codes.ts'
import { QUALITY_CHECK_CODES, type QualityCheckCode } from '../scoring/reason-codes.ts'

type Line = Record<Locale, string>

/** A check that needs an ingredient list fails without one, so its second line says "not confirmed", not "contains". */
const LINES: Record<QualityCheckCode, { passed: Line; failed: Line }> = {
  INGREDIENTS_KNOWN: {
    passed: { EN: 'The full ingredient list is known.', KO: '전체 원료가 공개되어 있습니다.' },
    failed: { EN: 'The ingredient list is not known.', KO: '원료 정보가 공개되어 있지 않습니다.' },
  },
  FIRST_INGREDIENT_IS_MEAT: {
    passed: { EN: 'The first ingredient is a named meat or fish.', KO: '첫 번째 원료가 명확히 표시된 고기나 생선입니다.' },
    failed: { EN: 'The first ingredient is not a named meat or fish.', KO: '첫 번째 원료가 명확히 표시된 고기나 생선이 아닙니다.' },
  },
  HIGH_QUALITY_PROTEIN: {
    passed: { EN: 'Its protein sources are of high quality.', KO: '단백질원의 품질이 높습니다.' },
    failed: { EN: 'Its protein sources are not all of high quality.', KO: '단백질원의 품질이 높은 수준은 아닙니다.' },
  },
  NO_HARMFUL_INGREDIENTS: {
    passed: { EN: 'Free of harmful additives.', KO: '유해 첨가물이 없습니다.' },
    failed: { EN: 'Not confirmed to be free of harmful additives.', KO: '유해 첨가물이 들어 있거나, 없다고 확인되지 않았습니다.' },
  },
  NO_COMMON_ALLERGENS: {
    passed: { EN: 'Free of the species’ common allergens.', KO: '흔한 알레르기 유발 성분이 없습니다.' },
    failed: { EN: 'Not confirmed to be free of common allergens.', KO: '흔한 알레르기 유발 성분이 들어 있거나, 없다고 확인되지 않았습니다.' },
  },
  LIFE_STAGE_SUITS: {
    passed: { EN: 'Suits your pet’s life stage.', KO: '반려동물의 생애 단계에 맞습니다.' },
    failed: { EN: 'Not labelled for your pet’s life stage.', KO: '반려동물의 생애 단계용으로 표시되어 있지 않습니다.' },
  },
  ENERGY_KNOWN: {
    passed: { EN: 'Its energy is stated on the label.', KO: '열량이 표시되어 있습니다.' },
    failed: { EN: 'Its energy is not stated on the label.', KO: '열량이 표시되어 있지 않습니다.' },
  },
  MINERALS_KNOWN: {
    passed: { EN: 'Calcium and phosphorus are stated.', KO: '칼슘과 인 함량이 표시되어 있습니다.' },
    failed: { EN: 'Calcium or phosphorus is not stated.', KO: '칼슘 또는 인 함량이 표시되어 있지 않습니다.' },
  },
}

/** A code of an older strategy, which the history may still hold, stands for itself. */
export function qualityCheckMessage(code: string, passed: boolean, locale: Locale): string {
  const known = QUALITY_CHECK_CODES.find((it) => it === code)
  return known === undefined ? code : LINES[known][passed ? 'passed' : 'failed'][locale]
}
