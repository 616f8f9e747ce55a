import type { AgeStage, Allergen, HealthConcern, LifeStage, Locale, Species } from '../codes.ts'
import type { HarmfulCode } from '../product.ts'
import { figure } from './figure.ts'

type Names<Code extends string> = Record<Code, Record<Locale, string>>

const species: Names<Species> = { DOG: { EN: 'dogs', KO: '강아지' }, CAT: { EN: 'cats', KO: '고양이' } }

const petStage: Names<AgeStage> = {
  PUPPY: { EN: 'growing', KO: '성장기' },
  ADULT: { EN: 'adult', KO: '성년기' },
  SENIOR: { EN: 'senior', KO: '노령기' },
}
const productStage: Names<LifeStage> = { ...petStage, ALL: { EN: 'all-age', KO: '전 연령' } }

const allergen: Names<Allergen> = {
  BEEF: { EN: 'beef', KO: '소고기' },
  CHICKEN: { EN: 'chicken', KO: '닭고기' },
  TURKEY: { EN: 'turkey', KO: '칠면조' },
  DUCK: { EN: 'duck', KO: '오리고기' },
  PORK: { EN: 'pork', KO: '돼지고기' },
  LAMB: { EN: 'lamb', KO: '양고기' },
  FISH: { EN: 'fish', KO: '생선' },
  EGG: { EN: 'egg', KO: '달걀' },
  DAIRY: { EN: 'dairy', KO: '유제품' },
  WHEAT: { EN: 'wheat', KO: '밀' },
  CORN: { EN: 'corn', KO: '옥수수' },
  SOY: { EN: 'soy', KO: '대두' },
  RICE: { EN: 'rice', KO: '쌀' },
  POTATO: { EN: 'potato', KO: '감자' },
  PEA: { EN: 'pea', KO: '완두콩' },
}

const concern: Names<HealthConcern> = {
  OBESITY: { EN: 'weight control', KO: '체중 관리' },
  DIABETES: { EN: 'diabetes care', KO: '당뇨 관리' },
  SKIN_ALLERGY: { EN: 'allergy-prone skin', KO: '피부 알레르기 관리' },
  SKIN_COAT: { EN: 'skin and coat', KO: '피부와 모질 관리' },
  JOINT: { EN: 'joint health', KO: '관절 건강' },
  DIGESTIVE: { EN: 'digestion', KO: '소화 건강' },
  URINARY: { EN: 'urinary health', KO: '요로 건강' },
  KIDNEY: { EN: 'kidney health', KO: '신장 건강' },
  HEART: { EN: 'heart health', KO: '심장 건강' },
  DENTAL: { EN: 'dental health', KO: '치아 건강' },
  IMMUNE: { EN: 'the immune system', KO: '면역력 관리' },
  EYE: { EN: 'eye health', KO: '눈 건강' },
  RESPIRATORY: { EN: 'respiratory health', KO: '호흡기 건강' },
}

const harmful: Names<HarmfulCode> = {
  ARTIFICIAL_COLOUR: { EN: 'artificial colour', KO: '인공 색소' },
  ARTIFICIAL_FLAVOUR: { EN: 'artificial flavour', KO: '인공 향료' },
  BHA: { EN: 'the preservative BHA', KO: '보존료 BHA' },
  BHT: { EN: 'the preservative BHT', KO: '보존료 BHT' },
  ETHOXYQUIN: { EN: 'the preservative ethoxyquin', KO: '보존료 에톡시퀸' },
  PROPYLENE_GLYCOL: { EN: 'propylene glycol', KO: '프로필렌글리콜' },
  CORN_SYRUP: { EN: 'corn syrup', KO: '옥수수 시럽' },
  ADDED_SUGAR: { EN: 'added sugar', KO: '첨가당' },
  EXCESS_SALT: { EN: 'too much salt', KO: '과도한 염분' },
}

/** Parts of a score, as CAPPED_AT_MAXIMUM and RAISED_TO_ZERO name them. */
const part = {
  health: { EN: 'health', KO: '건강' },
  breed: { EN: 'breed', KO: '품종' },
  nutrition: { EN: 'nutrition', KO: '영양' },
  safety: { EN: 'safety', KO: '안전' },
  fitness: { EN: 'fitness', KO: '적합도' },
  total: { EN: 'total', KO: '종합' },
}

/** Parameters whose values are codes, and the codes' names. Others (grams, prices, ingredients) stand as they are. */
const VOCABULARY: Record<string, Record<string, Record<Locale, string>>> = {
  species, productSpecies: species, petStage, productStage, allergen, concern, harmful, part,
}

export const allergenName = (code: Allergen, locale: Locale): string => allergen[code][locale]

/** A parameter as a person reads it: codes by name, numbers with separators, text unchanged. */
export function paramInWords(name: string, value: string | number, locale: Locale): string {
  if (typeof value === 'number') return figure(value)
  const names = VOCABULARY[name]
  return names !== undefined && Object.hasOwn(names, value) ? (names[value]?.[locale] ?? value) : value
}
