import { LRUCache } from 'lru-cache'
import type { Locale } from '../../domain/codes.ts'
import type { Written } from './write-value.ts'

/**
 * What the items of a run say in one selection and one language is the same each time: a run that is held in memory is
 * never changed, and items ask nothing of their context but the language. So what is written of them a second time is
 * remembered, as bytes, for as long as there is room. The first time leaves a mark only: most selections are asked of a run
 * once, or are answered from kept answers ever after.
 *
 * JSON holds no control characters. So bytes stand in a text as their number between two NULs, until `assemble` puts them there.
 */
export type ItemTexts = {
  /** A number for what is selected of items in one place of one document. */
  nextSelection(): number
  write(items: object, selection: number, locale: Locale, bytes: Buffer[], writeAnew: () => Written): Written
}

const MARK_BYTES = 200
const SEEN_ONCE = Symbol('seen once')

export function createItemTexts(maxBytes: number): ItemTexts {
  const held = new LRUCache<string, Buffer | typeof SEEN_ONCE>({
    maxSize: maxBytes,
    sizeCalculation: (one) => MARK_BYTES + (one === SEEN_ONCE ? 0 : one.length),
  })
  // A run read anew is another object, whatever it says.
  const numbers = new WeakMap<object, number>()
  let last = 0
  let lastSelection = 0
  const numberOf = (items: object): number => {
    const known = numbers.get(items)
    if (known === undefined) numbers.set(items, ++last)
    return known ?? last
  }

  return {
    nextSelection: () => ++lastSelection,
    write: (items, selection, locale, bytes, writeAnew) => {
      const key = `${numberOf(items)} ${selection} ${locale}`
      const known = held.get(key)
      if (Buffer.isBuffer(known)) return `\0${bytes.push(known) - 1}\0`
      const text = writeAnew()
      if (typeof text === 'string') held.set(key, known === undefined ? SEEN_ONCE : Buffer.from(text))
      return text
    },
  }
}

/** Nothing is remembered. */
export const noItemTexts: ItemTexts = { nextSelection: () => 0, write: (_items, _selection, _locale, _bytes, writeAnew) => writeAnew() }

const NOTHING = Buffer.alloc(0)

/** The bytes of a text, with those that stand in it as their numbers. */
export function assemble(text: string, bytes: readonly Buffer[]): Buffer {
  if (bytes.length === 0) return Buffer.from(text)
  return Buffer.concat(text.split('\0').map((part, i) => (i % 2 === 0 ? Buffer.from(part) : (bytes[Number(part)] ?? NOTHING))))
}
