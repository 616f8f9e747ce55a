import type { Species } from '../codes.ts'
import { ATWATER, ENERGY_FACTOR, RESTING_ENERGY } from '../scoring/weights.ts'
import type { Audience, Reference } from './reference.ts'

type Group = keyof (typeof ENERGY_FACTOR)[Species]

const GUIDELINES = 'WSAVA Global Nutrition Guidelines; AAHA Nutrition and Weight Management Guidelines for Dogs and Cats'

// Adults whose neutering nobody knows are reckoned as not neutered, as the scoring does.
const GROUPS: Record<Group, { audience: Audience; en: string; ko: string; keywords: string }> = {
  PUPPY: { audience: { stages: ['PUPPY'] }, en: 'a growing', ko: '성장기', keywords: 'growing puppy kitten growth' },
  ADULT: { audience: { stages: ['ADULT'], isNeutered: false }, en: 'an adult', ko: '중성화하지 않은 성년기', keywords: 'adult' },
  NEUTERED_ADULT: { audience: { stages: ['ADULT'], isNeutered: true }, en: 'a neutered adult', ko: '중성화한 성년기', keywords: 'adult neutered' },
  SENIOR: { audience: { stages: ['SENIOR'] }, en: 'a senior', ko: '노령기', keywords: 'senior' },
}
const GROUP_NAMES = ['PUPPY', 'ADULT', 'NEUTERED_ADULT', 'SENIOR'] as const
const ANIMAL: Record<Species, { en: string; ko: string }> = { DOG: { en: 'dog', ko: '강아지' }, CAT: { en: 'cat', ko: '고양이' } }

const dailyEnergy = (species: Species, group: Group): Reference => {
  const { audience, en, ko, keywords } = GROUPS[group]
  const factor = ENERGY_FACTOR[species][group]
  const { kcal, exponent } = RESTING_ENERGY
  return {
    id: `ENERGY_${species}_${group}`, subject: { kind: 'energy' }, audience: { species, ...audience }, source: GUIDELINES,
    title: `Daily energy of ${en} ${ANIMAL[species].en}`, keywords: `${keywords} energy kcal calories daily amount portion requirement`,
    excerpt: `The daily energy of ${en} ${ANIMAL[species].en} is about ${factor} times its resting energy of ${kcal} kcal x kg^${exponent}.`,
    korean: `${ko} ${ANIMAL[species].ko}의 하루 에너지 요구량은 휴식기 에너지(${kcal}kcal × 체중kg^${exponent})의 약 ${factor}배입니다.`,
  }
}

export const ENERGY_REFERENCES: readonly Reference[] = [
  ...(['DOG', 'CAT'] as const).flatMap((species) => GROUP_NAMES.map((group) => dailyEnergy(species, group))),
  {
    id: 'MODIFIED_ATWATER', subject: { kind: 'estimated-energy' }, audience: {}, title: 'Modified Atwater factors', source: 'National Research Council, Nutrient Requirements of Dogs and Cats',
    keywords: 'energy estimated kcal protein fat fibre label unknown',
    excerpt: `Where a label prints no energy it is reckoned at ${ATWATER.protein} kcal for each gram of protein and carbohydrate and ${ATWATER.fat} kcal for each gram of fat.`,
    korean: `열량 표시가 없으면 단백질과 탄수화물은 그램당 ${ATWATER.protein}kcal, 지방은 그램당 ${ATWATER.fat}kcal로 계산합니다.`,
  },
  {
    id: 'BODY_CONDITION', subject: { kind: 'body-condition' }, audience: {}, title: 'Body condition score', source: 'WSAVA Global Nutrition Committee, body condition charts',
    keywords: 'body condition weight overweight underweight lean obesity thin',
    excerpt: 'Body condition is judged from 1 (emaciated) to 9 (obese); 4 to 5 is ideal.',
    korean: '체형 점수(BCS)는 1점(심하게 마름)부터 9점(비만)까지이며 4~5점이 이상적입니다.',
  },
]
