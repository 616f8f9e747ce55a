import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeItems, decodeRun as decodeRunOf, encodeItems, encodeRun, RUN_FORMAT } from '../../src/domain/run-codec.ts'
import { sharedCharacters } from '../../src/domain/run-parts.ts'
import { STRATEGY, type StoredRun } from '../../src/domain/run.ts'
import { recommend } from '../../src/domain/scoring/recommend.ts'
import { technicalExplanation } from '../../src/domain/wording/explanations.ts'
import { arbitraryCatalogue, arbitraryPet, arbitraryPreferences } from '../support/arbitrary-scoring.ts'
import { buildConditions } from '../support/build-pet.ts'
import { LINEAGE } from '../support/lineage.ts'

const NOW = 1_800_000_000_000
const explanation = { text: 'Said. “소고기”', confidence: 0.5, citations: [{ title: 'a', source: 'b', excerpt: 'c' }], generatedAt: NOW, model: 'extractive-v1' }

const arbitraryRun = fc.record({ catalogue: arbitraryCatalogue, pet: arbitraryPet, preferences: arbitraryPreferences }).map((world): StoredRun => {
  const { items, emptyReason } = recommend({ ...world, conditions: buildConditions() })
  return {
    id: 'run', petId: 'pet', version: 7, epoch: 1, lineage: LINEAGE, strategy: STRATEGY.name, strategyVersion: STRATEGY.version, conditionsHash: '', createdAt: NOW, expiresAt: NOW + 1, emptyReason,
    items: items.map((item, i) => ({ ...item, explanations: i % 2 === 0 ? { KO: explanation } : {} })),
  }
})
const decodeRun = (text: string) => decodeRunOf(text, LINEAGE)
const arbitraryFullRun = arbitraryRun.filter(({ items }) => items.length > 1)

type Path = (string | number)[]

/** Of every value in it, itself left out. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...pathsIn(inner, [...path, key])])
}

type Holder = Record<string, unknown>
const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null

/** All of a run but its lineage, which only its key names. */
const written = ({ lineage: _lineage, ...run }: StoredRun) => run

/** A copy in which the holder of what `path` leads to was changed. */
function changed(run: StoredRun, path: Path, change: (holder: Holder, key: string) => void): unknown {
  const copy: Holder = JSON.parse(JSON.stringify(written(run)))
  let holder = copy
  for (const key of path.slice(0, -1)) {
    const next = holder[key]
    if (!isHolder(next)) throw new Error(`${path.join('.')} leads nowhere`)
    holder = next
  }
  change(holder, String(path.at(-1)))
  return copy
}

/** What stands under these is of many kinds, or may be left out. */
const isLoose = (path: Path) => path.includes('params') || path.at(-2) === 'explanations'
/** As an older release wrote it. */
const whole = (run: unknown) => `${RUN_FORMAT}${JSON.stringify(run)}`
const decoded = (run: unknown) => decodeRun(whole(run))
/** What is wrong in it is written as it is, in the run or in a part of it. */
const encoded = (run: unknown) => encodeRun(JSON.parse(JSON.stringify(run)))

const PART_FIELDS = ['product', 'offer', 'scoreComponents', 'reasons', 'qualityChecks']
/** Where a run is taken apart, nothing can be written that is not there. */
const isTakenApart = (path: Path) => path[0] === 'items' && (path.length <= 2 || (path.length === 3 && PART_FIELDS.includes(String(path[2]))))

test('what was encoded is read again as it was', () => {
  fc.assert(
    fc.property(arbitraryRun, (run) => {
      // The parts that runs share are shared from the second time on.
      for (let time = 0; time < 3; time++) expect(decodeRun(encodeRun(run))).toEqual(run)
      expect(decodeRun(whole(written(run)))).toEqual(run)
      expect(decodeItems(JSON.stringify(run.items))).toEqual(run.items)
      expect(decodeItems(encodeItems(run.items))).toEqual(run.items)
    }),
    { numRuns: 50 },
  )
})

