import { findMeanings, type FoodKind, type Meaning } from './dictionary.ts'
import type { Ingredient } from './parse-ingredients.ts'
import type { Match } from './phrase-matcher.ts'
import { BARRIER, toUnits, type Unit } from './words.ts'

/** A meaning, its own words, and the others of its segment (the part between two "and"s): those are what is said of it. */
export type Mention = { meaning: Meaning; words: string; before: string; behind: string }

/**
 * An ingredient and what its words mean; unnamed sources that something beside them explains are gone. `isOfTrace`:
 * it only says of what a fat, a flavour or a hydrolysate is made, as in "animal fat (from chicken)".
 */
export type UnderstoodIngredient = Ingredient & { mentions: readonly Mention[]; isOfTrace: boolean }

const TRACE_HEAD = /\b(?:fats?|oils?|tallow|flavou?rs?|flavou?rings?|hydroly[sz](?:ed|ates?))\b|지방|오일|가수 ?분해/
const LONGEST_HEAD = 200

type Read = Ingredient & { mentions: Mention[]; segments: number[] }

/** Reads all ingredients of one label together, for a bracket explains its head and a head its bracket. */
export function understand(ingredients: readonly Ingredient[]): UnderstoodIngredient[] {
  const read = ingredients.map(readMentions)
  const neighbours = neighbourKinds(read)
  return read.map(({ segments, ...ingredient }, index) => {
    const around = neighbours[index] ?? NOTHING
    const named = kindsBySegment(ingredient.mentions, segments, namedKinds)
    const telling = kindsBySegment(ingredient.mentions, segments, tellingKinds)
    const holdsMeat = tellingKinds(ingredient.mentions).includes('meat')
    // "Fresh meat and fish" is still any meat, and "tuna and liver" any liver: a segment explains itself only. But
    // "duck hearts and liver" is duck's liver: the parts of an animal are listed behind it.
    const isExplained = ({ meaning: { kind, isNamed } }: Mention, at: number) => {
      const segment = segments[at] ?? 0
      if (isNamed) return false
      if (kind === 'meat') return explains(around.whole, kind) || explains(named.get(segment) ?? NO_KINDS, kind)
      return explains(around.any, kind) || explains(telling.get(segment) ?? NO_KINDS, kind) || (holdsMeat && PARTS.includes(kind))
    }
    const isOfTrace = ingredient.within !== null && TRACE_HEAD.test(read[ingredient.within]?.text.slice(0, LONGEST_HEAD) ?? '')
    return { ...ingredient, isOfTrace, mentions: ingredient.mentions.filter((mention, at) => !isExplained(mention, at)) }
  })
}

function readMentions(ingredient: Ingredient): Read {
  const units = toUnits(ingredient.text)
  const segmentOf = segmentNumbers(units)
  const matches = findMeanings(units)
  return {
    ...ingredient,
    mentions: matches.map((match) => ({ meaning: match.value, ...wordsBeside(units, match) })),
    segments: matches.map(({ from }) => segmentOf[from] ?? 0),
  }
}

function segmentNumbers(units: readonly Unit[]): number[] {
  let segment = 0
  return units.map(({ text }) => (text === BARRIER ? ++segment : segment))
}

type KindsOf = (mentions: readonly Mention[]) => readonly FoodKind[]

function kindsBySegment(mentions: readonly Mention[], segments: readonly number[], kindsOf: KindsOf): Map<number, Set<FoodKind>> {
  const bySegment = new Map<number, Set<FoodKind>>()
  for (const [at, mention] of mentions.entries()) {
    const segment = segments[at] ?? 0
    const kinds = bySegment.get(segment) ?? new Set()
    addAll(kinds, kindsOf([mention]))
    bySegment.set(segment, kinds)
  }
  return bySegment
}

// Near enough to belong to the word; a bound, so that a label without a comma is not read again for every word in it.
const REACH = 12

function wordsBeside(units: readonly Unit[], { from, to }: Match<Meaning>) {
  let start = from
  let end = to
  while (start > 0 && from - start < REACH && units[start - 1]?.text !== BARRIER) start--
  while (end < units.length && end - to < REACH && units[end]?.text !== BARRIER) end++
  return { words: spell(units.slice(from, to)), before: spell(units.slice(start, from)), behind: spell(units.slice(to, end)) }
}

const spell = (units: readonly Unit[]) =>
  units.map(({ text, ends }) => (ends || !/[\uac00-\ud7a3]/.test(text) ? text + ' ' : text)).join('').trimEnd()

type Around = { any: Set<FoodKind>; whole: Set<FoodKind> }
const NO_KINDS: ReadonlySet<FoodKind> = new Set()
const NOTHING: Around = { any: new Set(), whole: new Set() }

/**
 * The kinds named in an ingredient's head and brackets. "Animal fat (from chicken)" is chicken fat; "derivatives
 * (including 4% chicken)" may be anything besides, and so may "meat (chicken 4%)": `whole` leaves shares out.
 */
function neighbourKinds(read: readonly Read[]): Around[] {
  const around = read.map((): Around => ({ any: new Set(), whole: new Set() }))
  for (const [index, { within, mentions, isNote, isPartial, hasShare }] of read.entries()) {
    if (within === null) continue
    const head = read[within]?.mentions ?? []
    addAll(around[index]?.any, tellingKinds(head))
    addAll(around[index]?.whole, namedKinds(head))
    if (isNote || isPartial) continue
    addAll(around[within]?.any, tellingKinds(mentions))
    if (!hasShare) addAll(around[within]?.whole, namedKinds(mentions))
  }
  return around
}

const namedKinds = (mentions: readonly Mention[]) => mentions.filter(({ meaning }) => meaning.isNamed).map(({ meaning }) => meaning.kind)

// The fat in "poultry fat" is poultry's, though poultry itself stays a riddle.
const tellingKinds = (mentions: readonly Mention[]) =>
  mentions.filter(({ meaning }) => meaning.isNamed || meaning.kind === 'meat').map(({ meaning }) => meaning.kind)

function addAll<T>(target: Set<T> | undefined, values: readonly T[]) {
  for (const value of values) target?.add(value)
}

const PARTS: readonly FoodKind[] = ['part', 'fat', 'extract']
const FLESH: readonly FoodKind[] = ['meat', 'fish', 'shellfish', 'insect']
const PLANTS: readonly FoodKind[] = ['grain', 'legume', 'plant']
const ALL_FOOD: readonly FoodKind[] = [...FLESH, ...PLANTS, 'egg', 'dairy']

// A plant says nothing about a liver, an egg nothing about a bone, a chicken nothing about "seafood".
const EXPLAINED_BY: Readonly<Record<FoodKind, readonly FoodKind[]>> = {
  meat: FLESH,
  part: FLESH,
  fish: ['fish', 'shellfish'],
  grain: PLANTS,
  legume: PLANTS,
  plant: PLANTS,
  fat: ALL_FOOD,
  extract: ALL_FOOD,
  shellfish: [],
  insect: [],
  egg: [],
  dairy: [],
  other: [],
}

const explains = (known: ReadonlySet<FoodKind>, unknown: FoodKind): boolean => EXPLAINED_BY[unknown].some((kind) => known.has(kind))
