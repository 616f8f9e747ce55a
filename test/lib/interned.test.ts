import { expect, test } from 'vitest'
import { createDerived, createInterned, internedText, isShared } from '../../src/lib/interned.ts'

type Word = { letters: string[] }
const readWord = (text: string): Word | undefined => (text === '' ? undefined : { letters: text.split('') })
const wordOf = (read: (text: string) => Word | undefined, text: string): Word => {
  const word = read(text)
  if (word === undefined) throw new Error(`no word: ${text}`)
  return word
}

test('from the second time on a text is one value for all who read it', () => {
  const { read } = createInterned(100_000, readWord)
  const first = wordOf(read, 'meal')
  const second = wordOf(read, 'meal')
  expect(second).toEqual(first)
  expect([isShared(first), isShared(second)]).toEqual([false, false])
  expect(read('meal')).toBe(second)
  expect([isShared(first), isShared(second), internedText(second)]).toEqual([false, true, 'meal'])
  expect(read('meat')).toEqual({ letters: ['m', 'e', 'a', 't'] })
})

test('what is shared cannot be changed, all the way down', () => {
  const { read } = createInterned(100_000, readWord)
  read('meal')
  const shared = wordOf(read, 'meal')
  expect(read('meal')).toBe(shared)
  expect(() => shared.letters.push('s')).toThrow(TypeError)
  expect(() => Object.assign(shared, { letters: [] })).toThrow(TypeError)
  expect(read('meal')).toEqual({ letters: ['m', 'e', 'a', 'l'] })
})

test('what cannot be read is no value, however often it comes', () => {
  const { read } = createInterned(100_000, readWord)
  expect([read(''), read(''), read('')]).toEqual([undefined, undefined, undefined])
})

test('no more is remembered than there is room for, and what was pushed out is read anew', () => {
  let reads = 0
  const { read } = createInterned(10_000, (text) => (reads++, readWord(text)))
  const texts = Array.from({ length: 100 }, (_, i) => `word ${i}`)
  for (const text of [...texts, ...texts]) read(text)
  const before = reads
  const newest = texts.slice(-5).map(read)
  expect(reads).toBe(before)
  expect(newest.every((word) => word !== undefined && isShared(word))).toBe(true)
  for (const text of texts.slice(0, 50)) read(text)
  expect(reads).toBe(before + 50)
})

test('what was pushed out is its holder\'s own', () => {
  const { read } = createInterned(10_000, readWord)
  const [, , held] = [read('meal'), read('meal'), wordOf(read, 'meal')]
  expect(isShared(held)).toBe(true)
  for (let i = 0; i < 100; i++) for (let time = 0; time < 2; time++) read(`word ${i}`)
  expect([isShared(held), internedText(held)]).toEqual([false, undefined])
})

test('of a shared value something is made once, of any other each time', () => {
  const { read } = createInterned(100_000, readWord)
  const lengthOf = createDerived(({ letters }: Word) => ({ length: letters.length }))
  const own = wordOf(read, 'meal')
  read('meal')
  const shared = wordOf(read, 'meal')
  expect(lengthOf(own)).not.toBe(lengthOf(own))
  expect(lengthOf(shared)).toBe(lengthOf(shared))
  expect(lengthOf(shared)).toEqual({ length: 4 })
  expect([isShared(lengthOf(own)), isShared(lengthOf(shared)), internedText(lengthOf(shared))]).toEqual([false, true, undefined])
  expect(() => Object.assign(lengthOf(shared), { length: 5 })).toThrow(TypeError)
})
