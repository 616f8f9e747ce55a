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

type Texts = Record<Locale, WeakMap<object, string>>
const noTexts = (): Texts => ({ EN: new WeakMap(), KO: new WeakMap() })

/** Beside the characters, of a text. */
const ENTRY_BYTES = 100

/**
 * Nobody is told when a part is let go. So bytes are only ever added up, and when `maxBytes` of them have been written all
 * that is remembered is forgotten at once: parts that stay are written once more then.
 */
export function createPartTexts(maxBytes: number): PartTexts {
  let round = 0
  let bytes = 0
  const count = (text: string) => {
    bytes += ENTRY_BYTES + text.length
    if (bytes <= maxBytes) return
    bytes = 0
    round++
  }

  return {
    remembered: (write) => {
      let texts = noTexts()
      let since = round
      return (part, execution) => {
        if (since !== round) {
          since = round
          texts = noTexts()
        }
        const inLanguage = texts[execution.context.locale]
        const known = inLanguage.get(part)
        if (known !== undefined) return known
        const text = write(part, execution)
        if (typeof text !== 'string' || !isShared(part)) return text
        // Of its own: put together, a text keeps the pieces.
        const own = Buffer.from(text, 'latin1').toString('latin1')
        inLanguage.set(part, own)
        count(own)
        return own
      }
    },
  }
}
