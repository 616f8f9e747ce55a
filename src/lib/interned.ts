import { LRUCache } from 'lru-cache'
import { createSightings } from './sightings.ts'

/**
 * Values that texts are read as, where the same texts come again and again: the same text is the same value, for as long as
 * there is room to remember it. Whoever holds one shares it, so it is frozen, all the way down.
 *
 * A text is remembered when it comes for the second time: most of a long tail never does, and what is remembered and pushed
 * out again is dear to collect (docs/decisions/024).
 */
export type Interned<T extends object> = {
  /** Undefined for what cannot be read. */
  read(text: string): T | undefined
}

/** Bytes of a value and its text for each character of it, where each takes two, and what it takes to remember them. */
const BYTES_PER_CHARACTER = 4
const ENTRY_BYTES = 300
/** Many times as many as there is room for; a quarter of a megabyte. */
const SIGHTINGS = 65_536

/** Every value that is shared now; with its text, where it was read as one. */
const shared = new WeakMap<object, string | undefined>()

/** From the first time that somebody else gets it, until it is pushed out: what nobody will get again is its holder's own. */
export const isShared = (value: object): boolean => shared.has(value)

/** What a shared value was read as. Undefined for any other. */
export const internedText = (value: object): string | undefined => shared.get(value)

export function createInterned<T extends object>(maxBytes: number, readAnew: (text: string) => T | undefined): Interned<T> {
  const held = new LRUCache<string, { value: T; text: string; isShared: boolean }>({
    maxSize: maxBytes,
    sizeCalculation: ({ text }) => ENTRY_BYTES + BYTES_PER_CHARACTER * text.length,
    dispose: ({ value }) => void shared.delete(value),
  })
  const seen = createSightings(SIGHTINGS)
  return {
    read: (text) => {
      const known = held.get(text)
      if (known !== undefined) {
        if (!known.isShared) shared.set(known.value, known.text)
        known.isShared = true
        return known.value
      }
      const value = readAnew(text)
      if (value === undefined || !seen.again(text)) return value
      // Of its own: a piece of a longer text would keep all of it.
      const own = Buffer.from(text).toString()
      freeze(value)
      held.set(own, { value, text: own, isShared: false })
      return value
    },
  }
}

/** What is made of a value: of a shared one it is made once, and is shared as well. */
export function createDerived<T extends object, Made extends object>(make: (value: T) => Made): (value: T) => Made {
  const madeOf = new WeakMap<T, Made>()
  return (value) => {
    const known = madeOf.get(value)
    if (known !== undefined) return known
    const made = make(value)
    if (!isShared(value)) return made
    freeze(made)
    shared.set(made, undefined)
    madeOf.set(value, made)
    return made
  }
}

function freeze(value: object): void {
  Object.freeze(value)
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner)
}
