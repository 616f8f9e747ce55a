import { createPhraseMatcher, phrasesOf } from './phrase-matcher.ts'
import { toUnits } from './words.ts'

/**
 * What is added for the sake of the food and not of the animal: colour, taste, texture, keeping. Vitamins, trace
 * elements, amino acids and probiotics feed the animal and are not listed.
 */
const ADDITIVES = [
  ['colour', 'color, added color, caramel color, caramel colour, titanium dioxide, iron oxide, red 40, red 3, yellow 5, yellow 6'],
  ['colour', 'blue 1, blue 2, tartrazine, annatto, beet color, 착색료, 색소'],
  ['flavour', 'flavor, flavour enhancer, smoke, liquid smoke, monosodium glutamate, palatant, digest, 향료, 착향료, 향미제'],
  ['preservative', 'bha, bht, ethoxyquin, tbhq, propyl gallate, tocopherol, mixed tocopherol, citric acid, sorbic acid'],
  ['preservative', 'potassium sorbate, calcium propionate, sodium nitrite, 보존료'],
  ['preservative', 'preservative, antioxidant, rosemary extract, oil of rosemary, lactic acid, acetic acid, phosphoric acid'],
  ['preservative', 'sodium benzoate, tannic acid, sodium erythorbate, 산화방지제, 토코페롤, 소르빈산'],
  ['texture', 'guar gum, xanthan gum, xantham gum, xantan gum, cassia gum, locust bean gum, carrageenan, agar, agar agar, gum arabic'],
  ['texture', 'acacia gum, tara gum, gellan gum, konjac gum'],
  ['texture', 'sodium alginate, alginate, pectin, carboxymethylcellulose, sodium carboxymethylcellulose, methylcellulose'],
  ['texture', 'modified starch, thickener, gelling agent, emulsifier, stabilizer'],
  ['texture', 'sodium tripolyphosphate, tetrasodium pyrophosphate, sodium acid pyrophosphate, sodium hexametaphosphate, lecithin'],
  ['texture', 'glycerin, glycerine, glycerol, propylene glycol'],
  ['texture', 'silicon dioxide, bentonite, mono and diglyceride, polysorbate, 증점제, 유화제, 구아검, 잔탄검, 카라기난, 글리세린, 프로필렌글리콜, 레시틴'],
] as const

const findAdditives = createPhraseMatcher(phrasesOf<string>(ADDITIVES))

export const isAdditive = (ingredient: string): boolean => findAdditives(toUnits(ingredient)).length > 0
