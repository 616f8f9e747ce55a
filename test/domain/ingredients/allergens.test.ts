import { expect, test } from 'vitest'
import { analyseLabel } from '../../../src/domain/ingredients/analyse.ts'
import { allergensIn, analyseText, labelOf, shortForm } from './label.ts'

const ANY_MEAT = ['BEEF?', 'CHICKEN?', 'TURKEY?', 'DUCK?', 'PORK?', 'LAMB?']

test.each([
  ['buckwheat', []],
  ['eggplant', []],
  ['coconut milk, milk thistle, cocoa butter, butternut squash', []],
  ['peanut, peacock feather, pear, chickpeas, chick peas, sweet peas', []],
  ['sweet potatoes, sweet potato starch', []],
  ['kidney beans, artichoke hearts, vegetable broth', []],
  ['peppercorns, lactobacillus acidophilus, calcium lactate', []],
  ['turkey tail mushroom, lamb\'s lettuce, duckweed', []],
  ['tapioca starch, sunflower lecithin, omega 3 fatty acids', []],
  ['rabbit liver, venison, quail, mussels, crickets', []],
  ['gluten-free oats', []],
])('%s hides no allergen, although it sounds like one', (text, allergens) => expect(allergensIn(text)).toEqual(allergens))

test.each([
  ['corn-fed chicken', ['CHICKEN']],
  ['chicken, free range', ['CHICKEN']],
  ['chicken free range', ['CHICKEN']],
  ['rice bran', ['RICE']],
  ['dried whole eggs', ['EGG']],
  ['chicken eggs', ['CHICKEN?', 'EGG']],
  ["goat's milk", ['DAIRY']],
  ['wild boar', ['PORK']],
  ['spelt and durum', ['WHEAT']],
  ['prairie meal', ['CORN']],
  ['tofu', ['SOY']],
  ['parmesan', ['DAIRY']],
  ['cod liver', ['FISH']],
  ['pea-protein, green peas', ['PEA']],
  ['full fat soya', ['SOY']],
  ['Irish Turkey Leg & Whole Duck', ['TURKEY', 'DUCK']],
])('%s holds its allergen', (text, allergens) => expect(allergensIn(text)).toEqual(allergens))

test.each([
  ['chicken fat', ['CHICKEN?']],
  ['fish oil', ['FISH?']],
  ['hydrolysed chicken liver', ['CHICKEN?']],
  ['salmon hydrolysate', ['FISH?']],
  ['natural chicken flavour', ['CHICKEN?']],
  ['soya oil, soy lecithin', ['SOY?']],
  ['lard', ['PORK?']],
  ['bison', ['BEEF?']],
  ['kelp, carrots, may contain traces of egg', ['EGG?']],
])('%s counts, with low confidence', (text, allergens) => expect(allergensIn(text)).toEqual(allergens))

test.each([
  ['poultry', ['CHICKEN?', 'TURKEY?', 'DUCK?']],
  ['poultry fat', ['CHICKEN?', 'TURKEY?', 'DUCK?']],
  ['poultry meat meal', ['CHICKEN?', 'TURKEY?', 'DUCK?']],
  ['meat and animal derivatives', ANY_MEAT],
  ['liver', ANY_MEAT],
  ['animal fat', ANY_MEAT],
  ['meat by-products', ['BEEF?', 'PORK?', 'LAMB?']],
  ['cereals', ['WHEAT?', 'CORN?', 'RICE?']],
  ['derivatives of vegetable origin', ['WHEAT?', 'CORN?', 'SOY?', 'RICE?', 'POTATO?', 'PEA?']],
  ['vegetable oil', ['CORN?', 'SOY?']],
  ['gelatin', ['BEEF?', 'PORK?']],
  ['lecithin', ['SOY?']],
])('an unnamed source (%s) counts as all it may hold', (text, allergens) => expect(allergensIn(text)).toEqual(allergens))

test('a bracket that says what an unnamed source is takes the guessing away', () => {
  expect(allergensIn('animal fat (from pork)')).toEqual(['PORK?'])
  expect(allergensIn('poultry (chicken, turkey)')).toEqual(['CHICKEN', 'TURKEY'])
  expect(allergensIn('fresh chicken giblets (liver, heart)')).toEqual(['CHICKEN'])
  expect(allergensIn('vegetable oil (coconut, palm)')).toEqual([])
})

