const SLOT = /\{(?<name>\w+)(?::(?<particle>[^}]+))?\}/g

/**
 * Puts words into `{name}`. `{name:을/를}` adds the Korean particle that fits the word's last sound, the form after a
 * consonant first. A name without a word stays visible as it is written.
 */
export const fillTemplate = (template: string, words: Readonly<Record<string, string>>): string =>
  template.replace(SLOT, (slot: string, name: string, particle: string | undefined) => {
    const word = words[name]
    if (word === undefined) return slot
    return particle === undefined ? word : word + fitting(word, particle)
  })

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
