import { z } from 'zod'
import { ALLERGENS, LIFE_STAGES } from '../domain/codes.ts'
import type { ProductPatch } from '../domain/overrides.ts'
import type { Nutrition } from '../domain/product.ts'
import { badInput } from './errors.ts'
import { codeList, distinct, humanText, parseInput } from './input.ts'

const percent = z.number().min(0, 'Expected 0 or more.').max(100, 'Expected 100 or less.').nullish()

/** The ranges of an import. A sum over 100 is no mistake: labels print minima and maxima. */
const nutrition = z.object({
  proteinPct: percent,
  fatPct: percent,
  fiberPct: percent,
  moisturePct: percent,
  ashPct: percent,
  calciumPct: percent,
  phosphorusPct: percent,
  kcalPer100g: z.number().min(10, 'Expected 10 kcal or more.').max(950, 'Expected 950 kcal or less.').nullish(),
})

/** Null is no value for the first four: they are never empty. `undefined` leaves them. */
const patchSchema = z.object({
  isActive: z.boolean().optional(),
  productName: humanText('The name', 500).optional(),
  allergens: codeList(ALLERGENS).optional(),
  claims: z.array(humanText('A claim', 500)).max(200, 'Expected 200 claims or less.').transform(distinct).optional(),
  lifeStage: z.enum(LIFE_STAGES).nullish(),
  ingredientsText: humanText('The ingredient list', 20_000, 'many lines').nullish(),
  nutrition: nutrition.nullish(),
})

const NOTHING_PRINTED: Nutrition = {
  proteinPct: null, fatPct: null, fiberPct: null, moisturePct: null, ashPct: null, calciumPct: null, phosphorusPct: null, kcalPer100g: null,
}

/** Throws BAD_USER_INPUT naming every field that is wrong. */
export function parseProductPatch(input: unknown): ProductPatch {
  const { nutrition: facts, ...patch } = parseInput(patchSchema, input, 'input')
  if (facts === undefined) return patch
  return { ...patch, nutrition: facts === null ? NOTHING_PRINTED : givenOf(facts) }
}

function givenOf(facts: z.output<typeof nutrition>): Partial<Nutrition> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

const LONGEST_SEARCH = 100
const MOST_WORDS = 10

/** The words of a search; none where there is nothing but space. Throws BAD_USER_INPUT. */
export function parseSearch(search: string | null | undefined): string[] {
  if (search === null || search === undefined || search.trim() === '') return []
  const words = distinct(parseInput(humanText('A search', LONGEST_SEARCH), search, 'search').split(/\s+/))
  if (words.length > MOST_WORDS) throw badInput([{ path: 'search', message: `Expected ${MOST_WORDS} words or less.` }])
  return words
}
