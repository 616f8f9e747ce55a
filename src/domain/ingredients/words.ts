import { repairSpelling } from './spelling.ts'

/** Stands between two things of a list, so that what is said of one is not believed of the other. */
export const BARRIER = ','
const BARRIER_WORDS = new Set(['and', 'or', 'with', 'in', 'plus', 'including'])

/**
 * One step of a text: a Latin word in the singular, a number, one Hangul syllable, or BARRIER. Korean is
 * written with and without spaces ("병아리 콩", "병아리콩"), so its unit is the syllable; `starts` and `ends`
 * tell where its writer put the edges of a word.
 */
export type Unit = { text: string; starts: boolean; ends: boolean }

const STEP = /(?<latin>(?:(?![\uac00-\ud7a3])\p{L})+)|(?<hangul>[\uac00-\ud7a3]+)|(?<digits>\d+)|(?<barrier>[&+/,;:|()[\]{}])/gu

/** The units of a text in order. Linear in its length, whatever it holds. */
export function toUnits(text: string): Unit[] {
  const units: Unit[] = []
  for (const { groups } of foldAccents(text).matchAll(STEP)) {
    if (groups?.['hangul'] !== undefined) units.push(...syllables(groups['hangul']))
    else if (groups?.['latin'] !== undefined) units.push(...latinWords(groups['latin']).map(whole))
    else if (groups?.['digits'] !== undefined) units.push(whole(groups['digits']))
    else units.push(whole(BARRIER))
  }
  return units
}

const whole = (text: string): Unit => ({ text, starts: true, ends: true })

const syllables = (run: string): Unit[] =>
  Array.from(run, (text, at) => ({ text, starts: at === 0, ends: at === run.length - 1 }))

// "purée" is written "puree" as often. Taken apart and put together again, so that Hangul comes back whole.
const foldAccents = (text: string) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').normalize('NFC').replace(/['’](?:s\b)?/g, '')

function latinWords(word: string): string[] {
  if (BARRIER_WORDS.has(word)) return [BARRIER]
  return unglue(repairSpelling(singular(word))).map(repairSpelling)
}

// Labels lose spaces ("salmonoil", "lambtripe") and write compounds both ways ("fish meal", "fishmeal").
// The dictionaries pass through the same split, so an entry need only be written once.
const HEADS = ['freezedried', 'dehydrated', 'dried', 'deboned', 'organic', 'fresh', 'whole', 'ground', 'raw']
const TAILS = [
  'meal', 'oil', 'fat', 'liver', 'tripe', 'gizzard', 'heart', 'meat', 'bran', 'flake', 'flour', 'feed', 'germ', 'gluten', 'starch',
  'protein', 'broth',
]
const SHORTEST_REST = 3

function unglue(word: string): string[] {
  const head = HEADS.find((it) => word.startsWith(it) && word.length >= it.length + SHORTEST_REST)
  if (head !== undefined) return [head, ...unglue(word.slice(head.length))]
  const tail = TAILS.find((it) => word.endsWith(it) && word.length >= it.length + SHORTEST_REST)
  return tail === undefined ? [word] : [word.slice(0, -tail.length), tail]
}

function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word
  if (/.{2}ies$/.test(word)) return word.slice(0, -3) + 'y'
  if (/(?:oes|sses|shes|ches|xes)$/.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}
