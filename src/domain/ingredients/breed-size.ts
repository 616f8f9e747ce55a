import type { BreedSize } from '../product.ts'
import { createPhraseMatcher, phrasesOf } from './phrase-matcher.ts'
import { toUnits } from './words.ts'

const SIZES: readonly BreedSize[] = ['small', 'medium', 'large']

/** In a size label every size word counts; breeds stand for their size. */
const LABEL_WORDS: readonly (readonly [BreedSize, string])[] = [
  ['small', 'toy, small, extra small, x small, mini, miniature, tiny, pug, french bulldog, shih tzu, yorkshire terrier, yorkie'],
  ['small', 'chihuahua, dachshund, pomeranian, maltese, bichon, papillon'],
  ['small', 'cavalier, jack russell, poodle miniature, miniature schnauzer, miniature poodle, toy poodle, west highland, westie'],
  ['small', 'boston terrier, pekingese, 소형, 초소형, 미니, 말티즈, 푸들'],
  ['medium', 'medium, midi, beagle, cocker spaniel, bulldog, border collie, corgi, staffordshire, springer, whippet, 중형, 미디움'],
  ['large', 'large, giant, maxi, greyhound, lurcher, german shepherd, dalmatian, boxer, labrador, golden retriever, rottweiler'],
  ['large', 'great dane, husky, doberman, 대형, 초대형, 라지, 맥시'],
]

/** In a name "small bites" and "large chunks" speak of the food: a size counts beside "breed", or as a word used for dogs alone. */
const NAME_WORDS: readonly (readonly [BreedSize, string])[] = [
  ['small', 'small breed, toy breed, small dog, mini dog, small adult, adult small, adult mini, mini adult, mini puppy, mini junior'],
  ['small', 'mini indoor, mini senior, x small, extra small'],
  ['small', 'chihuahua, shih tzu, yorkshire terrier, dachshund, pomeranian, pug, maltese, french bulldog, jack russell'],
  ['small', 'miniature schnauzer, west highland, bichon, 소형견, 초소형견'],
  ['medium', 'medium breed, medium dog, medium adult, adult medium, medium puppy, beagle, cocker spaniel, bulldog, border collie, 중형견'],
  ['large', 'large breed, giant breed, large dog, maxi, giant adult, giant puppy, large adult, adult large, labrador, german shepherd'],
  ['large', 'golden retriever, rottweiler, boxer, great dane, 대형견, 초대형견'],
]

const findInLabel = createPhraseMatcher(phrasesOf(LABEL_WORDS))
const findInName = createPhraseMatcher(phrasesOf(NAME_WORDS))

/** Both normalised. Empty where all sizes are meant, or none is said. "All dogs except toy breeds" leaves every size in. */
export function breedSizesOf(label: string | null, name: string): BreedSize[] {
  if (label !== null && /\b(?:all|every|any)\b|모든|전견종/.test(label)) return []
  const found = new Set((label === null ? findInName(toUnits(name)) : findInLabel(toUnits(label))).map(({ value }) => value))
  if (label === null) for (const size of pairedSizes(name)) found.add(size)
  return found.size === SIZES.length ? [] : SIZES.filter((size) => found.has(size))
}

// "Small & medium breed": the first size stands beside "breed" only through the second.
function pairedSizes(name: string): BreedSize[] {
  const pair = /\b(toy|small|medium|large) ?(?:&|and|\/|,) ?(medium|large|giant|small) (?:breed|dog)/.exec(name)?.slice(1) ?? []
  return pair.flatMap((word) => findInLabel(toUnits(word)).map(({ value }) => value))
}
