import fc from 'fast-check'
import { execute, getOperationAST, parse, validate, type DocumentNode, type GraphQLResolveInfo } from 'graphql'
import { beforeEach, describe, expect, test } from 'vitest'
import * as operations from '../../schema/generated/graphql.ts'
import type { Locale } from '../../src/domain/codes.ts'
import type { Pet } from '../../src/domain/pet.ts'
import { decodeItems, encodeItems } from '../../src/domain/run-codec.ts'
import type { Run, RunItem } from '../../src/domain/run.ts'
import { recommend } from '../../src/domain/scoring/recommend.ts'
import type { GatewayContext } from '../../src/graphql/context.ts'
import { createCoverage } from '../../src/graphql/coverage.ts'
import { createIsCovered } from '../../src/graphql/covered-fields.ts'
import { createItemTexts } from '../../src/graphql/plan/item-texts.ts'
import { createPartTexts } from '../../src/graphql/plan/part-texts.ts'
import { createPlan, type Plan } from '../../src/graphql/plan/plan.ts'
import { buildSchema } from '../../src/graphql/schema.ts'
import type { Answer } from '../../src/recommend/ladder.ts'
import { arbitraryCatalogue, arbitraryPet, arbitraryPreferences } from '../support/arbitrary-scoring.ts'
import { buildConditions } from '../support/build-pet.ts'
import { LINEAGE } from '../support/lineage.ts'
import { generatedSelections } from '../support/generated-operations.ts'

const MIDNIGHT = Date.parse('2026-11-24T00:00:00Z')
const OWNER = '11111111-2222-4333-8444-555555555555'
const idOf = (digit: string) => `aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee${digit}`
const [BORI, NABI, HUNGRY, STRANGER, AWAY] = [idOf('1'), idOf('2'), idOf('3'), idOf('4'), idOf('5')]
const PETS = [BORI, NABI, HUNGRY, STRANGER, AWAY]

const schema = buildSchema()
const isCovered = createIsCovered(schema)

/** What stands in texts that people wrote. */
const awkward = fc.constantFrom('"quoted" \\ and\nbroken', '연어 & “salmon” \u2028', '\ud800 alone', '\0 and \u001f', '')
const explanation = fc.record({
  text: awkward, confidence: fc.double({ min: 0, max: 1, noNaN: true }), model: awkward, generatedAt: fc.constant(MIDNIGHT),
  citations: fc.array(fc.record({ title: awkward, source: awkward, excerpt: awkward }), { maxLength: 2 }),
})

type World = { runs: Map<string, Run>; pets: Map<string, Pet> }

const arbitraryPetRow = fc.record({
  name: awkward, species: fc.constantFrom('DOG', 'CAT'), breedCode: fc.constantFrom(null, 'PUG'), sex: fc.constantFrom('MALE', 'UNKNOWN'), isNeutered: fc.constantFrom(null, true, false),
  birthdate: fc.constantFrom(null, '2020-02-29'), weightKg: fc.constantFrom(0.1, 4.5, 150), healthConcerns: fc.constantFrom([], ['JOINT']), otherAllergies: fc.option(awkward, { nil: null }),
  isPrimary: fc.boolean(),
} as const)

/** As they are when they have been read several times: of parts that all runs share. */
function read(items: readonly RunItem[]): RunItem[] {
  const text = encodeItems(items)
  const read = [decodeItems(text), decodeItems(text), decodeItems(text)].at(-1)
  if (read === undefined) throw new Error('the items cannot be read')
  return read
}

