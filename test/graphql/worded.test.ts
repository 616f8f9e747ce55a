import { expect, test } from 'vitest'
import type { Reason, RunItem } from '../../src/domain/run.ts'
import { wordedChecks, wordedReasons } from '../../src/graphql/worded.ts'
import { createInterned } from '../../src/lib/interned.ts'

function shared<T extends object>(value: T): T {
  const { read } = createInterned<T>(10_000, (text) => JSON.parse(text))
  const [, , third] = Array.from({ length: 3 }, () => read(JSON.stringify(value)))
  if (third === undefined) throw new Error('nothing was read')
  return third
}

const reason: Reason = { code: 'SPECIES_MATCH', points: 20, params: { species: 'DOG' } }
const checks: RunItem['qualityChecks'] = [{ code: 'ENERGY_KNOWN', passed: true }, { code: 'MINERALS_KNOWN', passed: false }]

test('reasons and checks carry the language that is asked for each time, shared or not', () => {
  for (const [someReason, someChecks] of [[reason, checks], [shared(reason), shared(checks)]] as const) {
    for (const locale of ['EN', 'KO', 'EN'] as const) {
      expect(wordedReasons([someReason], locale)).toEqual([{ ...reason, locale }])
      expect(wordedChecks(someChecks, locale)).toEqual(checks.map((check) => ({ ...check, locale })))
    }
  }
})

test('what runs share is given words once in each language', () => {
  const [sharedReason, sharedChecks] = [shared(reason), shared(checks)]
  for (const locale of ['EN', 'KO'] as const) {
    expect(wordedReasons([sharedReason], locale)[0]).toBe(wordedReasons([sharedReason], locale)[0])
    expect(wordedChecks(sharedChecks, locale)).toBe(wordedChecks(sharedChecks, locale))
  }
})
