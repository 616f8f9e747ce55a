import { cleanName, isNoise, isNote, normaliseText, splitConjunction, splitInclusion } from './ingredient-names.ts'

/**
 * One thing a label names. `within` is the index of what its bracket belongs to: in "animal fat (from chicken)"
 * chicken stands within animal fat. `isPartial`: its head holds more than it ("including chicken"). `hasShare`: a
 * percentage stands with it or with a neighbour in its bracket. `isNote`: the label remarks something ("source of
 * vitamin E", "may contain traces of nuts").
 */
export type Ingredient = { text: string; within: number | null; isPartial: boolean; hasShare: boolean; isNote: boolean }

type Bracket = { opened: number; head: number | null; isPartial: boolean; hasShare: boolean; isNote: boolean }
const OUTSIDE: Bracket = { opened: 0, head: null, isPartial: false, hasShare: false, isNote: false }

const OPENING = '([{'
const CLOSING = ')]}'
const SEPARATORS = ',;:|•·、\n*"'

/** Every ingredient in label order, brackets opened. Linear: each character is looked at once, on an explicit stack. */
export function parseIngredients(label: string): Ingredient[] {
  const text = normaliseText(label)
  const found: Ingredient[] = []
  const stack: Bracket[] = []
  let bracket = { ...OUTSIDE }
  let from = 0
  let last: number | null = null

  const take = (to: number) => {
    const added = addNames(found, text.slice(from, to), bracket)
    if (added !== null) last = added
    from = to + 1
  }

  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (OPENING.includes(character)) {
      const before = found.length
      take(at)
      stack.push(bracket)
      // A bracket behind nothing, as in "chicken, (dried) peas", explains what it stands in.
      const head: number | null = found.length > before ? last : (bracket.head ?? last)
      bracket = { ...OUTSIDE, opened: found.length, head, isNote: found[head ?? -1]?.isNote ?? false }
    } else if (CLOSING.includes(character)) {
      take(at)
      last = bracket.head
      bracket = stack.pop() ?? { ...OUTSIDE }
    } else if (isSeparator(text, at)) {
      take(at)
    }
  }
  take(text.length)
  return withoutTrust(found, stack.length === 0 ? found.length : (stack[1] ?? bracket).opened)
}

// Where a bracket is never closed nobody knows how far it reaches: what follows must not explain its head.
const withoutTrust = (found: readonly Ingredient[], from: number): Ingredient[] =>
  found.map((it, at) => (at < from ? it : { ...it, isPartial: true }))

function isSeparator(text: string, at: number): boolean {
  const character = text.charAt(at)
  const before = text.charAt(at - 1)
  const after = text.charAt(at + 1)
  if (character === ',') return !(isDigit(before) && isDigit(after))
  if (character === '.') return (after === ' ' || after === '') && !endsWithAbbreviation(text, at)
  return SEPARATORS.includes(character)
}

const isDigit = (character: string) => character >= '0' && character <= '9'

const ABBREVIATIONS = new Set(['min', 'max', 'incl', 'inc', 'approx', 'vit', 'st', 'sp', 'spp', 'no', 'eg', 'e.g', 'i.e', 'ca'])
const LONGEST_ABBREVIATION = 6

/** "min. 4%" and "L. acidophilus" go on; a sentence that ends does not. */
function endsWithAbbreviation(text: string, dot: number): boolean {
  const word = text.slice(Math.max(0, dot - LONGEST_ABBREVIATION), dot).split(/[^\p{L}\d.]/u).at(-1) ?? ''
  return /^[a-z]$/.test(word) || ABBREVIATIONS.has(word) || (/^\d$/.test(word) && /^ ?\d/.test(text.slice(dot + 1, dot + 3)))
}

const SOME_OF_IT = /\bincl|\bof which|\bmin\b|\bminimum|\bat least|\bsuch as|\bcontain/

/** Returns the index of the head that a bracket behind these names would explain, or null where nothing was named. */
function addNames(found: Ingredient[], raw: string, bracket: Bracket): number | null {
  let head: number | null = null
  for (const [at, part] of splitInclusion(raw).entries()) {
    const isPartial = at > 0 || SOME_OF_IT.test(part.slice(0, 60))
    if (at === 0) {
      bracket.isPartial ||= isPartial
      bracket.hasShare ||= part.includes('%')
    }
    const isRemark = bracket.isNote || isNote(part, false)
    for (const name of splitConjunction(part)) {
      const text = cleanName(name)
      if (text === '' || isNoise(text)) continue
      const within: number | null = at === 0 ? bracket.head : (head ?? bracket.head)
      const isOwnRemark = isRemark || isNote(name, within !== null)
      found.push({ text, within, isPartial: isPartial || bracket.isPartial, hasShare: bracket.hasShare, isNote: isOwnRemark })
      if (at === 0) head = found.length - 1
    }
  }
  return head
}