/** Runs as the rules make them: the same foods for two pets, and none for a third. */
const arbitraryWorld = fc
  .record({ catalogue: arbitraryCatalogue, traits: arbitraryPet, preferences: arbitraryPreferences, rows: fc.tuple(arbitraryPetRow, arbitraryPetRow), text: awkward, explanation: fc.option(explanation, { nil: undefined }) })
  .map(({ catalogue, traits, preferences, rows, text, explanation }): World => {
    const { items, emptyReason } = recommend({ pet: traits, preferences, conditions: buildConditions(), catalogue })
    const explained = items.map((item) => ({ ...item, product: { ...item.product, productName: text, ingredientsText: text }, explanations: explanation === undefined ? {} : { EN: explanation, KO: explanation } }))
    const runOf = (petId: string, more: Partial<Run> = {}): Run => ({
      id: OWNER, petId, version: 7, epoch: 1, lineage: LINEAGE, strategy: 'RULE_V1', strategyVersion: 1, conditionsHash: '', createdAt: MIDNIGHT, expiresAt: MIDNIGHT + 1e9, items: read(explained), emptyReason, ...more,
    })
    const pet = (id: string, row: (typeof rows)[number]): Pet => ({
      ...row, id, ownerId: OWNER, healthConcerns: [...row.healthConcerns], approxAgeMonths: row.birthdate === null ? 30 : null, approxAgeRecordedOn: null, bodyConditionScore: 5, foodAllergies: ['PEA'], photoUrl: null, version: 7, createdAt: MIDNIGHT, updatedAt: MIDNIGHT,
    })
    return {
      runs: new Map([[BORI, runOf(BORI)], [NABI, runOf(NABI, { items: read(explained.toReversed()) })], [HUNGRY, runOf(HUNGRY, { id: null, items: [], emptyReason: 'NO_MATCH' })]]),
      pets: new Map([[BORI, pet(BORI, rows[0])], [NABI, pet(NABI, rows[1])]]),
    }
  })

let refreshes = 0

/** As for a request; what it would read is in memory. */
function contextOf({ runs, pets }: World, locale: Locale): GatewayContext {
  const answer = (petId: string): Answer => {
    const run = runs.get(petId)
    if (run !== undefined) return { kind: 'answered', run, source: 'MEMORY', isVerified: true, fenceText: 'fence' }
    return petId === AWAY ? { kind: 'unavailable', cause: new Error('away') } : { kind: 'not-found' }
  }
  const found = (pet: Pet | undefined) => (pet === undefined ? undefined : { pet, epoch: 1, fenceText: 'fence' })
  return {
    // No resolver of what is covered asks for any other.
    services: { ...JSON.parse('{}'), now: () => MIDNIGHT, runKeeper: { refresh: async () => (refreshes++, answer(BORI)) } },
    viewer: { userId: OWNER, isAdmin: false },
    locale,
    requestId: 'request',
    loaders: {
      recommendation: { load: async ({ petId }) => answer(petId) },
      pet: { load: async (petId) => found(pets.get(petId)) },
      product: { load: async () => undefined },
      forget: () => {},
    },
    coverage: createCoverage(() => MIDNIGHT),
    sources: new Set(),
    unverified: new Set(),
  }
}

const noTexts = () => ({ items: createItemTexts(10_000_000), parts: createPartTexts(10_000_000) })
let texts = noTexts()
beforeEach(() => {
  texts = noTexts()
})

function planOf(document: DocumentNode): Plan | undefined {
  const operation = getOperationAST(document)
  return operation == null ? undefined : createPlan({ schema, document, operation, texts, onCompiled: () => {} })
}

/**
 * Executed by GraphQL and written by a plan, each in a world of its own making. Four times in each language and with each
 * set of variables: the third time items are remembered, the fourth time they are written from memory. `mayBeLeft`: to GraphQL,
 * without an error too.
 */
async function compare(document: DocumentNode, variables: readonly Record<string, unknown>[], world: World, mayBeLeft = false): Promise<number> {
  const plan = planOf(document)
  let written = 0
  for (let time = 0; time < 4; time++) {
    for (const variableValues of variables) {
      for (const locale of ['EN', 'KO'] as const) {
        const [contextValue, context] = [contextOf(world, locale), contextOf(world, locale)]
        const executed = await execute({ schema, document, variableValues, contextValue })
        const text = (await plan?.write(variableValues, context))?.toString()
        if (text === undefined && mayBeLeft) continue
        expect(text).toBe(executed.errors === undefined ? JSON.stringify(executed) : undefined)
        if (text === undefined) continue
        expect([context.sources, context.unverified, context.coverage.result()]).toEqual([contextValue.sources, contextValue.unverified, contextValue.coverage.result()])
        written++
      }
    }
  }
  return written
}

