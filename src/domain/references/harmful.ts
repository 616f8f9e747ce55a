import type { Reference } from './reference.ts'
import { AAFCO } from './nutrient-profiles.ts'
import { GROWING, GROWN } from './reference.ts'

const FDA_LABELS = 'US Food and Drug Administration, Pet Food Labels'
const NRC = 'National Research Council, Nutrient Requirements of Dogs and Cats'

const ADDITIVES: readonly Reference[] = [
  {
    id: 'HARMFUL_COLOUR', subject: { kind: 'harmful', harmful: 'ARTIFICIAL_COLOUR' }, audience: {}, title: 'Colours in pet food', source: FDA_LABELS,
    keywords: 'harmful additive artificial colour dye',
    excerpt: 'Artificial colours are there for the buyer\'s eye; they add nothing to the nutrition of a food.',
    korean: '인공 색소는 구매자의 눈을 위한 것으로, 사료의 영양에는 도움이 되지 않습니다.',
  },
  {
    id: 'HARMFUL_FLAVOUR', subject: { kind: 'harmful', harmful: 'ARTIFICIAL_FLAVOUR' }, audience: {}, title: 'Flavours in pet food', source: FDA_LABELS,
    keywords: 'harmful additive artificial flavour',
    excerpt: 'Artificial flavours make a food more tempting and must be named on its label; they add nothing to its nutrition.',
    korean: '인공 향료는 기호성을 높이기 위한 것으로 라벨에 표시해야 하며, 영양에는 도움이 되지 않습니다.',
  },
  {
    id: 'HARMFUL_BHA', subject: { kind: 'harmful', harmful: 'BHA' }, audience: {}, title: 'Butylated hydroxyanisole (BHA)', source: 'IARC Monographs, volume 40 and supplement 7',
    keywords: 'harmful additive preservative antioxidant BHA',
    excerpt: 'IARC lists the preservative BHA as possibly carcinogenic to humans (group 2B).',
    korean: '국제암연구소(IARC)는 보존료 BHA를 인체 발암 가능 물질(2B군)로 분류합니다.',
  },
  {
    id: 'HARMFUL_BHT', subject: { kind: 'harmful', harmful: 'BHT' }, audience: {}, title: 'Butylated hydroxytoluene (BHT)', source: 'IARC Monographs, volume 40 and supplement 7',
    keywords: 'harmful additive preservative antioxidant BHT',
    excerpt: 'IARC could not classify the preservative BHT (group 3): what is known neither convicts nor clears it.',
    korean: '국제암연구소(IARC)는 보존료 BHT를 발암성 여부를 분류할 수 없는 물질(3군)로 분류합니다.',
  },
  {
    id: 'HARMFUL_ETHOXYQUIN', subject: { kind: 'harmful', harmful: 'ETHOXYQUIN' }, audience: {}, title: 'Ethoxyquin as a feed additive', source: 'Commission Implementing Regulation (EU) 2017/962',
    keywords: 'harmful additive preservative antioxidant ethoxyquin',
    excerpt: 'The European Union suspended ethoxyquin as a feed additive, as its safety could not be shown.',
    korean: '유럽연합은 안전성이 입증되지 않아 에톡시퀸의 사료 첨가물 허가를 중지했습니다.',
  },
  {
    id: 'HARMFUL_PROPYLENE_GLYCOL', subject: { kind: 'harmful', harmful: 'PROPYLENE_GLYCOL' }, audience: {}, title: 'Propylene glycol in cat food', source: 'US Code of Federal Regulations, 21 CFR 500.50',
    keywords: 'harmful additive humectant propylene glycol',
    excerpt: 'Propylene glycol is not recognised as safe in cat food: it harms the red blood cells of cats.',
    korean: '프로필렌글리콜은 고양이의 적혈구를 손상시킬 수 있어 고양이 사료에서는 안전한 것으로 인정되지 않습니다.',
  },
  {
    id: 'HARMFUL_CORN_SYRUP', subject: { kind: 'harmful', harmful: 'CORN_SYRUP' }, audience: {}, title: 'Syrups and the need for carbohydrate', source: NRC,
    keywords: 'harmful additive corn syrup sugar sweet',
    excerpt: 'Neither dogs nor cats need syrup or sugar in their food; it only adds energy.',
    korean: '강아지와 고양이 모두 시럽이나 설탕이 필요하지 않으며, 이는 열량만 더합니다.',
  },
  {
    id: 'HARMFUL_SUGAR', subject: { kind: 'harmful', harmful: 'ADDED_SUGAR' }, audience: {}, title: 'Sugar and the need for carbohydrate', source: NRC,
    keywords: 'harmful additive added sugar sweet',
    excerpt: 'Neither dogs nor cats need added sugar in their food; it only adds energy.',
    korean: '강아지와 고양이 모두 첨가당이 필요하지 않으며, 이는 열량만 더합니다.',
  },
]

/** AAFCO's minima of sodium, percent of dry matter. */
export const SODIUM_MINIMA = [
  { profile: 'AAFCO_DOG_GROWTH', audience: { species: 'DOG', stages: GROWING }, minPct: 0.3, en: 'growing dogs', ko: '성장기 강아지' },
  { profile: 'AAFCO_DOG_ADULT', audience: { species: 'DOG', stages: GROWN }, minPct: 0.08, en: 'adult dogs', ko: '성견' },
  { profile: 'AAFCO_CAT_GROWTH', audience: { species: 'CAT', stages: GROWING }, minPct: 0.2, en: 'growing cats', ko: '성장기 고양이' },
  { profile: 'AAFCO_CAT_ADULT', audience: { species: 'CAT', stages: GROWN }, minPct: 0.2, en: 'adult cats', ko: '성묘' },
] as const

export const HARMFUL_REFERENCES: readonly Reference[] = [
  ...ADDITIVES,
  ...SODIUM_MINIMA.map(({ profile, audience, minPct, en, ko }): Reference => ({
    id: `${profile}_SODIUM`, subject: { kind: 'harmful', harmful: 'EXCESS_SALT' }, audience, title: `AAFCO nutrient profile for ${en}: sodium`, source: AAFCO,
    keywords: 'harmful salt sodium excess',
    excerpt: `Little sodium is enough: AAFCO's minimum for ${en} is ${minPct} % of the dry matter.`,
    korean: `나트륨은 적은 양으로 충분하며, AAFCO의 ${ko} 최소 기준은 건물 기준 ${minPct}%입니다.`,
  })),
]
