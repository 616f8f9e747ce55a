import type { FoodKind } from './dictionary.ts'
import type { Mention, UnderstoodIngredient } from './understand.ts'

const ANIMAL_KINDS: readonly FoodKind[] = ['meat', 'part', 'fish', 'shellfish', 'insect', 'egg', 'dairy']
const FLESH_KINDS: readonly FoodKind[] = ['meat', 'fish', 'shellfish']

// What is left of an animal or a plant without its protein. Broth and gravy are mostly water.
const WITHOUT_PROTEIN = new RegExp(
  String.raw`\b(?:fat|oil|tallow|lard|suet|grease|flavor|broth|stock|gravy|sauce|juice|syrup|gum|lecithin|color|sugar)\b` +
    String.raw`|\b(?:fiber|hull|starch|bran|shell|membrane|eggshell|pulp|cellulose)\b|^(?:유|지|향|맛)(?: |$)|지방|오일|기름|육수|전분|섬유|난각`,
)
// Of an animal, but not the flesh that a first ingredient is praised for.
const NOT_FLESH =
  /\b(?:by product|egg|digest|plasma|blood|hydroly[sz](?:ed|ate)|feather|gelatine?|cartilage|collagen|bone broth)\b|부산물|가수 ?분해|혈장/
const CONCENTRATE = /\b(?:protein|gluten|prairie meal|isolate|concentrate)\b|단백|글루텐/

const bringsProtein = ({ words, behind }: Mention) => !WITHOUT_PROTEIN.test(behind) && !WITHOUT_PROTEIN.test(words)

/** Meat, fish, egg, dairy or insect that brings protein, whether its animal is named or not. */
export const isAnimalProtein = ({ mentions, isOfTrace }: UnderstoodIngredient): boolean =>
  !isOfTrace && mentions.some((mention) => ANIMAL_KINDS.includes(mention.meaning.kind) && bringsProtein(mention))

/** A legume, or the protein taken from any plant. Whole cereals are grains, not protein. */
export const isPlantProtein = ({ mentions, isOfTrace }: UnderstoodIngredient): boolean =>
  !isOfTrace && mentions.some((mention) => {
    const { kind } = mention.meaning
    if (kind === 'legume') return bringsProtein(mention)
    return (kind === 'grain' || kind === 'plant') && CONCENTRATE.test(`${mention.words} ${mention.behind}`)
  })

/** A meat, a fish or their meal, with its animal named: "chicken meal" is, "poultry meal" and "chicken by-products" are not. */
export const isNamedFlesh = ({ mentions }: UnderstoodIngredient): boolean =>
  mentions.some((mention) => {
    const { isNamed, kind } = mention.meaning
    return isNamed && FLESH_KINDS.includes(kind) && bringsProtein(mention) && !NOT_FLESH.test(`${mention.before} ${mention.behind}`)
  })

/** An animal source that the label does not name. */
export const isUnnamedAnimal = ({ mentions }: UnderstoodIngredient): boolean =>
  mentions.some(({ meaning: { kind, isNamed } }) => !isNamed && (kind === 'meat' || kind === 'part'))

/**
 * As printed: a food that begins with water or broth does not begin with meat. "Meat (chicken, duck)" names in its
 * bracket what it is.
 */
export function startsWithFlesh(ingredients: readonly UnderstoodIngredient[]): boolean {
  const [first, second] = ingredients
  if (first === undefined) return false
  const isRiddle = first.mentions.length === 0 && !/derivative|by-?product/.test(first.text)
  const isAnswer = second?.within === 0 && !second.isPartial && !second.hasShare && isNamedFlesh(second)
  return isNamedFlesh(first) || (isRiddle && isAnswer)
}