const TEXT = (value: string) => JSON.stringify(value)
const options = {
  values: {
    petId: [TEXT(BORI), TEXT(BORI), '$petId', '$petId', '$otherId', TEXT(NABI)], id: [TEXT(BORI), '$petId', TEXT(STRANGER)], locale: ['EN', 'KO', '$locale', 'null'],
    forceRefresh: ['false'], conditions: ['null', '{ maxDailyAmountG: 90 }', '{ maxDailyAmountG: $grams }'],
  },
  skip: ['cacheStats', 'cacheEntry', 'product', 'products', 'productMatchScore', 'recommendationHistory'].map((name) => `Query.${name}`).concat('Viewer.pets', 'Viewer.primaryPet', 'Viewer.preferences'),
  decorations: ['', '', '', '', ' @include(if: true)', ' @skip(if: true)', ' @include(if: $yes)', ' @skip(if: $no)'],
  depth: 5,
  width: 4,
}
const DECLARED = { petId: 'ID!', otherId: 'ID!', locale: 'Locale', grams: 'Int = 80', yes: 'Boolean!', no: 'Boolean! = false' }

const asked = generatedSelections(schema, 'Query', options)
const items = generatedSelections(schema, 'RecommendationItem', options)
const recommended = generatedSelections(schema, 'Recommendations', options)

/** Fields from fragments, spread twice, merged with fields of the same name, under names that JavaScript knows. */
const arbitraryOperation = fc
  .record({ asked, one: items, other: items, inside: recommended, alias: fc.constantFrom('again', '__proto__', 'constructor', 'toString') })
  .map(({ asked, one, other, inside, alias }) => {
    const body = `{ ...Asked ...Asked ${alias}: recommendations(petId: $petId) { items ${one} ...Both } ${alias}: recommendations(petId: $petId) ${inside} twin: recommendations(petId: $otherId) { ...Both } more: recommendations(petId: $otherId) { ...Both message } }
fragment Asked on Query ${asked}
fragment Both on Recommendations { petId items ${other} items { rank ... @include(if: $yes) { matchScore } } }`
    const declared = Object.entries(DECLARED).flatMap(([name, type]) => (body.includes(`$${name}`) ? [`$${name}: ${type}`] : []))
    return `query Generated(${declared.join(', ')}) ${body}`
  })

const arbitraryVariables = fc.record({ petId: fc.constantFrom(BORI, BORI, NABI), otherId: fc.constantFrom(BORI, ...PETS, 'no id'), locale: fc.constantFrom('EN', 'KO', null), grams: fc.constantFrom(80, null), yes: fc.boolean(), no: fc.boolean() }, { requiredKeys: ['petId', 'otherId', 'yes'] })

test('what a plan writes is what GraphQL executes, byte for byte; where there is any error it writes nothing', { timeout: 120_000 }, async () => {
  let written = 0
  await fc.assert(
    fc.asyncProperty(arbitraryOperation, fc.tuple(arbitraryVariables, arbitraryVariables), arbitraryWorld, async (text, variables, world) => {
      const document = parse(text)
      fc.pre(validate(schema, document).length === 0)
      expect(isCovered(document)).toBe(true)
      written += await compare(document, variables, world)
    }),
    { numRuns: 300 },
  )
  expect(written).toBeGreaterThan(600)
})

const covered = Object.entries(operations)
  .flatMap(([name, document]) => (name.endsWith('Document') && /^\s*query/m.test(String(document)) ? [parse(String(document))] : []))
  .filter(isCovered)
const arbitraryFullWorld = arbitraryWorld.filter(({ runs }) => (runs.get(BORI)?.items.length ?? 0) > 2)

test('items are remembered for the language that a variable names', async () => {
  const [world] = fc.sample(arbitraryFullWorld, { numRuns: 1, seed: 3 })
  if (world === undefined) throw new Error('no world')
  const document = parse(`query ($locale: Locale) { recommendations(petId: "${BORI}") { items { rank matchReasons(locale: $locale) { message } } } }`)
  expect(await compare(document, [{ locale: 'EN' }, { locale: 'KO' }, {}], world)).toBe(24)
})

