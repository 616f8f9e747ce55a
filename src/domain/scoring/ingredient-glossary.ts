/**
 * What owners name most, in both languages: labels in the catalogue are English or Korean, and an owner who writes 연어
 * means the salmon of an English label too. Only names of one and the same thing, comma-separated.
 */
const SAME_THING = [
  'beef, 소고기, 쇠고기', 'chicken, 닭고기, 치킨, 닭', 'turkey, 칠면조', 'duck, 오리고기, 오리', 'goose, 거위', 'quail, 메추리',
  'pork, 돼지고기', 'lamb, 양고기, 어린양', 'goat, 염소', 'venison, 사슴고기, 사슴', 'rabbit, 토끼고기, 토끼', 'kangaroo, 캥거루', 'horse, 말고기',
  'fish, 생선, 어류', 'salmon, 연어', 'tuna, 참치', 'mackerel, 고등어', 'sardine, 정어리', 'anchovy, 멸치', 'herring, 청어', 'cod, 대구',
  'pollock, 명태', 'trout, 송어', 'shrimp, prawn, 새우', 'crab, 게살', 'krill, 크릴', 'squid, 오징어', 'mussel, 홍합',
  'egg, 계란, 달걀', 'milk, 우유', 'cheese, 치즈', 'yogurt, yoghurt, 요거트, 요구르트', 'whey, 유청', 'wheat, 밀가루, 소맥',
  'gluten, 글루텐', 'corn, maize, 옥수수', 'rice, 쌀', 'oat, oatmeal, 귀리', 'barley, 보리', 'rye, 호밀', 'millet, 기장', 'sorghum, 수수',
  'quinoa, 퀴노아', 'buckwheat, 메밀', 'soy, soya, soybean, soyabean, 대두, 콩', 'pea, 완두콩, 완두', 'chickpea, garbanzo, 병아리콩', 'lentil, 렌틸콩, 렌즈콩',
  'potato, 감자', 'sweet potato, 고구마', 'tapioca, cassava, 타피오카, 카사바', 'beet, 비트', 'carrot, 당근', 'pumpkin, 호박', 'spinach, 시금치',
  'broccoli, 브로콜리', 'tomato, 토마토', 'cabbage, 양배추', 'apple, 사과', 'banana, 바나나', 'blueberry, 블루베리', 'cranberry, 크랜베리',
  'strawberry, 딸기', 'coconut, 코코넛', 'peanut, 땅콩', 'almond, 아몬드', 'sesame, 참깨', 'sunflower, 해바라기', 'flax, flaxseed, linseed, 아마씨',
  'canola, rapeseed, 카놀라', 'yeast, 효모, 이스트', 'garlic, 마늘', 'ginger, 생강', 'turmeric, 강황', 'green tea, 녹차', 'honey, 꿀', 'seaweed, kelp, 해조, 다시마',
].map((row) => row.split(', '))

const ROWS = new Map(SAME_THING.flatMap((row) => row.map((name) => [name, row] as const)))

/** The other names of a thing, which may be given in several forms; none where no form is known. */
export function alsoCalled(forms: readonly string[]): readonly string[] {
  const row = forms.map((form) => ROWS.get(form)).find((it) => it !== undefined)
  return row?.filter((name) => !forms.includes(name)) ?? []
}