test('a run is of the lineage that it is read in: none is written with it', () => {
  const [run] = fc.sample(arbitraryFullRun, { numRuns: 1, seed: 1 })
  if (run === undefined) throw new Error('no run')
  const lineage = 'b1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d'
  expect(encodeRun(run)).not.toContain(LINEAGE)
  expect(decodeRunOf(encodeRun(run), lineage)).toEqual({ ...run, lineage })
  expect(decodeRun(whole(run))).toBeUndefined()
})

test('a run in which anything is of another kind, missing, or too much is no run', () => {
  const junk = fc.constantFrom<unknown>({ junk: 1 }, [['junk']], undefined)
  fc.assert(
    fc.property(arbitraryFullRun, fc.nat(), junk, (run, at, by) => {
      const paths = pathsIn(written(run)).filter((path) => !isLoose(path))
      const path = paths[at % paths.length] ?? []
      const isEntry = /^\d+$/.test(String(path.at(-1)))
      const wrong = changed(run, path, (holder, key) => (by === undefined && !isEntry ? delete holder[key] : (holder[key] = by ?? { junk: 1 })))
      expect(decoded(wrong), path.join('.')).toBeUndefined()
      if (!isTakenApart(path)) expect(decodeRun(encoded(wrong)), path.join('.')).toBeUndefined()
      const more = changed(run, path, (holder) => (Array.isArray(holder) ? holder.push({ junk: 1 }) : (holder['junk'] = 1)))
      expect(decoded(more), path.join('.')).toBeUndefined()
      if (!isTakenApart(path)) expect(decodeRun(encoded(more)), path.join('.')).toBeUndefined()
    }),
    { numRuns: 1_000 },
  )
})

test('figures that are no figures, codes that nobody knows and runs that are too long are refused', () => {
  const [run] = fc.sample(arbitraryFullRun, { numRuns: 1, seed: 1 })
  if (run === undefined) throw new Error('no run')
  const text = encodeRun(run)
  const [first] = run.items
  if (first === undefined) throw new Error('no items')
  expect(decodeRun(text)).toEqual(run)
  expect(decodeRun(text.replace('"version":7', '"version":1e999'))).toBeUndefined()
  expect(decodeRun(text.replace('"version":7', '"version":7.5'))).toBeUndefined()
  expect(decodeRun(text.replace('"version":7', '"version":9007199254740993'))).toBeUndefined()
  expect(decodeRun(text.replace(/"matchScore":[\d.]+/, '"matchScore":1e999'))).toBeUndefined()
  expect(decodeRun(text.replace(/"form":"\w+"/, '"form":"SOUP"'))).toBeUndefined()
  expect(decodeRun(text.replace(`"strategy":"${STRATEGY.name}"`, '"strategy":"RULE_V0"'))).toBeUndefined()
  expect(decodeRun(text.replace('"explanations":{', '"explanations":{"FR":null,'))).toBeUndefined()
  expect(decodeRun(encodeRun({ ...run, items: Array.from({ length: 11 }, () => first) }))).toBeUndefined()
  expect(decodeRun(text.slice(1))).toBeUndefined()
  expect(decodeRun(text.slice(0, -1))).toBeUndefined()
  expect(decodeItems('null')).toBeUndefined()
})

const SEPARATOR = '\x1e'

