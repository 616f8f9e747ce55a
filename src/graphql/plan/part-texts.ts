import type { Locale } from '../../domain/codes.ts'
import { isShared } from '../../lib/interned.ts'
import type { Execution, Written } from './write-value.ts'

/**
 * What is written of a part that runs share (see domain/run-parts.ts) is the same in all their answers: a part is never
 * changed, and what it says depends on nothing but what is selected of it and the language. So it is written once, for as
 * long as the part is held and there is room.
 */
export type PartTexts = {
  /** The same writing, remembered: of what is selected in one place of one document. */
  remembered<T extends object>(write: (part: T, execution: Execution) => Written): (part: T, execution: Execution) => Written
}

type ByLanguage = Record<Locale, WeakMap<object, string>>

/** Beside the characters, of a text. */
const ENTRY_BYTES = 100

/**
 * Nobody is told when a part is let go. So bytes are only ever added up, and when `maxBytes` of them have been written all
 * that is remembered is forgotten at once: parts that stay are written once more then.
 */
export function createPartTexts(maxBytes: number): PartTexts {
  let bytes = 0
  /** Of all places that remember something, also of plans that nobody asks for any more. */
  const forget = new Set<() => void>()
  const count = (text: string) => {
    bytes += ENTRY_BYTES + text.length
    if (bytes <= maxBytes) return
    for (const one of forget) one()
    forget.clear()
    bytes = 0
  }

  return {
    remembered: (write) => {
      let texts: ByLanguage | undefined
      const forgetThese = () => void (texts = undefined)
      return (part, execution) => {
        const { locale } = execution.context
        const known = texts?.[locale].get(part)
        if (known !== undefined) return known
        const text = write(part, execution)
        if (typeof text !== 'string' || !isShared(part)) return text
        // Of its own: put together, a text keeps the pieces.
        const own = Buffer.from(text, 'latin1').toString('latin1')
        texts ??= { EN: new WeakMap(), KO: new WeakMap() }
        texts[locale].set(part, own)
        forget.add(forgetThese)
        count(own)
        return own
      }
    },
  }
}
