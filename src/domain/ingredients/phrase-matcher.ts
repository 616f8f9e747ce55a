import { toUnits, type Unit } from './words.ts'

/** `from` and `to` count units; `to` is the first one behind the phrase. */
export type Match<T> = { value: T; from: number; to: number }
export type PhraseMatcher<T> = (units: readonly Unit[]) => Match<T>[]

type Node<T> = { next: Map<string, Node<T>>; anywhere: T | undefined; wholeWord: T | undefined }
const node = <T>(): Node<T> => ({ next: new Map(), anywhere: undefined, wholeWord: undefined })

/**
 * Finds the phrases of a table in a text, from left to right, the longest first, each unit used once: so
 * "coconut milk" hides "milk" and "buckwheat" hides nothing, being another word. A phrase in quotes ('"밀"')
 * must be a whole word where it is Korean. Work is bounded by text length times the longest phrase.
 */
export function createPhraseMatcher<T>(table: Iterable<readonly [phrase: string, value: T]>): PhraseMatcher<T> {
  const root = node<T>()
  for (const [phrase, value] of table) {
    let at = root
    for (const { text } of toUnits(phrase)) at = childOf(at, text)
    if (phrase.startsWith('"')) at.wholeWord ??= value
    else at.anywhere ??= value
  }
  return (units) => {
    const matches: Match<T>[] = []
    let from = 0
    while (from < units.length) {
      const match = longestAt(root, units, from)
      if (match !== undefined) matches.push(match)
      from = match?.to ?? from + 1
    }
    return matches
  }
}

function childOf<T>(parent: Node<T>, text: string): Node<T> {
  const child = parent.next.get(text) ?? node<T>()
  parent.next.set(text, child)
  return child
}

function longestAt<T>(root: Node<T>, units: readonly Unit[], from: number): Match<T> | undefined {
  let longest: Match<T> | undefined
  let at: Node<T> | undefined = root
  for (let to = from; to < units.length; ) {
    const unit = units[to]
    at = unit && at.next.get(unit.text)
    if (unit === undefined || at === undefined) break
    to++
    const isWhole = units[from]?.starts === true && unit.ends
    const value: T | undefined = (isWhole ? at.wholeWord : undefined) ?? at.anywhere
    if (value !== undefined) longest = { value, from, to }
  }
  return longest
}

/** The rows of a readable table, each a comma-separated list of phrases and what they all mean. */
export const phrasesOf = <T>(rows: readonly (readonly [value: T, phrases: string])[]): (readonly [string, T])[] =>
  rows.flatMap(([value, phrases]) => splitPhrases(phrases).map((phrase) => [phrase, value] as const))

export const splitPhrases = (phrases: string): string[] =>
  phrases
    .split(',')
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '')