test('an operation of the app is written as it is executed', async () => {
  const [world] = fc.sample(arbitraryFullWorld, { numRuns: 1, seed: 1 })
  if (world === undefined) throw new Error('no world')
  expect(covered.length).toBeGreaterThan(0)
  for (const document of covered) expect(await compare(document, PETS.map((petId) => ({ petId })), world)).toBeGreaterThan(0)
})

/** The same with one value somewhere in it replaced. `at`: which of all there are. */
function spoilt(value: unknown, at: { left: number }, by: unknown): unknown {
  if (at.left-- === 0) return by
  if (Array.isArray(value)) return value.map((one) => spoilt(one, at, by))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoilt(one, at, by)]))
}

test('whatever stands where a run should hold something else, it is written as it is executed, or not at all', { timeout: 60_000 }, async () => {
  const junk = fc.constantFrom<unknown>(null, undefined, NaN, Infinity, -0, 1e21, 2 ** 40, 0.5, '', 'x', 'DOG', true, [], [null], {}, () => 'called', 10n)
  await fc.assert(
    fc.asyncProperty(arbitraryFullWorld, fc.nat(400), junk, async (world, left, by) => {
      const run = world.runs.get(BORI)
      if (run === undefined) throw new Error('no run')
      world.runs.set(BORI, { ...run, ...(spoilt({ items: run.items.slice(0, 3), createdAt: run.createdAt }, { left: left + 1 }, by) as object) })
      for (const document of covered) await compare(document, [{ petId: BORI }], world, true)
    }),
    { numRuns: 300 },
  )
})

describe('what is not for a plan is left to GraphQL', () => {
  const [world] = fc.sample(arbitraryWorld, { numRuns: 1, seed: 2 })
  const write = async (text: string, variables: Record<string, unknown> = {}) => {
    if (world === undefined) throw new Error('no world')
    return planOf(parse(text))?.write(variables, contextOf(world, 'EN'))
  }

  test.each([
    ['a forced refresh, which changes something', `{ recommendations(petId: "${BORI}", forceRefresh: true) { source } }`],
    ['a mutation', 'mutation { __typename }'],
    ['introspection', '{ __schema { types { name } } }'],
    ['a document of thousands of fields', `{ ${Array.from({ length: 20 }, (_, i) => `p${i}: recommendations(petId: "${BORI}") { ${Array.from({ length: 30 }, (_, j) => `f${i}x${j}: petId`).join(' ')} }`).join(' ')} }`],
    ['more conditions than it is worth', `query ($a: Boolean = true, $b: Boolean = true, $c: Boolean = true, $d: Boolean = true) { viewer { id @skip(if: $a) a: id @skip(if: $b) b: id @skip(if: $c) c: id @skip(if: $d) } }`],
  ])('%s', async (_what, text) => expect(await write(text)).toBe(undefined))

  test('a forced refresh by variable, while the same document without is written', async () => {
    const text = `query ($forceRefresh: Boolean! = false) { recommendations(petId: "${BORI}", forceRefresh: $forceRefresh) { source } }`
    expect(await write(text, { forceRefresh: true })).toBe(undefined)
    expect(refreshes).toBe(0)
    expect(await write(text)).not.toBe(undefined)
    expect(await write(text, { forceRefresh: 'yes' })).toBe(undefined)
  })

  test.each<[string, (info: GraphQLResolveInfo) => unknown]>([
    ['asks where it is', (info) => (info.path.key === 'viewer' ? { userId: OWNER } : null)],
    // oxlint-disable-next-line unicorn/no-thenable -- as a query of drizzle is
    ['returns what is thenable, and no promise', () => ({ isAdmin: true, then: (settle: (value: unknown) => void) => settle({ isAdmin: false }) })],
    ['shows a method', () => ({ isAdmin: () => true })],
  ])('a resolver that %s', async (_what, resolve) => {
    const field = schema.getQueryType()?.getFields()['viewer']
    if (field === undefined) throw new Error('no field')
    const before = field.resolve
    try {
      field.resolve = (_source, _args, _context, info) => resolve(info)
      expect(await write('{ viewer { isAdmin } }')).toBe(undefined)
    } finally {
      field.resolve = before
    }
  })
})
