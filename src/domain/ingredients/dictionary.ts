import type { Allergen } from '../codes.ts'
import type { Confidence } from '../product.ts'
import { ENGLISH } from './dictionary-english.ts'
import { ENGLISH_LOOKALIKES } from './dictionary-lookalikes.ts'
import { KOREAN } from './dictionary-korean.ts'
import { createPhraseMatcher, splitPhrases } from './phrase-matcher.ts'

/** `part`: of an animal, of whichever (liver, bone). `extract`: of an animal or a plant (broth, stock). */
export type FoodKind =
  | 'meat' | 'part' | 'fish' | 'shellfish' | 'insect' | 'egg' | 'dairy'
  | 'grain' | 'legume' | 'plant'
  | 'fat' | 'extract' | 'other'

/**
 * What a word of a label means. `isNamed`: the source is said ("chicken", "maize"). Where it is not ("poultry",
 * "liver", "cereals"), the row lists what may be behind it, and counts only if nothing beside it says more:
 * the liver of "rabbit liver" is no mystery, the liver of a plain "liver" is.
 */
export type Meaning = { kind: FoodKind; isNamed: boolean; allergens: readonly Allergen[]; confidence: Confidence }
export type DictionaryRow = Meaning & { words: string }

/** English and Korean in one matcher, so that the longest phrase wins across all tables. */
export const findMeanings = createPhraseMatcher<Meaning>(
  [...ENGLISH_LOOKALIKES, ...ENGLISH, ...KOREAN].flatMap(({ words, ...meaning }) =>
    splitPhrases(words).map((phrase) => [phrase, meaning] as const),
  ),
)
