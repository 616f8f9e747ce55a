import { LRUCache } from 'lru-cache'
import type { Locale } from '../../domain/codes.ts'
import { createSightings } from '../../lib/sightings.ts'
import type { Written } from './write-value.ts'

/**
 * What the items of a run say in one selection and one language is the same each time: a run that is held in memory is
 * never changed, and items ask nothing of their context but the language. So what is written of them a third time is
 * remembered, as bytes, for as long as there is room. Before that nothing is: most selections are asked of a run
 * once, and what is asked for again is kept as a whole answer the second time, and is written no more.
 *
 * JSON holds no control characters. So bytes stand in a text as their number between two NULs, until `assemble` puts them there.
 */
export type ItemTexts = {
  /** A number for what is selected of items in one place of one document. */
  nextSelection(): number
  write(items: object, selection: number, locale: Locale, bytes: Buffer[], writeAnew: () => Written): Written
}

/** Beside its bytes, of an entry. */
const ENTRY_BYTES = 200
/** A quarter of a megabyte each. */
const SIGHTINGS = 65_536

export function createItemTexts(maxBytes: number): ItemTexts {
  const held = new LRUCache<string, Buffer>({ maxSize: maxBytes, sizeCalculation: ({ length }) => ENTRY_BYTES + length })
  const [once, twice] = [createSightings(SIGHTINGS), createSightings(SIGHTINGS)]
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
      if (known !== undefined) return `\0${bytes.push(known) - 1}\0`
      const text = writeAnew()
      if (typeof text === 'string' && once.again(key) && twice.again(key)) held.set(key, Buffer.from(text, 'latin1'))
      return text
    },
  }
}

/** Nothing is remembered. */
export const noItemTexts: ItemTexts = { nextSelection: () => 0, write: (_items, _selection, _locale, _bytes, writeAnew) => writeAnew() }

const NOTHING = Buffer.alloc(0)

/** The bytes of a text, with those that stand in it as their numbers. */
export function assemble(text: string, bytes: readonly Buffer[]): Buffer {
  if (bytes.length === 0) return Buffer.from(text, 'latin1')
  return Buffer.concat(text.split('\0').map((part, i) => (i % 2 === 0 ? Buffer.from(part, 'latin1') : (bytes[Number(part)] ?? NOTHING))))
}
