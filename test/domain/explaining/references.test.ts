import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { HEALTH_CONCERNS, SPECIES } from '../../../src/domain/codes.ts'
import { HARMFUL_CODES } from '../../../src/domain/product.ts'
import { CONFIRMED_CASES } from '../../../src/domain/references/allergens.ts'
import { VITAMIN_MINIMA } from '../../../src/domain/references/concerns.ts'
import { REFERENCES } from '../../../src/domain/references/corpus.ts'
import { SODIUM_MINIMA } from '../../../src/domain/references/harmful.ts'
import { NUTRIENT_MINIMA } from '../../../src/domain/references/nutrient-profiles.ts'
import { COMMON_ALLERGENS } from '../../../src/domain/scoring/weights.ts'
import { realDataFolder } from '../../support/real-products.ts'

const tables = join(realDataFolder, 'nutrient-profiles.json')
const cases = join(realDataFolder, 'allergens.json')
const areAway = !existsSync(tables) || !existsSync(cases)
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

const tablesSchema = z.object({
  profiles: z.array(z.object({ id: z.string(), nutrients: z.record(z.string(), z.object({ min: z.number().nullable(), note: z.string().optional() })) })),
})
const animals = z.object({ animals: z.number(), foods: z.array(z.object({ food: z.string(), sharePct: z.number() })) })
const casesSchema = z.object({ dogs: animals, cats: animals })

test.skipIf(areAway)('every nutrient figure is the one of the published table', () => {
  const { profiles } = tablesSchema.parse(read(tables))
  const minima = [...NUTRIENT_MINIMA, ...VITAMIN_MINIMA, ...SODIUM_MINIMA.map(({ profile, minPct }) => ({ profile, nutrient: 'sodium', value: minPct }))]
  expect(minima.length).toBe(40)
  for (const { profile, nutrient, value } of minima) {
    expect(profiles.find(({ id }) => id === profile)?.nutrients[nutrient]?.min, `${profile} ${nutrient}`).toBe(value)
  }
  expect(profiles.find(({ id }) => id === 'AAFCO_DOG_GROWTH')?.nutrients['calcium']?.note).toContain('1.8 % DM is the maximum')
})

test.skipIf(areAway)('every share of allergic animals is the one of the paper', () => {
  const { dogs, cats } = casesSchema.parse(read(cases))
  for (const [published, ours] of [[dogs, CONFIRMED_CASES.DOG], [cats, CONFIRMED_CASES.CAT]] as const) {
    expect(ours.animals).toBe(published.animals)
    expect(ours.sharePct).toEqual(Object.fromEntries(published.foods.map(({ food, sharePct }) => [food.toUpperCase(), sharePct])))
  }
})

const numbersIn = (text: string) => (text.match(/\d[\d,]*(?:\.\d+)?/g) ?? []).sort()

test('the Korean of a reference holds the same figures as its English', () => {
  for (const { id, excerpt, korean } of REFERENCES) expect(numbersIn(korean), id).toEqual(numbersIn(excerpt))
})

test('ids and excerpts are unique, and nothing is empty', () => {
  for (const pick of [({ id }: (typeof REFERENCES)[number]) => id, ({ title, excerpt }: (typeof REFERENCES)[number]) => title + excerpt]) {
    expect(new Set(REFERENCES.map(pick)).size).toBe(REFERENCES.length)
  }
  for (const { title, source, excerpt, korean, keywords } of REFERENCES) for (const text of [title, source, excerpt, korean, keywords]) expect(text.trim()).not.toBe('')
})

test.each(SPECIES)('for a %s there is a reference on every concern, harmful ingredient and common allergen', (species) => {
  const forThem = REFERENCES.filter(({ audience }) => audience.species === undefined || audience.species === species)
  const coded = new Set(forThem.map(({ subject }) => JSON.stringify(subject)))
  for (const concern of HEALTH_CONCERNS) expect(coded).toContain(JSON.stringify({ kind: 'concern', concern }))
  for (const harmful of HARMFUL_CODES) expect(coded).toContain(JSON.stringify({ kind: 'harmful', harmful }))
  for (const allergen of COMMON_ALLERGENS[species]) expect(coded).toContain(JSON.stringify({ kind: 'allergen', allergen }))
})
