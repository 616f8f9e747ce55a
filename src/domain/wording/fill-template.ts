const SLOT = /\{(?<name>\w+)(?::(?<particle>[^}]+))?\}/g

/** `{name}` or `{name:을/를}` as it is written, and the text after it. */
type Slot = { written: string; name: string; particle: string | undefined; after: string }
type Parsed = { before: string; slots: readonly Slot[] }

/** Templates are literals of this program, so these are never more than it has. */
const parsed = new Map<string, Parsed>()

/**
 * Puts words into `{name}`. `{name:을/를}` adds the Korean particle that fits the word's last sound, the form after a
 * consonant first. A name without a word stays visible as it is written.
 */
export const fillTemplate = (template: string, words: Readonly<Record<string, string>>): string => fillTemplateWith(template, (name) => words[name])

/** The same, where words are made as they are needed. */
export function fillTemplateWith(template: string, wordOf: (name: string) => string | undefined): string {
  const { before, slots } = parsed.get(template) ?? parse(template)
  let text = before
  for (const { written, name, particle, after } of slots) {
    const word = wordOf(name)
    text += word === undefined ? written : particle === undefined ? word : word + fitting(word, particle)
    text += after
  }
  return text
}

function parse(template: string): Parsed {
  const found = [...template.matchAll(SLOT)]
  const slots = found.map((slot, i) => {
    const [written, name = '', particle] = slot
    return { written, name, particle, after: template.slice(slot.index + written.length, found[i + 1]?.index) }
  })
  const result = { before: template.slice(0, found[0]?.index), slots }
  parsed.set(template, result)
  return result
}

const FIRST_SYLLABLE = 0xac00
const LAST_SYLLABLE = 0xd7a3
const FINALS = 28

function fitting(word: string, particle: string): string {
  const [afterConsonant = '', afterVowel = ''] = particle.split('/')
  const last = word.charCodeAt(word.length - 1)
  // How a Latin word or a figure is pronounced is not written, so both forms stand, as Korean prints them: 을(를).
  if (!(last >= FIRST_SYLLABLE && last <= LAST_SYLLABLE)) return `${afterConsonant}(${afterVowel})`
  return (last - FIRST_SYLLABLE) % FINALS > 0 ? afterConsonant : afterVowel
}
