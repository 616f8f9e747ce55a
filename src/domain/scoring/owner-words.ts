import type { Product } from '../product.ts'
import { alsoCalled } from './ingredient-glossary.ts'

/**
 * A word or phrase that an owner wrote, to be looked for in a label.
 *
 * A word of an alphabet stands as a whole word, in singular or plural: "pea" is in "dried peas", not in "peanut" or
 * "appeal". Korean joins nouns to each other and to their particles without a space (연어오일, 연어를), so a Korean word is
 * found wherever it stands: too much is found now and then (소 in 채소), never too little.
 */
export type OwnerWord = { written: string; standsIn: (folded: string) => boolean }

/** What every comparison is made in: one form of each letter, lower case. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase()
export const tokens = (text: string): string[] => text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
export const isKorean = (word: string): boolean => /\p{Script=Hangul}/u.test(word)

// Folding takes most of the time of a pet with words, and the catalogue's products live as long as their revision.
const foldedTexts = new WeakMap<Product, string>()

/** All that a product says of its ingredients, folded. Where the analysis knows none, its name speaks too. */
export function ingredientText(product: Product): string {
  const known = foldedTexts.get(product)
  if (known !== undefined) return known
  const { ingredients } = product.features
  const folded = fold([product.ingredientsText ?? '', ...(ingredients.length > 0 ? ingredients : [product.productName])].join('\n'))
  foldedTexts.set(product, folded)
  return folded
}

export const findOwnerWord = (words: readonly OwnerWord[], folded: string): OwnerWord | undefined =>
  words.find((word) => word.standsIn(folded))

/** Made once per pet: it compiles patterns. Nothing where the text holds no letter or digit. */
export function ownerWord(written: string): OwnerWord[] {
  const folded = fold(written).trim()
  const patterns = [folded, ...alsoCalled(singulars(folded))].flatMap((name) => pattern(tokens(name)))
  if (patterns.length === 0) return []
  // `includes` first: most labels end there, and a plain search is many times faster than a pattern.
  return [{ written, standsIn: (label) => patterns.some(({ needle, exact }) => label.includes(needle) && exact.test(label)) }]
}

// Hangul beside a Latin word is another word: "salmon오일" holds salmon.
const LETTER = '[[\\p{L}\\p{M}\\p{N}]--\\p{Script=Hangul}]'

function pattern(words: readonly string[]): { needle: string; exact: RegExp }[] {
  const [first, last] = [words[0], words.at(-1)]
  if (first === undefined || last === undefined) return []
  if (words.every(isKorean)) return [{ needle: first, exact: new RegExp(words.join('\\s*'), 'v') }]
  const forms = inflections(last)
  const phrase = [...words.slice(0, -1), `(?:${forms.join('|')})`].join("[\\s\\p{Pd}'’.]{1,3}")
  return [{ needle: words.length > 1 ? first : commonStart(forms), exact: new RegExp(`(?<!${LETTER})${phrase}(?!${LETTER})`, 'v') }]
}

const SHORTEST_SINGULAR = 3

/** Some of these are no words at all ("chees"), and then stand in no label. */
const singulars = (word: string): string[] => [
  word,
  ...[word.replace(/(?<!s)s$/, ''), word.replace(/es$/, ''), word.replace(/ies$/, 'y')].filter((it) => it.length >= SHORTEST_SINGULAR),
]
const inflections = (word: string): string[] =>
  Array.from(new Set([...singulars(word), `${word}s`, `${word}es`, word.replace(/(?<![aeiou])y$/, 'ies')]))

const commonStart = (words: readonly string[]): string =>
  words.reduce((start, word) => {
    let shared = 0
    while (shared < start.length && start[shared] === word[shared]) shared++
    return start.slice(0, shared)
  })
