import type { Label, ProductFeatures } from '../product.ts'
import { isAdditive } from './additives.ts'
import { findBenefits } from './benefits.ts'
import { breedSizesOf } from './breed-size.ts'
import { findConcernWords } from './concern-words.ts'
import { bestEvidence, findAllergenEvidence } from './find-allergens.ts'
import { isGrain } from './grains.ts'
import { findHarmful } from './harmful.ts'
import { normaliseText } from './ingredient-names.ts'
import { lifeStageOf } from './life-stage.ts'
import { allergensFromName } from './name-evidence.ts'
import { parseIngredients } from './parse-ingredients.ts'
import { isAnimalProtein, isPlantProtein, startsWithFlesh } from './protein-sources.ts'
import { proteinQualityOf, qualityScoreOf } from './quality-score.ts'
import { understand, type UnderstoodIngredient } from './understand.ts'

/**
 * Everything that is concluded from a label. Pure and total: any text is analysed, in time linear in its length.
 * Where ingredients are not known `ingredients` is empty, allergens come from the name, and nothing counts as free of
 * grain: whoever must exclude an allergen cannot rely on such a product.
 */
export function analyseLabel(label: Label): ProductFeatures {
  const { understood, listed, isKnown } = read(label)
  const ingredients = isKnown ? listed : []
  const name = normaliseText(label.productName)
  const front = normaliseText([label.productName, ...label.claims].join(', '))
  const list = normaliseText(label.ingredientsText ?? '')

  const grains = textsOf(ingredients.filter(isGrain))
  const benefitTags = findBenefits(front, list)
  const firstIngredientIsMeat = startsWithFlesh(ingredients)
  const proteinQuality = proteinQualityOf(ingredients)
  const harmful = findHarmful(listed)
  const found = { proteinQuality, firstIngredientIsMeat, harmful, benefitTags }

  return {
    ...found,
    ingredients: textsOf(ingredients),
    animalProteins: textsOf(ingredients.filter(isAnimalProtein)),
    plantProteins: textsOf(ingredients.filter(isPlantProtein)),
    grains,
    additives: textsOf(ingredients.filter(({ text }) => isAdditive(text))),
    allergens: bestEvidence(evidenceIn(label, { understood, isKnown })),
    isGrainFree: isKnown && grains.length === 0,
    lifeStage: lifeStageOf(label.lifeStage, name),
    breedSizes: breedSizesOf(label.breedSizeLabel === null ? null : normaliseText(label.breedSizeLabel), name),
    concernWords: findConcernWords(`${front}, ${list}`, benefitTags),
    qualityScore: qualityScoreOf(ingredients, found, label.nutrition, label.species),
  }
}

/** What `analyseLabel` chooses from: every ingredient that holds an allergen, not only the one that shows it best. */
export function allergenEvidence(label: Label): ProductFeatures['allergens'] {
  return evidenceIn(label, read(label))
}

function evidenceIn(label: Label, { understood, isKnown }: Pick<ReturnType<typeof read>, 'understood' | 'isKnown'>): ProductFeatures['allergens'] {
  if (isKnown) return findAllergenEvidence(understood)
  return allergensFromName(label.productName, [...label.claims, normaliseText(label.ingredientsText ?? '')])
}

function read(label: Label): { understood: UnderstoodIngredient[]; listed: UnderstoodIngredient[]; isKnown: boolean } {
  const understood = understand(parseIngredients(label.ingredientsText ?? ''))
  const listed = understood.filter((it) => !it.isNote)
  // Some labels print praise where the list should be. Where no word of it is food, the ingredients are not known.
  const isKnown = listed.some(({ mentions }) => mentions.some(({ meaning }) => meaning.kind !== 'other'))
  return { understood, listed, isKnown }
}

/** In label order, each once. */
const textsOf = (ingredients: readonly UnderstoodIngredient[]): string[] => [...new Set(ingredients.map(({ text }) => text))]
