import type { HealthConcern } from '../codes.ts'
import { BENEFIT_TAGS, type BenefitTag } from '../product.ts'
import { createPhraseMatcher, phrasesOf } from './phrase-matcher.ts'
import { toUnits } from './words.ts'

/** Said on the front of the pack: in the name or a claim. Codes such as "k/d" are those of veterinary diets. */
const PROMISES: readonly (readonly [BenefitTag | 'NONE', string])[] = [
  ['joint', 'joint, hip, mobility, arthritis, j/d, cartilage care, 관절, 슬개골, 연골'],
  ['weight', 'weight control, weight management, healthy weight, weight loss, weight care, lose weight, ideal weight, perfect weight'],
  ['weight', 'weight reduction, overweight, obesity, light, lite'],
  ['weight', 'slim, satiety, reduced fat, low fat, low calorie, less active, metabolic, r/d, w/d, fit & trim, light & fit'],
  ['weight', 'optimal weight, 체중, 다이어트, 저지방, 저칼로리, 비만, 라이트'],
  ['NONE', 'light meat, light tuna, light gravy, light broth, in a light, weight gain'],
  ['hypoallergenic', 'hypoallergenic, anallergenic, ultamino, limited ingredient, hydrolyzed protein, hydrolysed protein, hydrolyzed'],
  ['hypoallergenic', 'hydrolysed, single protein, single animal protein, monoprotein'],
  ['hypoallergenic', 'z/d, d/d, allergy care, food sensitivity, food sensitivities, novel protein, lid, skin support, 알러지, 알레르기, 가수분해'],
  ['hypoallergenic', '저알러지, 단일단백질, 하이포알러지'],
  ['urinary', 'urinary, struvite, oxalate, c/d, s/d, u/d, s/o, uti, flutd, 요로, 비뇨, 결석, 유리너리'],
  ['kidney', 'kidney care, kidney health, kidney support, kidney function, kidney diet, early kidney, advanced kidney, renal, k/d'],
  ['kidney', 'nephro, 신장, 레날, 키드니'],
  ['digestive', 'digestive, digestion, sensitive stomach, gastro, gastrointestinal, gastroenteric, intestinal, stomach, i/d, gut'],
  ['digestive', 'high fiber, probiotic, prebiotic, 소화, 장건강, 위장, 유산균, 다이제스티브'],
  ['dental', 'dental, oral care, oral health, tartar, plaque, t/d, teeth, tooth, 치아, 치석, 구강, 덴탈'],
  ['skin_coat', 'skin, coat, skin & coat, derm, dermatosis, dermacomfort, derma, hair & skin, shiny coat, omega 3, omega, 피부, 피모, 모질, 털'],
  ['immune', 'immune, immunity, 면역'],
  ['heart', 'cardiac, heart health, heart care, healthy heart, heart support, h/d, 심장건강, 심장 건강, 심혈관'],
]

/** Written in the ingredient list. */
const ACTIVE_INGREDIENTS: readonly (readonly [BenefitTag, string])[] = [
  ['joint', 'glucosamine, chondroitin, green lipped mussel, greenlipped mussel, green mussel, perna canaliculus, msm'],
  ['joint', 'methylsulfonylmethane, methylsulphonylmethane, 글루코사민, 콘드로이틴, 초록입홍합, 녹색입홍합'],
  ['weight', 'l carnitine, carnitine, 카르니틴'],
  ['digestive', 'lactobacillus, bifidobacterium, enterococcus, pediococcus, bacillus, probiotic, prebiotic, inulin, chicory'],
  ['digestive', 'fructooligosaccharide, fructo oligosaccharide, fructo oligo saccharide'],
  ['digestive', 'fos, mos, xos, mannanoligosaccharide, mannan oligosaccharide, mannano oligosaccharide, oligosaccharide, psyllium, 유산균'],
  ['digestive', '이눌린, 치커리, 프락토올리고당, 올리고당, 차전자피'],
  ['dental', 'sodium hexametaphosphate'],
  ['skin_coat', 'epa, dha, docosahexaenoic acid, eicosapentaenoic acid, omega 3, fish oil, salmon oil, menhaden oil, herring oil'],
  ['skin_coat', 'cod liver oil, tuna oil, krill oil, ω 3, 오메가3, 오메가 3, 연어오일, 어유, 크릴오일'],
  ['skin_coat', 'menhaden fish oil, pollock oil, anchovy oil, sardine oil, trout oil, hoki oil, whitefish oil, marine microalgae oil'],
  ['skin_coat', 'algae oil'],
  ['immune', 'beta glucan, betaglucan, β glucan, nucleotide, colostrum, 베타글루칸, 초유'],
  ['heart', 'taurine, coenzyme q10, 타우린, 코엔자임'],
]

const findPromises = createPhraseMatcher(phrasesOf(PROMISES))
const findActives = createPhraseMatcher(phrasesOf(ACTIVE_INGREDIENTS))

/** `front` is the name and the claims, `list` the text of the ingredient list, all normalised. */
export function findBenefits(front: string, list: string): BenefitTag[] {
  const found = new Set([...findPromises(toUnits(front)), ...findActives(toUnits(list))].map(({ value }) => value))
  return BENEFIT_TAGS.filter((tag) => found.has(tag))
}

/** The concern that each tag answers. What has a tag needs no word. */
export const CONCERN_OF_TAG: Readonly<Record<BenefitTag, HealthConcern>> = {
  joint: 'JOINT',
  weight: 'OBESITY',
  hypoallergenic: 'SKIN_ALLERGY',
  urinary: 'URINARY',
  kidney: 'KIDNEY',
  digestive: 'DIGESTIVE',
  dental: 'DENTAL',
  skin_coat: 'SKIN_COAT',
  immune: 'IMMUNE',
  heart: 'HEART',
}
