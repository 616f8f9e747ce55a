import { expect, test } from 'vitest'
import { AGE_STAGES, LIFE_STAGES, type AgeStage, type LifeStage } from '../../../src/domain/codes.ts'
import { BENEFIT_TAGS } from '../../../src/domain/product.ts'
import { CONCERN_OF_TAG } from '../../../src/domain/ingredients/benefits.ts'
import { CONCERN_TAG } from '../../../src/domain/scoring/weights.ts'
import { codes, part, pointsOf, score, type Case } from './score.ts'

test.each([['DOG'], [null]] as const)('species of 20: a dog gets all of it from a product for %s', (species) => {
  expect(part({ product: { species } }, 'species')).toBe(20)
})

const AGE: Record<AgeStage, Record<LifeStage | 'UNKNOWN', number>> = {
  PUPPY: { PUPPY: 25, ADULT: 15, SENIOR: 0, ALL: 20, UNKNOWN: 15 },
  ADULT: { PUPPY: 10, ADULT: 25, SENIOR: 20, ALL: 22, UNKNOWN: 20 },
  SENIOR: { PUPPY: 0, ADULT: 20, SENIOR: 25, ALL: 20, UNKNOWN: 15 },
}
test.each(AGE_STAGES.flatMap((stage) => [...LIFE_STAGES, 'UNKNOWN' as const].map((product) => [stage, product, AGE[stage][product]] as const)))(
  'age of 25: a pet %s with a product %s is %i',
  (ageStage, stage, points) => expect(part({ pet: { ageStage }, product: { features: { lifeStage: stage === 'UNKNOWN' ? null : stage } } }, 'age')).toBe(points),
)

test.each([
  ['PUPPY', 'SENIOR', -20],
  ['SENIOR', 'PUPPY', -15],
  ['ADULT', 'PUPPY', undefined],
  ['PUPPY', 'ADULT', undefined],
] as const)('the penalty of a pet %s with a product %s is %s', (ageStage, lifeStage, points) => {
  expect(pointsOf({ pet: { ageStage }, product: { features: { lifeStage } } }, 'AGE_PENALTY')).toBe(points)
})

test.each<[string, Case, number]>([
  ['no concern', {}, 0],
  ['a tag: 8 x 1.5', { pet: { healthConcerns: ['JOINT'] }, product: { features: { benefitTags: ['joint'] } } }, 12],
  ['a word: 8 x 1.0', { pet: { healthConcerns: ['JOINT'] }, product: { features: { concernWords: ['JOINT'] } } }, 8],
  ['tag and word count as the tag', { pet: { healthConcerns: ['JOINT'] }, product: { features: { benefitTags: ['joint'], concernWords: ['JOINT'] } } }, 12],
  ['no answer', { pet: { healthConcerns: ['KIDNEY'] }, product: { features: { benefitTags: ['joint'] } } }, 0],
  ['one concern twice', { pet: { healthConcerns: ['DENTAL', 'DENTAL'] }, product: { features: { benefitTags: ['dental'] } } }, 9],
  ['eyes, only by a word: 5', { pet: { healthConcerns: ['EYE'] }, product: { features: { concernWords: ['EYE'] } } }, 5],
  ['capped: (10 + 9 + 8) x 1.5 = 40.5', {
    pet: { healthConcerns: ['OBESITY', 'KIDNEY', 'SKIN_ALLERGY'] }, product: { features: { benefitTags: ['weight', 'kidney', 'hypoallergenic'] } },
  }, 30],
  ['priority: 9 x 1.5 x 1.5', {
    pet: { healthConcerns: ['KIDNEY'] }, preferences: { healthConcernPriority: true }, product: { features: { benefitTags: ['kidney'] } },
  }, 20.25],
  ['priority refused this once', {
    pet: { healthConcerns: ['KIDNEY'] }, preferences: { healthConcernPriority: true }, conditions: { healthConcernPriority: false },
    product: { features: { benefitTags: ['kidney'] } },
  }, 13.5],
  ['emphasized stands in: 7 x 2, the joint is not asked for', {
    pet: { healthConcerns: ['JOINT'] }, conditions: { emphasizedConcerns: ['HEART'] }, product: { features: { benefitTags: ['heart', 'joint'] } },
  }, 14],
  ['emphasized by a word: 7 x 2', { conditions: { emphasizedConcerns: ['HEART'] }, product: { features: { concernWords: ['HEART'] } } }, 14],
  ['emphasized with priority: 6 x 2 x 1.5', {
    conditions: { emphasizedConcerns: ['IMMUNE'], healthConcernPriority: true }, product: { features: { benefitTags: ['immune'] } },
  }, 18],
  ['an empty emphasis has no effect', {
    pet: { healthConcerns: ['JOINT'] }, conditions: { emphasizedConcerns: [] }, product: { features: { benefitTags: ['joint'] } },
  }, 12],
])('health of 30 with %s', (_, it, points) => expect(part(it, 'health')).toBe(points))

