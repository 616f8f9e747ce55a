import { findBreed } from '../breeds.ts'
import type { AgeStage, HealthConcern } from '../codes.ts'
import type { Pet, PetTraits } from '../pet.ts'
import type { Reason, RunItem } from '../run.ts'
import type { ReasonCode } from '../scoring/reason-codes.ts'
import { allergenName } from '../wording/vocabulary.ts'

/** What an explanation looks at of a pet. */
export type ExplainedPet = PetTraits & Pick<Pet, 'bodyConditionScore'>

/** What is worth looking up for an item; the heavier, the sooner it is told. */
export type Question = { words: string; weight: number }

export const IDEAL_BODY_CONDITION = { from: 4, to: 5 } as const

export const isOverweight = ({ bodyConditionScore, healthConcerns }: ExplainedPet): boolean =>
  bodyConditionScore > IDEAL_BODY_CONDITION.to || healthConcerns.includes('OBESITY')

export const isLargeBreed = ({ species, breedCode }: ExplainedPet): boolean => breedCode !== null && findBreed(species, breedCode)?.size === 'large'

const WEIGHT = { concern: 3, unansweredConcern: 2.5, allergen: 3, harmful: 3, avoidance: 2.5, bodyConditionOff: 2, protein: 2, energy: 1.5, minerals: 1.2, lifeStage: 1, estimated: 1, fat: 0.8, bodyConditionIdeal: 0.5 } as const

const STAGE_WORDS: Record<AgeStage, string> = { PUPPY: 'growing', ADULT: 'adult', SENIOR: 'senior adult' }
const CONCERN_WORDS: Record<HealthConcern, string> = {
  OBESITY: 'obesity overweight weight control', DIABETES: 'diabetes insulin', SKIN_ALLERGY: 'skin allergy itch elimination', SKIN_COAT: 'skin coat omega',
  JOINT: 'joint arthritis mobility', DIGESTIVE: 'digestive stomach gut', URINARY: 'urinary stones', KIDNEY: 'kidney renal', HEART: 'heart cardiac',
  DENTAL: 'dental teeth', IMMUNE: 'immune immunity', EYE: 'eye vision', RESPIRATORY: 'respiratory breathing',
}

type Asked = (reason: Reason, item: RunItem, pet: ExplainedPet) => Question | undefined

const concern = (weight: number): Asked => ({ params }) => {
  const asked = Object.entries(CONCERN_WORDS).find(([code]) => code === params['concern'])
  return asked && { words: asked[1], weight }
}
const energy: Asked = (_reason, _item, { isNeutered }) => ({ words: `daily energy amount kcal ${isNeutered === true ? 'neutered' : ''}`, weight: WEIGHT.energy })
const lifeStage: Asked = () => ({ words: 'life stage complete', weight: WEIGHT.lifeStage })

/** What each reason makes us ask; the others say what needs no reference. */
const ASKED: Partial<Record<ReasonCode, Asked>> = {
  CONCERN_TAG: concern(WEIGHT.concern),
  CONCERN_WORD: concern(WEIGHT.concern),
  CONCERN_EMPHASIZED: concern(WEIGHT.concern),
  CONCERN_UNANSWERED: concern(WEIGHT.unansweredConcern),
  COMMON_ALLERGEN: ({ params }, { product }) => {
    const allergen = product.allergens.find((code) => code === params['allergen'])
    return allergen && { words: `allergy ${allergenName(allergen, 'EN')} reaction`, weight: WEIGHT.allergen }
  },
  HARMFUL_INGREDIENT: ({ params }) => ({ words: `harmful ${String(params['harmful']).toLowerCase().replaceAll('_', ' ')}`, weight: WEIGHT.harmful }),
  NO_EXCLUDED_ALLERGEN: (_reason, _item, { foodAllergies }) =>
    foodAllergies.length === 0 ? undefined : { words: 'allergy avoid strict elimination', weight: WEIGHT.avoidance },
  LIFE_STAGE_MATCH: lifeStage,
  LIFE_STAGE_ALL: lifeStage,
  LIFE_STAGE_OTHER: lifeStage,
  LIFE_STAGE_UNKNOWN: lifeStage,
  AMOUNT_IN_RANGE: energy,
  AMOUNT_NEAR_RANGE: energy,
  AMOUNT_OFF_RANGE: energy,
  AMOUNT_FAR_OFF_RANGE: energy,
  ENERGY_ESTIMATED: () => ({ words: 'energy estimated label', weight: WEIGHT.estimated }),
}

/** Made from the item's reasons, the pet's traits and the product. Each says whom it is about, too. */
export function questionsOf(item: RunItem, pet: ExplainedPet): Question[] {
  const isIdeal = pet.bodyConditionScore >= IDEAL_BODY_CONDITION.from && pet.bodyConditionScore <= IDEAL_BODY_CONDITION.to
  // Which profile of nutrients fits; of anything else they say nothing.
  const needs = [isLargeBreed(pet) ? 'large breed' : '', isOverweight(pet) ? 'little energy' : ''].join(' ')
  const questions: Question[] = [
    ...item.reasons.flatMap((reason) => Object.entries(ASKED).find(([code]) => code === reason.code)?.[1](reason, item, pet) ?? []),
    { words: `protein minimum ${needs}`, weight: WEIGHT.protein },
    { words: `calcium phosphorus minerals ${needs}`, weight: WEIGHT.minerals },
    { words: `fat minimum ${needs}`, weight: WEIGHT.fat },
    { words: 'body condition weight', weight: isIdeal ? WEIGHT.bodyConditionIdeal : WEIGHT.bodyConditionOff },
  ]
  const about = [pet.species.toLowerCase(), STAGE_WORDS[pet.ageStage]]
  if (item.product.form === 'WET') about.push('moist')
  return questions.map(({ words, weight }) => ({ words: [words, ...about].join(' '), weight }))
}
