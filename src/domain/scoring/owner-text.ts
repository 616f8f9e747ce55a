import { fold, isKorean, ownerWord, tokens, type OwnerWord } from './owner-words.ts'

const SEPARATOR = /[,;/\n\r|&+·、]|(?<![\p{L}\p{N}])(?:and|or)(?![\p{L}\p{N}])|그리고|(?:이랑|하고|및|랑)(?=\s|$)/u

const setOf = (words: string) => new Set(words.split(' '))
/** What people write round the name of a food. */
const FILLER = setOf(
  'no none not nothing any all the an to unknown is has very my pet dog cat please avoid ' +
    'allergy allergies allergic allergen allergens intolerance intolerant sensitive sensitivity ' +
    '없음 없어요 없습니다 모름 알레르기 알러지 있음 있어요 있습니다 못 먹어요 먹음 안 안됨 제외 등 및',
)
/** What names nothing without its neighbour, and stands in every second label. */
const GENERIC = setOf(
  'some of in from with by for food foods product products byproduct byproducts ingredient ingredients ' +
    'oil oils fat fats meal meals meat meats protein proteins powder extract flour starch fiber fibre pulp bran hull hulls root seed seeds ' +
    'broth stock flavor flavors flavour flavours color colors colour colours natural artificial additive additives ' +
    'preservative preservatives vitamin vitamins mineral minerals supplement acid ' +
    'sauce gravy red white green brown black yellow sweet wild dried fresh raw whole ground hydrolyzed hydrolysed isolate concentrate ' +
    '오일 기름 분말 가루 추출물 단백질 지방 육수 고기 육류 사료 간식 원료 성분 비타민 미네랄 첨가물 보존료 색소 향료',
)

/**
 * What an owner wrote of a pet's other allergies, taken apart: each phrase between separators, and, to be on the safe
 * side, each word of it that names a food alone. So "salmon oil" excludes salmon and not every oil, and "salmon tuna"
 * excludes either.
 */
export function wordsOfFreeText(text: string): OwnerWord[] {
  const terms = new Set<string>()
  for (const phrase of fold(text).split(SEPARATOR)) {
    const words = tokens(phrase).map(withoutParticle)
    const named = trimmed(words, (word) => FILLER.has(word))
    if (named.some(namesSomething)) terms.add(named.join(' '))
    for (const word of named) if (namesSomething(word) && !GENERIC.has(word) && !FILLER.has(word)) terms.add(word)
  }
  return Array.from(terms).flatMap(ownerWord)
}

// The "a" of "n/a" or of "vitamin a" would stand in every label. One syllable of Korean (닭, 콩) is a word.
const namesSomething = (word: string) => isKorean(word) || (word.length > 1 && /\p{L}/u.test(word))

function trimmed(words: readonly string[], isFiller: (word: string) => boolean): readonly string[] {
  const from = words.findIndex((word) => !isFiller(word))
  return from === -1 ? [] : words.slice(from, words.findLastIndex((word) => !isFiller(word)) + 1)
}

// 닭고기와, 연어를: a particle hides the noun from a search. Its form depends on the sound before it, which is why 사과
// (apple) keeps its 과; a noun cut by mistake is still found, being found anywhere.
const PARTICLES = { afterConsonant: '과을은이에', afterVowel: '와를는가에' }
const FIRST_SYLLABLE = 0xac00
const FINALS = 28

function withoutParticle(word: string): string {
  const [stem, ending] = [word.slice(0, -1), word.slice(-1)]
  if (stem.length < 2 || !isKorean(stem.slice(-1))) return word
  const endsInConsonant = (stem.charCodeAt(stem.length - 1) - FIRST_SYLLABLE) % FINALS > 0
  return (endsInConsonant ? PARTICLES.afterConsonant : PARTICLES.afterVowel).includes(ending) ? stem : word
}