test('a part that is missing, of another kind, changed or left over makes no run of it, however often its parts were read', () => {
  const [run] = fc.sample(arbitraryFullRun, { numRuns: 1, seed: 1 })
  if (run === undefined) throw new Error('no run')
  const text = encodeRun(run)
  for (let time = 0; time < 3; time++) expect(decodeRun(text)).toEqual(run)
  const [head = '', ...parts] = text.split(SEPARATOR)
  const withParts = (...some: readonly string[]) => [head, ...some].join(SEPARATOR)
  const [product = '', ...rest] = parts
  expect(decodeRun(withParts(product, ...rest))).toEqual(run)
  expect(decodeRun(withParts(...parts.slice(0, -1))), 'missing').toBeUndefined()
  expect(decodeRun(withParts(...parts, product)), 'left over').toBeUndefined()
  expect(decodeRun(withParts(...parts, '')), 'ended once more').toBeUndefined()
  expect(decodeRun(withParts(rest[0] ?? '', product, ...rest.slice(1))), 'in another place').toBeUndefined()
  expect(decodeRun(withParts(product.slice(0, -1), ...rest)), 'torn').toBeUndefined()
  expect(decodeRun(withParts(product.replace('"isActive":', '"wasActive":'), ...rest)), 'of another shape').toBeUndefined()
  for (const at of ['-1', '0.5', String(parts.length), '1e999', '"0"', 'null']) expect(decodeRun(text.replace(/"product":\d+/, `"product":${at}`)), at).toBeUndefined()
})

test('runs that were read more than once share their parts, and nobody can change these', () => {
  const [one, other] = fc.sample(arbitraryFullRun, { numRuns: 1, seed: 1 }).flatMap((run) => [run, { ...run, id: 'another', petId: 'other' }])
  if (one === undefined || other === undefined) throw new Error('no runs')
  const [, , mine, theirs] = [one, one, one, other].map((run) => decodeRun(encodeRun(run)))
  const [myItem, theirItem] = [mine?.items[0], theirs?.items[0]]
  if (myItem === undefined || theirItem === undefined) throw new Error('no items')
  expect(theirItem).not.toBe(myItem)
  for (const part of ['product', 'offer', 'scoreComponents', 'qualityChecks'] as const) expect(theirItem[part], part).toBe(myItem[part])
  for (const [i, reason] of theirItem.reasons.entries()) {
    expect(reason).toEqual(myItem.reasons[i])
    // How much a day, and what it costs, is said of one pet.
    expect(reason === myItem.reasons[i], reason.code).toBe(!/^AMOUNT_|^BUDGET_/.test(reason.code))
  }
  expect(() => myItem.product.allergens.push('BEEF')).toThrow(TypeError)
  expect(sharedCharacters(theirs?.items ?? [])).toBe(encodeRun(other).split(SEPARATOR).slice(1).join('').length)
})

test('what an item says of one pet may stand among the parts too, as releases before wrote it', () => {
  fc.assert(
    fc.property(arbitraryFullRun, (run) => {
      const [head = '', ...parts] = encodeItems(run.items).split(SEPARATOR)
      const read: unknown = JSON.parse(head, (key, value: unknown) => {
        if (key !== 'reasons' || !Array.isArray(value)) return value
        return value.map((reason: unknown) => (typeof reason === 'number' ? reason : parts.push(JSON.stringify(reason)) - 1))
      })
      expect(decodeItems([JSON.stringify(read), ...parts].join(SEPARATOR))).toEqual(run.items)
    }),
    { numRuns: 50 },
  )
})

test('what is remembered of shared reasons is in the language that is asked for', () => {
  fc.assert(
    fc.property(arbitraryFullRun, ({ items }) => {
      const text = encodeItems(items)
      const [, , shared = []] = [text, text, text].map((one) => decodeItems(one))
      expect(shared).toHaveLength(items.length)
      for (const [i, item] of shared.entries()) {
        for (const locale of ['EN', 'KO', 'EN', 'KO'] as const) expect(technicalExplanation(item, locale)).toBe(technicalExplanation(structuredClone(items[i] ?? item), locale))
      }
    }),
    { numRuns: 50 },
  )
})

test('a part stands once in a run, whatever holds it', () => {
  fc.assert(
    fc.property(arbitraryFullRun, (run) => {
      const [, ...parts] = encodeRun(run).split(SEPARATOR)
      expect(new Set(parts).size).toBe(parts.length)
    }),
    { numRuns: 50 },
  )
})
