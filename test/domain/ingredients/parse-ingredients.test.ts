import { expect, test } from 'vitest'
import { analyseText } from './label.ts'

test.each([
  ['Meat and Animal Derivatives (4% Chicken), Cereals', ['meat and animal derivatives', 'chicken', 'cereals']],
  ['Cereals including 4% rice, Oils and Fats', ['cereals', 'rice', 'oils and fats']],
  ['Chicken Fat (Preserved with Mixed Tocopherols & Citric Acid)', ['chicken fat', 'mixed tocopherols', 'citric acid']],
  ['Beef Fat preserved with BHA', ['beef fat', 'bha']],
  ['Vitamins [Vitamin E, Niacin {B3} (Yeast)], Salt', ['vitamins', 'vitamin e', 'niacin', 'b3', 'yeast', 'salt']],
  ['Ingredients: Lamb (min. 26%), Rice 4.5 %; Peas • Kelp', ['lamb', 'rice', 'peas', 'kelp']],
  ['Contains one or more of the following: oats, rye', ['oats', 'rye']],
  ['Turkey, Salt. B123456', ['turkey', 'salt']],
  ['Glucosamine 1,200 mg/kg, 2% Herring', ['glucosamine', 'herring']],
  ['dried peas and carrots', ['dried peas', 'carrots']],
  ['lamb, natural and artificial flavors, mono and dicalcium phosphate', ['lamb', 'natural and artificial flavors', 'mono and dicalcium phosphate']],
  ['Salmon Meal (source of Omega 3), Apple (dried)', ['salmon meal', 'apple']],
  ['the season\'s dried fish, lamb', ['the season\'s dried fish', 'lamb']],
  ['Lamb, reduced iron, mixed tocopherols (a preservative), Preservatives', ['lamb', 'reduced iron', 'mixed tocopherols', 'preservatives']],
  ['Lamb (unclosed, Rice', ['lamb', 'unclosed', 'rice']],
  ['Lamb), Rice]', ['lamb', 'rice']],
  ['L. acidophilus, Oat*, <i>Rye</i>', ['l. acidophilus', 'oat', 'rye']],
  ['닭고기（60%）、쌀·감자', ['닭고기', '쌀', '감자']],
  ['Lamb, Rice, lamb', ['lamb', 'rice']],
  [' ,;. %', []],
])('%s', (text, ingredients) => expect(analyseText(text).ingredients).toEqual(ingredients))
