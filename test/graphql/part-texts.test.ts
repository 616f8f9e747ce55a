import { expect, test } from 'vitest'
import type { Locale } from '../../src/domain/codes.ts'
import { createPartTexts } from '../../src/graphql/plan/part-texts.ts'
import type { Execution, Written } from '../../src/graphql/plan/write-value.ts'
import { createInterned } from '../../src/lib/interned.ts'

type Part = { text: string }
const { read } = createInterned<Part>(1_000_000, (text) => ({ text }))

function sharedPart(text: string): Part {
  const part = [read(text), read(text), read(text)].at(-1)
  if (part === undefined) throw new Error('no part')
  return part
}

/** Nothing of an execution is looked at but its language. */
const execution = (locale: Locale): Execution => ({ context: { ...JSON.parse('{}'), locale }, variables: { sources: {}, coerced: {} }, args: [], bytes: [] })
const [english, korean] = [execution('EN'), execution('KO')]

function counted(answer: (part: Part) => Written = ({ text }) => JSON.stringify(text)) {
  let writes = 0
  return { write: (part: Part) => (writes++, answer(part)), writes: () => writes }
}

test('what is selected of a shared part is written once in each language', () => {
  const texts = createPartTexts(1_000_000)
  const { write, writes } = counted()
  const remembered = texts.remembered(write)
  const part = sharedPart('chicken')
  expect([english, english, korean, english, korean].map((one) => remembered(part, one))).toEqual(Array.from({ length: 5 }, () => '"chicken"'))
  expect(writes()).toBe(2)
})

test('another selection of the same part is written on its own', () => {
  const texts = createPartTexts(1_000_000)
  const part = sharedPart('salmon')
  const [name, length] = [texts.remembered(({ text }: Part) => JSON.stringify(text)), texts.remembered(({ text }: Part) => String(text.length))]
  expect([name(part, english), length(part, english), name(part, english), length(part, english)]).toEqual(['"salmon"', '6', '"salmon"', '6'])
})

test('of a part that nobody shares nothing is remembered, nor of one that is still being written', async () => {
  const texts = createPartTexts(1_000_000)
  const { write, writes } = counted()
  const remembered = texts.remembered(write)
  const own = { text: 'duck' }
  expect([remembered(own, english), remembered(own, english)]).toEqual(['"duck"', '"duck"'])
  expect(writes()).toBe(2)
  const later = counted(async ({ text }) => text)
  const rememberedLater = texts.remembered(later.write)
  expect([await rememberedLater(sharedPart('duck'), english), await rememberedLater(sharedPart('duck'), english)]).toEqual(['duck', 'duck'])
  expect(later.writes()).toBe(2)
})

test('when there is no more room all is written once more', () => {
  const texts = createPartTexts(1_000)
  const { write, writes } = counted()
  const remembered = texts.remembered(write)
  const parts = Array.from({ length: 20 }, (_, i) => sharedPart(`part ${i}`))
  const [first] = parts
  if (first === undefined) throw new Error('no parts')
  for (const part of parts) expect(remembered(part, english)).toBe(`"${part.text}"`)
  expect(remembered(first, english)).toBe('"part 0"')
  expect(writes()).toBe(21)
  expect(remembered(first, english)).toBe('"part 0"')
  expect(writes()).toBe(21)
})

test('nor does a place that is not asked any more keep what it has written', () => {
  const texts = createPartTexts(1_000)
  const [idle, busy] = [counted(), counted()]
  const [rememberedIdle, rememberedBusy] = [texts.remembered(idle.write), texts.remembered(busy.write)]
  const part = sharedPart('turkey')
  void rememberedIdle(part, english)
  for (let i = 0; i < 10; i++) void rememberedBusy(sharedPart(`other ${i}`), english)
  void rememberedIdle(part, english)
  expect(idle.writes()).toBe(2)
})
