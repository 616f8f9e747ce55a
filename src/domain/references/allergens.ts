import type { Allergen, Species } from '../codes.ts'
import { COMMON_ALLERGENS } from '../scoring/weights.ts'
import { allergenName } from '../wording/vocabulary.ts'
import type { Reference } from './reference.ts'

const MUELLER = 'Mueller RS, Olivry T, Prélaud P. BMC Veterinary Research 2016, 12:9'

/** Animals with a confirmed food reaction of the skin, and the percent of them that reacted to each food. No measure of anybody's risk. */
export const CONFIRMED_CASES: Record<Species, { animals: number; sharePct: Partial<Record<Allergen, number>> }> = {
  DOG: { animals: 297, sharePct: { BEEF: 34, DAIRY: 17, CHICKEN: 15, WHEAT: 13, SOY: 6, LAMB: 5, CORN: 4, EGG: 4, PORK: 2, FISH: 2, RICE: 2 } },
  CAT: { animals: 78, sharePct: { BEEF: 18, FISH: 17, CHICKEN: 5, WHEAT: 4, CORN: 4, DAIRY: 4, LAMB: 3 } },
}

const ANIMALS: Record<Species, { en: string; ko: string }> = { DOG: { en: 'dogs', ko: '강아지' }, CAT: { en: 'cats', ko: '고양이' } }

// Only of common allergens do the rules say that a food holds them.
function ofSpecies(species: Species): Reference[] {
  const { animals, sharePct } = CONFIRMED_CASES[species]
  const { en, ko } = ANIMALS[species]
  return COMMON_ALLERGENS[species].flatMap((allergen) => {
    const share = sharePct[allergen]
    if (share === undefined) return []
    return {
      id: `ALLERGEN_${species}_${allergen}`, subject: { kind: 'allergen', allergen }, audience: { species }, source: MUELLER,
      title: `Common food allergen sources in dogs and cats: ${allergenName(allergen, 'EN')}`, keywords: 'allergy allergen food reaction skin avoid',
      excerpt: `Of ${animals} ${en} with a confirmed food reaction of the skin, ${share} % reacted to ${allergenName(allergen, 'EN')}.`,
      korean: `식이 반응에 의한 피부 질환이 확인된 ${ko} ${animals}마리 중 ${share}%가 ${allergenName(allergen, 'KO')}에 반응했습니다.`,
    } satisfies Reference
  })
}

export const ALLERGEN_REFERENCES: readonly Reference[] = [
  ...ofSpecies('DOG'),
  ...ofSpecies('CAT'),
  {
    id: 'AVOIDANCE', subject: { kind: 'avoidance' }, audience: {}, title: 'Duration of elimination diets',
    source: 'Olivry T, Mueller RS, Prélaud P. BMC Veterinary Research 2015, 11:225', keywords: 'allergy allergen avoid strict elimination free',
    excerpt: 'An animal that reacts to a food is kept well by leaving that food out strictly, treats included.',
    korean: '특정 식품에 반응하는 반려동물은 간식을 포함하여 그 식품을 철저히 피해야 합니다.',
  },
]
