import { expect, test } from 'vitest'
import { analyseLabel } from '../../../src/domain/ingredients/analyse.ts'
import { analyseText, labelOf, UNKNOWN_NUTRITION } from './label.ts'

const harmfulIn = (text: string) => analyseText(text).harmful.map(({ code }) => code)
const tagsOf = (productName: string, ingredientsText: string) => analyseLabel(labelOf({ productName, ingredientsText })).benefitTags

test('ingredients are told apart by what they bring', () => {
  const { animalProteins, plantProteins, grains, additives } = analyseText(
    'Duck, poultry meal, duck fat, barley, wheat gluten, lentils, pea fibre, animal fat (from pork), guar gum, added colour, taurine',
  )
  expect(animalProteins).toEqual(['duck', 'poultry meal'])
  expect(plantProteins).toEqual(['wheat gluten', 'lentils'])
  expect(grains).toEqual(['barley', 'wheat gluten'])
  expect(additives).toEqual(['guar gum', 'added colour'])
})

test('free of grain is what the list is, whatever is claimed', () => {
  expect(analyseLabel(labelOf({ claims: ['Grain-Free'], ingredientsText: 'turkey, brown rice' })).isGrainFree).toBe(false)
  expect(analyseText('turkey, quinoa, buckwheat, corn oil').isGrainFree).toBe(true)
  expect(analyseText('turkey, derivatives of vegetable origin').isGrainFree).toBe(false)
  expect(analyseLabel(labelOf({ claims: ['Grain-Free'] })).isGrainFree).toBe(false)
})

test.each([
  ['chicken (30%), rice', true],
  ['herring meal, peas', true],
  ['pork liver, rice', true],
  ['meat (beef, lamb), rice', true],
  ['meat and animal derivatives (4% beef)', false],
  ['poultry meal, rice', false],
  ['chicken by-product meal', false],
  ['chicken fat, rice', false],
  ['chicken broth, chicken', false],
  ['hydrolysed chicken, rice', false],
  ['rice, chicken', false],
])('%s begins with meat: %s', (text, expected) => expect(analyseText(text).firstIngredientIsMeat).toBe(expected))

test.each([
  ['salmon, turkey meal, peas', 'high'],
  ['salmon, peas, soy flour, rice', 'medium'],
  ['lamb, liver, rice', 'medium'],
  ['meat and animal derivatives, cereals', 'low'],
])('the protein of %s is %s', (text, expected) => expect(analyseText(text).proteinQuality).toBe(expected))

test.each([
  ['beef, caramel color, red 40', ['ARTIFICIAL_COLOUR']],
  ['beef, artificial and natural flavors', ['ARTIFICIAL_FLAVOUR']],
  ['fat (preserved with BHA/BHT), ethoxyquin', ['BHA', 'BHT', 'ETHOXYQUIN']],
  ['beef, preservatives (calcium propionate, BHT)', ['BHT']],
  ['beef, propylene glycol', ['PROPYLENE_GLYCOL']],
  ['beef, corn syrup, cane molasses', ['CORN_SYRUP', 'ADDED_SUGAR']],
  ['소고기, 설탕, 에톡시퀸', ['ETHOXYQUIN', 'ADDED_SUGAR']],
  ['beef, salt', ['EXCESS_SALT']],
  ['beef, rice, oats, peas, kelp, carrots, apple, salt', []],
  ['beef, vegetable juice for color, propylene glycol alginate', []],
  ['beef, sugar beet pulp, unmolassed beet pulp, fructooligosaccharides, beet pulp (sugar removed)', []],
  ['beef. No artificial colours, no added sugar', []],
])('harmful in %s: %j', (text, codes) => expect(harmfulIn(text)).toEqual(codes))

test('every harmful ingredient says how bad it is, and in which words', () => {
  expect(analyseText('beef, rice, peas, oats (BHA as a preservative)').harmful).toEqual([{ code: 'BHA', severity: 4, ingredient: 'bha' }])
})

test('benefits come from the name, the claims and the active ingredients', () => {
  expect(tagsOf('Sensitive Skin & Stomach', 'lamb')).toEqual(['digestive', 'skin_coat'])
  expect(tagsOf('Dinner', 'lamb, glucosamine, chicory root, L-carnitine, taurine, beta-glucans')).toEqual(['joint', 'weight', 'digestive', 'immune', 'heart'])
  expect(tagsOf('Steak & Kidney', 'beef heart, chicken hearts')).toEqual([])
  expect(tagsOf('관절 케어', '연어, 글루코사민')).toEqual(['joint'])
  expect(analyseLabel(labelOf({ claims: ['Limited Ingredient Diet', 'Weight Control'], ingredientsText: 'lamb' })).benefitTags).toEqual(['weight', 'hypoallergenic'])
})

test('a concern has a word only where no tag answers it', () => {
  const { benefitTags, concernWords } = analyseLabel(labelOf({ productName: 'Urinary Care', ingredientsText: 'duck, cranberries, lutein' }))
  expect(benefitTags).toEqual(['urinary'])
  expect(concernWords).toEqual(['EYE'])
})

test.each([
  ['Puppy Chicken', 'PUPPY'],
  ['Kitten & Adult', 'ALL'],
  ['Adult 7+ Lamb', 'SENIOR'],
  ['For All Life Stages', 'ALL'],
  ['Adult Duck', 'ADULT'],
  ['시니어 강아지 사료', 'SENIOR'],
  ['강아지 사료', null],
])('%s is for %s', (productName, stage) => expect(analyseLabel(labelOf({ productName })).lifeStage).toBe(stage))

test('the printed life stage stands above the name', () => {
  expect(analyseLabel(labelOf({ productName: 'Puppy', lifeStage: 'ALL' })).lifeStage).toBe('ALL')
})

test.each([
  ['Large & giant breeds', 'Dinner', ['large']],
  ['Toy, small & medium breeds', 'Dinner', ['small', 'medium']],
  ['Small, medium & large breeds', 'Dinner', []],
  ['All dogs except toy breeds', 'Dinner', []],
  ['French Bulldogs', 'Dinner', ['small']],
  [null, 'Small & Medium Breed Adult', ['small', 'medium']],
  [null, 'Duck, Small Bites', []],
  [null, '대형견 사료', ['large']],
])('%s / %s is for sizes %j', (breedSizeLabel, productName, sizes) =>
  expect(analyseLabel(labelOf({ breedSizeLabel, productName })).breedSizes).toEqual(sizes))

test('the quality score prefers named meat and rich protein, and takes off for what is harmful or unnamed', () => {
  const score = (ingredientsText: string) => analyseText(ingredientsText).qualityScore
  expect(score('salmon, turkey meal, peas')).toBeGreaterThan(score('salmon, turkey meal, peas, BHA'))
  expect(score('salmon, poultry meal, peas')).toBeLessThan(score('salmon, turkey meal, peas'))
  expect(score('meat and animal derivatives, cereals, various sugars, ethoxyquin')).toBeLessThan(10)
  expect(analyseLabel(labelOf({})).qualityScore).toBe(0)
  const rich = labelOf({ ingredientsText: 'salmon, peas', nutrition: { ...UNKNOWN_NUTRITION, proteinPct: 12, moisturePct: 70 } })
  expect(analyseLabel(rich).qualityScore).toBeGreaterThan(score('salmon, peas'))
})
