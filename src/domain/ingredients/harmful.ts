import { HARMFUL_CODES, type HarmfulCode, type ProductFeatures } from '../product.ts'
import { createPhraseMatcher, phrasesOf } from './phrase-matcher.ts'
import type { UnderstoodIngredient } from './understand.ts'
import { toUnits } from './words.ts'

/** 1 (mild) to 5 (avoid). */
export const HARMFUL_SEVERITY: Readonly<Record<HarmfulCode, number>> = {
  ARTIFICIAL_COLOUR: 3,
  ARTIFICIAL_FLAVOUR: 2,
  BHA: 4,
  BHT: 4,
  ETHOXYQUIN: 5,
  PROPYLENE_GLYCOL: 4,
  CORN_SYRUP: 3,
  ADDED_SUGAR: 2,
  EXCESS_SALT: 2,
}

type Sign = HarmfulCode | 'SALT' | 'NONE'

// An unnamed "added colour" counts as artificial: a natural one would be named. NONE hides what only sounds like it.
const SIGNS: readonly (readonly [Sign, string])[] = [
  ['ARTIFICIAL_COLOUR', 'artificial color, added color, color added, other color, synthetic color, fd&c, azo dye, ec color'],
  ['ARTIFICIAL_COLOUR', 'ec permitted color, permitted color, titanium dioxide, caramel color'],
  ['ARTIFICIAL_COLOUR', 'red 40, red 3, yellow 5, yellow 6, blue 1, blue 2, green 3, red no. 40, yellow no. 5, yellow no. 6, blue no. 1'],
  ['ARTIFICIAL_COLOUR', 'blue no. 2, red dye, yellow dye, blue dye, 40 lake, 5 lake, 6 lake'],
  ['ARTIFICIAL_COLOUR', 'tartrazine, sunset yellow, allura red, brilliant blue, erythrosine, azorubine, ponceau, patent blue'],
  ['ARTIFICIAL_COLOUR', 'indigotine, e102, e110, e122, e124, e127, e129, e131, e132, e133, e171, e150d'],
  ['ARTIFICIAL_COLOUR', '합성착색료, 인공색소, 타르색소, 합성색소, 적색40호, 적색 제40호, 황색4호, 황색5호, 황색 제4호, 황색 제5호, 청색1호, 청색 제1호, 이산화티타늄'],
  ['NONE', 'natural color, vegetable color, color retention, for color, no artificial color, no added color, 천연색소'],
  ['ARTIFICIAL_FLAVOUR', 'artificial flavor, artificial and natural flavor, artificial & natural flavor, natural and artificial flavor'],
  ['ARTIFICIAL_FLAVOUR', 'synthetic flavor, vanillin, ethyl vanillin, 합성향료, 인공향료, 합성착향료'],
  ['ARTIFICIAL_FLAVOUR', 'artificial, artificial chicken flavor, artificial beef flavor, artificial bacon flavor, artificial smoke flavor'],
  ['NONE', 'no artificial flavor, no artificial preservative, no artificial'],
  ['BHA', 'bha, butylated hydroxyanisole, butylhydroxyanisole, butyl hydroxyanisole, e320, 부틸히드록시아니솔, 부틸하이드록시아니솔'],
  ['BHT', 'bht, butylated hydroxytoluene, butylhydroxytoluene, butyl hydroxytoluene, e321, 부틸히드록시톨루엔, 부틸하이드록시톨루엔, 디부틸히드록시톨루엔'],
  ['ETHOXYQUIN', 'ethoxyquin, ethoxyquine, ethoxiquin, e324, 에톡시퀸'],
  ['PROPYLENE_GLYCOL', 'propylene glycol, propane 1 2 diol, 1 2 propanediol, propylenglycol, e1520, 프로필렌글리콜, 프로필렌글라이콜'],
  ['NONE', 'propylene glycol alginate'],
  ['CORN_SYRUP', 'corn syrup, high fructose corn syrup, corn syrup solid, maize syrup, hfcs, glucose fructose syrup, 콘시럽, 옥수수시럽, 물엿, 액상과당'],
  ['ADDED_SUGAR', 'sugar, cane sugar, brown sugar, burnt sugar, invert sugar, sucrose, dextrose, glucose, fructose, glucose syrup'],
  ['ADDED_SUGAR', 'syrup, maple syrup, malt syrup, treacle, golden syrup'],
  ['ADDED_SUGAR', 'molasses, cane molasses, beet molasses, molassed beet pulp, honey, manuka honey, caramel, 설탕, 포도당, 과당, 당밀, 꿀, 시럽'],
  ['ADDED_SUGAR', '캐러멜, 카라멜, 덱스트로스'],
  ['NONE', 'sugar beet, sugar beet pulp, sugar snap, sugar removed, sugar reduced, sugar cane fiber, sugarcane fiber, sugar free'],
  ['NONE', 'no added sugar, blood sugar, sugar kelp, un molassed'],
  ['NONE', 'glucose oxidase, glucose tolerance, fructose oligosaccharide, fructose oligo saccharide, honeysuckle, honey berry'],
  ['NONE', 'honey mushroom, 벌꿀버섯, 캐러멜색소, 카라멜색소'],
  ['SALT', 'salt, sea salt, iodized salt, iodised salt, rock salt, himalayan salt, sodium chloride, monosodium glutamate'],
  ['SALT', 'sodium phosphate, sodium tripolyphosphate, tetrasodium pyrophosphate'],
  ['SALT', 'sodium acid pyrophosphate, sodium hexametaphosphate, sodium bicarbonate, sodium carbonate, sodium nitrite, soy sauce, 소금'],
  ['SALT', '식염, 천일염, 정제염, 염화나트륨, 간장'],
  ['NONE', 'salt free, no added salt, no salt, salt substitute, epsom salt, saltwater, salt water, fatty acid salt, mineral salt, salt of'],
]

const findSigns = createPhraseMatcher(phrasesOf(SIGNS))

// Cooking salt among the first six is, by weight order, more than anything but the body of the food; below that
// nearly every balanced food has some. Four different sodium salts add up to the same, wherever they stand.
const SALT_IS_EARLY = 6
const MANY_SALTS = 4
const COOKING_SALT = /\bsalt\b|\bsodium chloride\b|소금|식염|천일염|정제염|염화나트륨/

/** In the order of HARMFUL_CODES, each once, at its first mention. */
export function findHarmful(ingredients: readonly UnderstoodIngredient[]): ProductFeatures['harmful'] {
  const first = new Map<HarmfulCode, string>()
  const salts: string[] = []
  for (const [place, { text }] of ingredients.entries()) {
    for (const { value: sign } of findSigns(toUnits(text))) {
      if (sign === 'SALT') {
        salts.push(text)
        if (place < SALT_IS_EARLY && COOKING_SALT.test(text)) keepFirst(first, 'EXCESS_SALT', text)
      } else if (sign !== 'NONE') keepFirst(first, sign, text)
    }
  }
  const many = new Set(salts)
  if (many.size >= MANY_SALTS) keepFirst(first, 'EXCESS_SALT', [...many].slice(0, MANY_SALTS).join(', '))
  return HARMFUL_CODES.flatMap((code) => {
    const ingredient = first.get(code)
    return ingredient === undefined ? [] : [{ code, severity: HARMFUL_SEVERITY[code], ingredient }]
  })
}

function keepFirst(first: Map<HarmfulCode, string>, code: HarmfulCode, ingredient: string) {
  if (!first.has(code)) first.set(code, ingredient)
}
