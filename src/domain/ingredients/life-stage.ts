import type { LifeStage } from '../codes.ts'
import { createPhraseMatcher, phrasesOf } from './phrase-matcher.ts'
import { toUnits } from './words.ts'

const STAGE_WORDS: readonly (readonly [LifeStage, string])[] = [
  ['ALL', 'all life stage, all lifestage, all age, any age, every age, 전연령, 전 연령, 올라이프스테이지, 모든 연령'],
  ['PUPPY', 'puppy, pup, kitten, junior, growth, babycat, babydog, mother & baby, weaning, lactating, 퍼피, 키튼, 주니어, 자견, 자묘, 이유식'],
  ['SENIOR', 'senior, mature, geriatric, aging, ageing, veteran, older, elderly, silver, 7+, 8+, 9+, 10+, 11+, 12+, 13+, 14+, 15+, 시니어'],
  ['SENIOR', '노견, 노묘, 노령, 7세 이상'],
  ['ADULT', 'adult, 어덜트, 성견, 성묘'],
]

const findStages = createPhraseMatcher(phrasesOf(STAGE_WORDS))

/** The label's word, else the name's. "Puppy & adult" is all; "adult 7+" is senior. 강아지 says only that it is a dog. */
export function lifeStageOf(printed: LifeStage | null, name: string): LifeStage | null {
  if (printed !== null) return printed
  const found = new Set(findStages(toUnits(name)).map(({ value }) => value))
  if (found.has('ALL') || (found.has('PUPPY') && (found.has('ADULT') || found.has('SENIOR')))) return 'ALL'
  return (['PUPPY', 'SENIOR', 'ADULT'] as const).find((stage) => found.has(stage)) ?? null
}