test('a bracket that names a share of an unnamed source leaves the rest unknown', () => {
  expect(allergensIn('meat and animal derivatives (4% duck)')).toEqual(['BEEF?', 'CHICKEN?', 'TURKEY?', 'DUCK', 'PORK?', 'LAMB?'])
  expect(allergensIn('poultry (including turkey)')).toEqual(['CHICKEN?', 'TURKEY', 'DUCK?'])
  expect(allergensIn('fresh meat and fish')).toEqual([...ANY_MEAT, 'FISH'])
  expect(allergensIn('tuna and liver')).toEqual([...ANY_MEAT, 'FISH'])
  expect(allergensIn('chicken & seafood flavour')).toEqual(['CHICKEN', 'FISH?'])
  expect(allergensIn('low fat gravy')).toEqual(ANY_MEAT)
})

test('a bracket that is never closed explains nothing', () => {
  expect(allergensIn('animal fat (preserved with BHA, lamb, rice')).toEqual(['BEEF?', 'CHICKEN?', 'TURKEY?', 'DUCK?', 'PORK?', 'LAMB?', 'RICE?'])
})

test('duck hearts and liver are only duck', () => expect(allergensIn('duck hearts and liver')).toEqual(['DUCK']))

test.each([
  ['Chiken meal', ['CHICKEN']],
  ['mackeral', ['FISH']],
  ['salmonoil', ['FISH?']],
  ['lambtripe', ['LAMB']],
  ['DriedPotato', ['POTATO']],
  ['chic\u00adken', ['CHICKEN']],
  ['ＣＨＩＣＫＥＮ', ['CHICKEN']],
  ['thickened water', []],
])('%s is read through its misprint', (text, allergens) => expect(allergensIn(text)).toEqual(allergens))

test.each([
  ['닭고기 분말, 연어오일', ['CHICKEN', 'FISH?']],
  ['치킨밀', ['CHICKEN']],
  ['치킨 밀', ['CHICKEN']],
  ['밀, 쌀가루', ['WHEAT', 'RICE']],
  ['메밀, 오트밀, 호밀, 밀크씨슬', []],
  ['땅콩, 병아리 콩, 강낭콩, 홍콩야자', []],
  ['완두 콩', ['PEA']],
  ['대두유', ['SOY?']],
  ['돼지감자, 고구마', []],
  ['오리지널, 육수', ANY_MEAT],
  ['오리고기, 칠면조', ['TURKEY', 'DUCK']],
  ['채소, 효소, 소금', []],
  ['건조 영양간식, 오리가노, 해조류, 콜라드', []],
  ['물고기, 유지방', ['FISH', 'DAIRY?']],
  ['소고기, 양고기, 계란, 우유', ['BEEF', 'LAMB', 'EGG', 'DAIRY']],
  ['가수분해 닭고기', ['CHICKEN?']],
  ['가금류', ['CHICKEN?', 'TURKEY?', 'DUCK?']],
  ['옥수수글루텐, 감자전분', ['CORN', 'POTATO']],
])('Korean: %s', (text, allergens) => expect(allergensIn(text)).toEqual(allergens))

test('the evidence is the label\'s own words, and the best there is', () => {
  expect(analyseText('Chicken Fat (4%), Deboned Chicken').allergens).toEqual([{ allergen: 'CHICKEN', confidence: 'high', ingredient: 'deboned chicken' }])
})

test('no claim takes away what the list holds, and no name adds to it', () => {
  const label = labelOf({ productName: 'Chicken-Free Beef Dinner', claims: ['Chicken-Free', 'Pea-Free'], ingredientsText: 'lamb, chicken fat, peas' })
  expect(shortForm(analyseLabel(label).allergens)).toEqual(['CHICKEN?', 'LAMB', 'PEA'])
})

test('without a list the name is the only evidence, with low confidence, and what it denies is not in it', () => {
  const label = labelOf({ productName: 'Grain-Free Salmon & Egg, Chicken-Free', claims: ['No Corn No Wheat No Soy'] })
  expect(shortForm(analyseLabel(label).allergens)).toEqual(['FISH?', 'EGG?'])
  expect(shortForm(analyseLabel({ ...label, ingredientsText: 'The recipe is suitable for sensitive cats.' }).allergens)).toEqual(['FISH?', 'EGG?'])
  expect(shortForm(analyseLabel(labelOf({ productName: 'Chicken Free Range' })).allergens)).toEqual(['CHICKEN?'])
})
