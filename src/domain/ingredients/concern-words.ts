import { HEALTH_CONCERNS, type HealthConcern } from '../codes.ts'
import type { BenefitTag } from '../product.ts'
import { CONCERN_OF_TAG } from './benefits.ts'
import { createPhraseMatcher, phrasesOf } from './phrase-matcher.ts'
import { toUnits } from './words.ts'

/** Weaker than a benefit tag: a herb, a hint, a word of the marketing. */
const WORDS: readonly (readonly [HealthConcern, string])[] = [
  ['OBESITY', 'indoor, sterilised, sterilized, neutered, spayed, low calorie, powdered cellulose, lean, 실내, 중성화'],
  ['DIABETES', 'diabetic, diabetes, glycobalance, m/d, glucose support, low glycemic, low glycaemic, dm dietetic, 당뇨, 혈당, 저혈당지수'],
  ['SKIN_ALLERGY', 'sensitive skin, sensitive, sensitivity, itch, quercetin, 민감, 예민, 가려움'],
  ['SKIN_COAT', 'flaxseed, linseed, borage oil, evening primrose, hairball, 아마씨, 헤어볼, 달맞이꽃'],
  ['JOINT', 'turmeric, boswellia, collagen, devil claw, hyaluronic acid, 강황, 보스웰리아, 콜라겐'],
  ['DIGESTIVE', 'pumpkin, beet pulp, ginger, papain, bromelain, 호박, 비트펄프'],
  ['URINARY', 'cranberry, ammonium chloride, low magnesium, 크랜베리'],
  ['KIDNEY', 'low phosphorus, low protein, 저인, 저단백'],
  ['HEART', 'hawthorn, 산사'],
  ['DENTAL', 'ascophyllum nodosum'],
  ['IMMUNE', 'echinacea, astragalus, spirulina, antioxidant, 에키네시아, 스피루리나, 항산화'],
  ['EYE', 'eye, vision, lutein, zeaxanthin, eyebright, marigold, bilberry, 눈, 루테인, 지아잔틴, 빌베리'],
  ['RESPIRATORY', 'respiratory, breathing, airway, brachycephalic, mullein, 호흡기, 기관지'],
]

const findWords = createPhraseMatcher(phrasesOf(WORDS))

/** Concerns that a word of the text answers and no benefit tag does, in the order of HEALTH_CONCERNS. */
export function findConcernWords(text: string, tags: readonly BenefitTag[]): HealthConcern[] {
  const found = new Set(findWords(toUnits(text)).map(({ value }) => value))
  const answered = new Set(tags.map((tag) => CONCERN_OF_TAG[tag]))
  return HEALTH_CONCERNS.filter((concern) => found.has(concern) && !answered.has(concern))
}