test('the label analysis and the rules agree on which tag answers which concern', () => {
  expect(BENEFIT_TAGS.map((tag) => CONCERN_TAG[CONCERN_OF_TAG[tag]])).toEqual([...BENEFIT_TAGS])
})

test.each<[string, Case, number]>([
  ['mixed', { product: { features: { isGrainFree: true, benefitTags: ['joint'] } } }, 10],
  ['unknown', { pet: { breedCode: 'NO_SUCH_BREED' } }, 10],
  ['small with nothing for it', { pet: { breedCode: 'MALTESE' } }, 10],
  ['small, hypoallergenic', { pet: { breedCode: 'MALTESE' }, product: { features: { benefitTags: ['hypoallergenic'] } } }, 13],
  ['small, grain-free', { pet: { breedCode: 'MALTESE' }, product: { features: { isGrainFree: true } } }, 15],
  ['small, all three, capped', {
    pet: { breedCode: 'MALTESE' }, product: { features: { isGrainFree: true, breedSizes: ['small'], benefitTags: ['hypoallergenic'] } },
  }, 15],
  ['small, a food for large', { pet: { breedCode: 'MALTESE' }, product: { features: { breedSizes: ['large'], benefitTags: ['joint'] } } }, 10],
  ['large, joint', { pet: { breedCode: 'LABRADOR_RETRIEVER' }, product: { features: { benefitTags: ['joint'] } } }, 15],
  ['giant, a food for large', { pet: { breedCode: 'GREAT_DANE' }, product: { features: { breedSizes: ['medium', 'large'] } } }, 15],
  ['large, grain-free', { pet: { breedCode: 'LABRADOR_RETRIEVER' }, product: { features: { isGrainFree: true } } }, 10],
  ['medium', { pet: { breedCode: 'BORDER_COLLIE' }, product: { features: { isGrainFree: true, breedSizes: ['medium'] } } }, 10],
  ['flat-faced, weight', { pet: { breedCode: 'FRENCH_BULLDOG' }, product: { features: { benefitTags: ['weight'] } } }, 15],
  ['flat-faced and small, capped', { pet: { breedCode: 'PUG' }, product: { features: { isGrainFree: true, benefitTags: ['weight'] } } }, 15],
  ['a large cat, joint', { pet: { species: 'CAT', breedCode: 'MAINE_COON' }, product: { species: 'CAT', features: { benefitTags: ['joint'] } } }, 15],
  ['a flat-faced cat', { pet: { species: 'CAT', breedCode: 'PERSIAN' }, product: { species: 'CAT', features: { benefitTags: ['weight'] } } }, 15],
])('breed of 15, %s', (_, it, points) => expect(part(it, 'breed')).toBe(points))

test('fitness is the sum of its parts, capped at 100', () => {
  // 20 + 25 + 30 + 15 + 15 = 105: 165.7 g is just under the 180 to 350 g of a 10 kg dog.
  const it: Case = {
    pet: { breedCode: 'MALTESE', healthConcerns: ['OBESITY', 'JOINT', 'HEART'], isNeutered: true },
    product: { features: { isGrainFree: true, benefitTags: ['joint', 'heart', 'dental'], concernWords: ['OBESITY'] } },
  }
  expect(score(it).scoreComponents.slice(3).map(({ points }) => points)).toEqual([20, 25, 30, 15, 15])
  expect(score(it).fitnessScore).toBe(100)
  expect(codes(it)).toContain('CAPPED_AT_MAXIMUM')
})

test('the preset VALUE counts health and breed at four fifths', () => {
  const it: Case = { pet: { healthConcerns: ['JOINT'] }, product: { features: { benefitTags: ['joint'] } } }
  // 20 + 25 + 12 + 10 + 20 = 87; a fifth of 22 is 4.4.
  expect(score(it).fitnessScore).toBe(87)
  expect(score({ ...it, preferences: { weightsPreset: 'VALUE' } }).fitnessScore).toBe(82.6)
})
