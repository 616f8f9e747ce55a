import type { Species } from '../codes.ts'
import { GROWING, GROWN, type Audience, type Reference } from './reference.ts'

/** A minimum of a published table, percent of dry matter. */
export type Minimum = { profile: string; nutrient: string; value: number }

/**
 * The profiles that are told of, percent of dry matter. FEDIAF's are those of adults that need little energy (95 kcal per
 * kg^0.75 for dogs, 75 per kg^0.67 for cats): whoever eats less must find as much in it.
 */
const PROFILES = [
  { id: 'AAFCO_DOG_GROWTH', species: 'DOG', group: 'growing', protein: 22.5, fat: 8.5, calcium: 1.2, phosphorus: 1, linoleicAcid: 1.3 },
  { id: 'AAFCO_DOG_ADULT', species: 'DOG', group: 'grown', protein: 18, fat: 5.5, calcium: 0.5, phosphorus: 0.4, linoleicAcid: 1.1 },
  { id: 'AAFCO_CAT_GROWTH', species: 'CAT', group: 'growing', protein: 30, fat: 9, calcium: 1, phosphorus: 0.8, linoleicAcid: 0.6 },
  { id: 'AAFCO_CAT_ADULT', species: 'CAT', group: 'grown', protein: 26, fat: 9, calcium: 0.6, phosphorus: 0.5, linoleicAcid: 0.6 },
  { id: 'FEDIAF_DOG_ADULT_95', species: 'DOG', group: 'frugal', protein: 21, fat: 5.5, calcium: 0.58, phosphorus: 0.46, linoleicAcid: 1.53 },
  { id: 'FEDIAF_CAT_ADULT_75', species: 'CAT', group: 'frugal', protein: 33.3, fat: 9, calcium: 0.53, phosphorus: 0.35, linoleicAcid: 0.67 },
] as const
type Profile = (typeof PROFILES)[number]

export const AAFCO = 'AAFCO Dog and Cat Food Nutrient Profiles, revision adopted 2014'
const FEDIAF = 'FEDIAF Nutritional Guidelines, July 2024'

type Group = Profile['group']

const ANIMALS: Record<Species, Record<Group, { en: string; ko: string }>> = {
  DOG: { growing: { en: 'growing dogs', ko: '성장기 강아지' }, grown: { en: 'adult dogs', ko: '성견' }, frugal: { en: 'adult dogs that need little energy', ko: '에너지 요구량이 적은 성견' } },
  CAT: { growing: { en: 'growing cats', ko: '성장기 고양이' }, grown: { en: 'adult cats', ko: '성묘' }, frugal: { en: 'adult cats that need little energy', ko: '에너지 요구량이 적은 성묘' } },
}
const AUDIENCE: Record<Group, Audience> = { growing: { stages: GROWING }, grown: { stages: GROWN }, frugal: { stages: GROWN, isOverweight: true } }

function wordsOf({ species, group }: Profile) {
  const { en, ko } = ANIMALS[species][group]
  const isOfAafco = group !== 'frugal'
  return { body: isOfAafco ? 'AAFCO' : 'FEDIAF', source: isOfAafco ? AAFCO : FEDIAF, animals: en, ko, isOfAafco, audience: { species, ...AUDIENCE[group] } }
}

function referencesOf(profile: Profile): Reference[] {
  const { id, protein, fat, calcium, phosphorus, linoleicAcid } = profile
  const { body, source, animals, ko, isOfAafco, audience } = wordsOf(profile)
  const about = (what: string) => ({ audience, source, title: `${body} nutrient profile for ${animals}: ${what}` })
  return [
    {
      ...about('protein'), id: `${id}_PROTEIN`, subject: { kind: 'protein', minPct: protein }, keywords: 'protein minimum meat muscle',
      excerpt: `${body} asks of a complete food for ${animals} that at least ${protein} % of its dry matter is crude protein.`,
      korean: `${body} 기준에 따르면 ${ko}용 완전사료는 건물 기준 조단백질이 최소 ${protein}% 이상이어야 합니다.`,
    },
    {
      ...about('fat'), id: `${id}_FAT`, subject: { kind: 'fat', minPct: fat }, keywords: 'fat minimum energy',
      excerpt: `${body} asks of a complete food for ${animals} that at least ${fat} % of its dry matter is crude fat.`,
      korean: `${body} 기준에 따르면 ${ko}용 완전사료는 건물 기준 조지방이 최소 ${fat}% 이상이어야 합니다.`,
    },
    {
      ...about('calcium and phosphorus'), id: `${id}_MINERALS`,
      subject: { kind: 'minerals', calciumMinPct: calcium, phosphorusMinPct: phosphorus, calciumMaxPct: null },
      keywords: 'minerals bone calcium phosphorus',
      excerpt: `${body} sets the minimum for ${animals} at ${calcium} % calcium and ${phosphorus} % phosphorus in the dry matter.`,
      korean: `${body}의 ${ko} 최소 기준은 건물 기준 칼슘 ${calcium}%, 인 ${phosphorus}%입니다.`,
    },
    // Of linoleic acid one authority is enough.
    ...(isOfAafco
      ? [{
          ...about('linoleic acid'), id: `${id}_LINOLEIC`, subject: { kind: 'concern', concern: 'SKIN_COAT' },
          keywords: 'skin coat hair omega linoleic fatty acid',
          excerpt: `Skin and coat need linoleic acid; ${body}'s minimum for ${animals} is ${linoleicAcid} % of the dry matter.`,
          korean: `피부와 모질에는 리놀레산이 필요하며, ${body}의 ${ko} 최소 기준은 건물 기준 ${linoleicAcid}%입니다.`,
        } satisfies Reference]
      : []),
  ]
}

const LARGE_BREED_CALCIUM = { min: 1.2, max: 1.8, phosphorusMin: 1 } as const

const LARGE_BREEDS: Reference = {
  id: 'AAFCO_DOG_GROWTH_LARGE', audience: { species: 'DOG', stages: GROWING, isLargeBreed: true }, source: AAFCO,
  subject: { kind: 'minerals', calciumMinPct: LARGE_BREED_CALCIUM.min, phosphorusMinPct: LARGE_BREED_CALCIUM.phosphorusMin, calciumMaxPct: LARGE_BREED_CALCIUM.max },
  title: 'AAFCO nutrient profile for growing dogs of large breeds: calcium', keywords: 'large breed minerals bone calcium phosphorus maximum',
  excerpt: `For dogs that grow large AAFCO limits calcium from both sides: ${LARGE_BREED_CALCIUM.min} to ${LARGE_BREED_CALCIUM.max} % of the dry matter.`,
  korean: `대형견으로 자라는 강아지의 경우 AAFCO는 칼슘을 건물 기준 ${LARGE_BREED_CALCIUM.min}~${LARGE_BREED_CALCIUM.max}%로 제한합니다.`,
}

export const NUTRIENT_REFERENCES: readonly Reference[] = [...PROFILES.flatMap(referencesOf), LARGE_BREEDS]

const PUBLISHED = { protein: 'crudeProtein', fat: 'crudeFat', calcium: 'calcium', phosphorus: 'phosphorus', linoleicAcid: 'linoleicAcid' } as const
const NUTRIENTS = ['protein', 'fat', 'calcium', 'phosphorus', 'linoleicAcid'] as const

/** Every figure above under its name in the published tables, so that it can be checked against them. */
export const NUTRIENT_MINIMA: readonly Minimum[] = PROFILES.flatMap((profile) =>
  NUTRIENTS.map((nutrient) => ({ profile: profile.id, nutrient: PUBLISHED[nutrient], value: profile[nutrient] })),
)
