// Words long and odd enough that one wrong letter leaves no doubt of what was meant. Short words stay out:
// "wheat" is one letter from "heat", "butter" from "bitter", "lactose" from "lactase".
const REPAIRABLE = [
  'chicken', 'turkey', 'salmon', 'mackerel', 'herring', 'sardine', 'anchovy', 'whitefish', 'potato', 'soybean', 'poultry', 'menhaden',
]
const NOT_A_MISTAKE = new Set(['hearing', 'paltry'])

const KNOWN_MISTAKES: Readonly<Record<string, string>> = {
  chickory: 'chicory',
  hydrolized: 'hydrolyzed',
  hydrolised: 'hydrolysed',
  hydrolyzates: 'hydrolysate',
  maze: 'maize',
  tunny: 'tuna',
  pototoe: 'potato',
  potatoe: 'potato',
  soyabean: 'soybean',
  pilchird: 'pilchard',
  yoghurt: 'yogurt',
  yogourt: 'yogurt',
  flavour: 'flavor',
  flavouring: 'flavor',
  flavoring: 'flavor',
  flavoured: 'flavor',
  flavored: 'flavor',
  aroma: 'flavor',
  colour: 'color',
  colouring: 'color',
  coloring: 'color',
  colourant: 'color',
  colorant: 'color',
  fibre: 'fiber',
}

/** The word as it is usually written: one spelling for British and American, and slips of a letter mended. */
export function repairSpelling(word: string): string {
  const known = Object.hasOwn(KNOWN_MISTAKES, word) ? KNOWN_MISTAKES[word] : undefined
  if (known !== undefined) return known
  if (word.length < 6 || word.length > 10 || NOT_A_MISTAKE.has(word)) return word
  return REPAIRABLE.find((right) => right[0] === word[0] && isOneSlipAway(word, right)) ?? word
}

/** One letter wrong, missing, doubled or extra, or two neighbours exchanged. */
function isOneSlipAway(word: string, right: string): boolean {
  if (word === right || Math.abs(word.length - right.length) > 1) return false
  let at = 0
  while (at < word.length && word[at] === right[at]) at++
  const rest = (text: string, skipped: number) => text.slice(at + skipped)
  if (word.length > right.length) return rest(word, 1) === rest(right, 0)
  if (word.length < right.length) return rest(word, 0) === rest(right, 1)
  const isExchanged = word[at] === right[at + 1] && word[at + 1] === right[at] && rest(word, 2) === rest(right, 2)
  return isExchanged || rest(word, 1) === rest(right, 1)
}
