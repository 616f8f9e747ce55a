import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Allergen } from '../../../src/domain/codes.ts'
import { analyseText } from './label.ts'

const file = join(process.env['PETFOOD_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'), 'products.ndjson')
const isAway = !existsSync(file)
if (isAway) console.warn(`Skipped: no real labels at ${file}; PETFOOD_DATA may name their folder.`)

const rowSchema = z.object({ productName: z.string(), ingredientsText: z.string().nullable() })
const labels = isAway
  ? []
  : readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => rowSchema.parse(JSON.parse(line)))
      .flatMap(({ productName, ingredientsText }) => (ingredientsText === null ? [] : [{ productName, text: ingredientsText, features: analyseText(ingredientsText) }]))

/** Where the word stands, the allergen must be; what is taken out first only sounds like it. */
const MUST_FIND: readonly (readonly [Allergen, RegExp, RegExp])[] = [
  ['CHICKEN', /\bchicken\b/i, /(?!)/],
  ['TURKEY', /\bturkey\b/i, /(?!)/],
  ['DUCK', /\bducks?\b/i, /(?!)/],
  ['BEEF', /\b(?:beef|veal)\b/i, /(?!)/],
  ['PORK', /\b(?:pork|porcine|ham|bacon)\b/i, /(?!)/],
  ['LAMB', /\b(?:lamb|mutton)\b/i, /(?!)/],
  ['FISH', /\b(?:fish|salmon|tuna|herring|trout|mackerel|cod|sardines?)\b/i, /(?!)/],
  ['EGG', /\beggs?\b/i, /(?!)/],
  ['DAIRY', /\b(?:milk|cheese|whey|caseinate)\b/i, /coconut milk|milk thistle/gi],
  ['WHEAT', /\bwheat\b/i, /(?!)/],
  ['CORN', /\b(?:corn|maize)\b/i, /(?!)/],
  ['SOY', /\b(?:soy|soya|soybeans?)\b/i, /(?!)/],
  ['RICE', /\brice\b/i, /(?!)/],
  ['POTATO', /\bpotato(?:es)?\b/i, /sweet potato(?:es)?/gi],
  ['PEA', /\bpeas?\b/i, /chick peas?/gi],
]

test.skipIf(isAway).each(MUST_FIND)('every real label with a word for %s has the allergen', (allergen, word, lookalike) => {
  const missed = labels.filter(({ text, features }) => word.test(text.replace(lookalike, ' ')) && !features.allergens.some((it) => it.allergen === allergen))
  expect(missed.map(({ productName }) => productName)).toEqual([])
})

test.skipIf(isAway)('no name taken from a real label keeps a bracket or a percent sign', () => {
  const unclean = labels.flatMap(({ features }) => features.ingredients.filter((it) => /[()[\]{}%<>*]/.test(it)))
  expect(unclean).toEqual([])
})

test.skipIf(isAway)('real labels come apart into single ingredients', () => {
  const whole = labels.filter(({ text, features }) => text.length > 400 && features.ingredients.length > 0 && features.ingredients.length < 5)
  expect(whole.map(({ productName }) => productName)).toEqual([])
})
