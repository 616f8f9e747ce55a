// Full-width signs, ligatures and odd blanks only: NFKC of everything would let one sign grow to eighteen.
const COMPATIBILITY_FORMS = /[\uff00-\uffef\ufb00-\ufb06\u2000-\u200a\u3000\u00a0]/g

/** Lower case, one kind of each quote, dash and space, nothing invisible: what every later step may take for granted. */
export function normaliseText(text: string): string {
  return text
    .replace(/[®™©]/g, '')
    .replace(COMPATIBILITY_FORMS, (it) => it.normalize('NFKC'))
    .replace(/[<≪]\/?[a-z]{1,6}>/gi, ' ')
    .replace(/&amp;?/gi, '&')
    .replace(/&nbsp;?/gi, ' ')
    .replace(/(?<=\p{Ll})(?=\p{Lu}\p{Ll}{2})/gu, ' ')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu, (it) => (/[\n\r\t\v\f]/.test(it) ? (it === '\n' ? '\n' : ' ') : ''))
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/[“”«»≪≫]/g, '"')
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(/[^\S\n]/g, ' ')
    .replace(/ {2,}/g, ' ')
}

/** A pattern from its alternatives, one of which must stand between what comes before and behind. */
const oneOf = (before: string, alternatives: readonly string[], behind = '') =>
  new RegExp(`${before}(?:${alternatives.join('|')})${behind}`)

const INCLUSION =
  / (?:including|incl\.?|of which|comprising|containing|(?:naturally )?preserved? (?:naturally )?with|stabili[sz]ed with|such as) /g

/** "Cereals including 4% rice" names cereals, and rice within them. */
export const splitInclusion = (text: string): string[] => text.replace(/ including and /g, ' including ').split(INCLUSION)

// One ingredient by law or by habit, although "and" stands in it. What is left of the "and", or what is right of it.
const LEFT_STAYS = oneOf('(?:^|[ -])', [
  'meats?', 'fish', 'oils?', 'fats?', 'mono', 'natural', 'artificial', 'milk', 'eggs?', 'yeasts?', 'molluscs', 'dried',
  'broken down', String.raw`omega \d`, 'spice', 'parmesan', 'mono -',
], '$')
const RIGHT_STAYS = oneOf('^', [
  'animal', 'fish', 'milk', 'egg', 'derivatives', 'by-?products', 'parts thereof', String.raw`fats?\b`, String.raw`oils?\b`,
  String.raw`bones?\b`, String.raw`organs?\b`, 'offal', String.raw`livers?\b`, String.raw`hearts?\b`, String.raw`gizzards?\b`,
  String.raw`lungs?\b`, String.raw`spleens?\b`, String.raw`kidneys?\b`, 'wing', String.raw`necks?\b`, 'ground', 'finely',
  'hydrolysed', 'de-sugared', 'other', 'yeast extract', String.raw`\d+(?: fatty|$)`,
])

/** "Dried peas & carrots" are two; "meat and animal derivatives", "duck hearts and liver" are one. */
export function splitConjunction(text: string): string[] {
  const names: string[][] = []
  for (const part of text.split(/ (?:and|&|\+) (?=.)/)) {
    const name = names.at(-1)
    const left = name?.at(-1)?.slice(-40)
    if (left !== undefined && (LEFT_STAYS.test(left) || RIGHT_STAYS.test(part.slice(0, 40)))) name?.push(part)
    else names.push([part])
  }
  return names.map((name) => name.join(' and '))
}

// Counts are bounded so that a run of a hundred thousand digits is read once and not once for each of them.
const AMOUNT = /\d{1,9}(?:[.,] ?\d{1,9})?(?: ?[x×] ?\d{1,9})? ?(?:%|(?:mg|mcg|µg|μg|ug|g|iu|cfu|kcal|cells|per)\b(?: ?\/ ?(?:kg|lb|g)\b)?)/g
const LEADS = oneOf('^', [
  'including', String.raw`incl\.?`, 'of which', 'comprising(?: of)?', 'containing',
  'contains?(?: one or more of(?: the following)?)?', 'may contain(?: traces of)?', 'from', 'with', 'plus', 'and', 'or', '&', 'of',
  'minimum', String.raw`min\.?`, String.raw`max\.?`, 'at least', String.raw`approx\.?`, 'equivalent to', 'preserved? with', 'total',
], '(?: |$)')
const MOST_LEADS = 4
const TRAILING_REMARK = / (?:(?:used )?as (?:a )?preservatives?|added to preserve freshness|for (?:added )?freshness|naturally)$/
const EDGE = ' \n\t.\'"*+-/\\^<>=~&#!?_$@±†‡§°'

/** The name alone: without percentages, amounts and words that only lead to it. */
export function cleanName(text: string): string {
  let name = trimEdges(text.replace(AMOUNT, ' ').replace(/%/g, ' ').replace(/\s{2,}/g, ' '))
  for (let turn = 0; turn < MOST_LEADS && LEADS.test(name); turn++) name = trimEdges(name.replace(LEADS, ''))
  return trimEdges(name.replace(TRAILING_REMARK, ''))
}

// By hand: /[ .]+$/ tries every start of a long run of blanks again.
function trimEdges(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && EDGE.includes(text.charAt(from))) from++
  while (to > from && EDGE.includes(text.charAt(to - 1))) to--
  return text.slice(from, to)
}

const LOT_CODE = /^[a-z]{0,2}-?\d{4,12}(?:-[a-z\d]{1,6})?$/
const HEADINGS = new Set([
  'ingredients', 'composition', 'essential nutrients and other ingredients', 'essential nutrients', 'other ingredients', 'new',
  'new formula', 'new ingredient panel', 'additives', 'nutritional additives', 'technological additives', 'zootechnical additives',
  'sensory additives', 'per kg', 'kg', 'total', '원재료', '원료', '원재료명',
])

/** Numbers, lot codes and headings stand in the list but name nothing. */
export const isNoise = (name: string): boolean => !/\p{L}/u.test(name) || LOT_CODE.test(name) || HEADINGS.has(name)

const REMARK = oneOf('^ ?(?:an? )?', [
  '(?:rich |natural )?sources? of', 'form of', 'used as', 'as an?', 'added to', 'to ', 'for ', 'rich in',
  String.raw`content\/proportion`, 'meat content', 'proportion of', 'may contain', 'suitable for', 'not recognized', 'no ',
  'an? (?:natural|essential) ', 'targeted selection', 'blend of essential',
  '(?:the|this|our) (?:formula|recipe|food|product|selected|moderate|promotes)', 'is ', 'reduced (?:number|risk|magnesium)',
])
const PROCESS = new Set([
  'dried', 'dehydrated', 'fresh', 'freeze-dried', 'ground', 'dried and ground', 'finely ground', 'raw', 'cooked', 'autolyzed',
  'extracted', 'desugared', 'de-sugared', 'sugar removed', 'sugar reduced', 'cold pressed', 'cold-pressed', 'shelled', 'viable',
  'hydrolysed', 'partially hydrolysed', 'sufficient for processing', 'color', 'colour', 'preservative', 'preservatives',
  'a preservative', 'natural preservative', 'a natural preservative', 'probiotic', 'probiotics', 'prebiotic', 'prebiotics',
])

/** A remark says something about an ingredient or the food and adds none. */
export const isNote = (text: string, isInBracket: boolean): boolean =>
  REMARK.test(text.slice(0, 60)) || (isInBracket && PROCESS.has(cleanName(text)))
