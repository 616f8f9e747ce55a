import { createTextIndex, type Hit } from '../../lib/text-index.ts'
import type { Locale } from '../codes.ts'
import { REFERENCES } from '../references/corpus.ts'
import type { Audience, Reference } from '../references/reference.ts'
import type { Explanation, RunItem } from '../run.ts'
import { roundTo } from '../scoring/rounding.ts'
import { figure } from '../wording/figure.ts'
import { fillTemplate } from '../wording/fill-template.ts'
import { findingFor } from './findings.ts'
import { isLargeBreed, isOverweight, questionsOf, type ExplainedPet } from './questions.ts'

/** Says how a text was made: found references, word for word, beside the item's own figures. Nothing was generated. */
export const MODEL = 'extractive-v1'
const CITED_AT_MOST = 4
/** A hit that holds less than this of what was asked is none. */
const LEAST_STRENGTH = 0.4
/** Below this an item's data leave so much open that the text says so. */
const DOUBTFUL_BELOW = 70

type Found = { reference: Reference; sentence: (locale: Locale) => string; weight: number; strength: number }

const index = createTextIndex(REFERENCES, ({ title, excerpt, keywords }) => `${title} ${excerpt} ${keywords}`)

const OPENING: Record<Locale, string> = { EN: 'Number {rank} for your pet, with a match score of {total}.', KO: '추천 {rank}위이며 종합 점수는 {total}점입니다.' }
const DOUBT: Record<Locale, string> = { EN: 'Its label leaves much open, so take this with care.', KO: '라벨에 확인되지 않은 정보가 많으므로 참고용으로만 활용해 주세요.' }

/**
 * The text tells what was found, the weightiest first, each finding beside the reference that it rests on; `citations`
 * are these references and no others. `confidence` is the mean strength of the hits, weighted as their questions, times
 * the item's own confidenceScore. Pure: the same item and pet give the same explanation.
 */
export function explainItem(item: RunItem, pet: ExplainedPet, locale: Locale, now: number): Explanation {
  const found = retrieve(item, pet)
  const opening = fillTemplate(OPENING[locale], { rank: String(item.rank), total: figure(item.matchScore) })
  const told = found.flatMap(({ reference, sentence }) => [sentence(locale), locale === 'KO' ? reference.korean : reference.excerpt])
  const doubt = item.confidenceScore < DOUBTFUL_BELOW ? [DOUBT[locale]] : []
  return {
    text: [opening, ...told, ...doubt].join(' '),
    confidence: roundTo((strengthOf(found) * item.confidenceScore) / 100, 2),
    citations: found.map(({ reference: { title, source, excerpt } }) => ({ title, source, excerpt })),
    generatedAt: now,
    model: MODEL,
  }
}

/**
 * For each question the best reference that is true of this pet and beside which the item has something to say. What two
 * questions lead to is told once, as the weightier.
 */
function retrieve(item: RunItem, pet: ExplainedPet): Found[] {
  const found = new Map<string, Found>()
  for (const { words, weight } of questionsOf(item, pet)) {
    const best = bestFor(words, item, pet)
    if (best === undefined) continue
    const { sentence, hit } = best
    const held = found.get(sentence('EN'))
    if (held === undefined || held.weight * held.strength < weight * hit.strength) found.set(sentence('EN'), { reference: hit.item, sentence, weight, strength: hit.strength })
  }
  return [...found.values()].sort((a, b) => b.weight * b.strength - a.weight * a.strength).slice(0, CITED_AT_MOST)
}

function bestFor(words: string, item: RunItem, pet: ExplainedPet): { hit: Hit<Reference>; sentence: Found['sentence'] } | undefined {
  for (const hit of index.search(words, LEAST_STRENGTH)) {
    if (!isFor(hit.item.audience, pet)) continue
    const sentence = findingFor(hit.item, item, pet)
    if (sentence !== undefined) return { hit, sentence }
  }
  return undefined
}

function isFor(audience: Audience, pet: ExplainedPet): boolean {
  const { species, stages, isNeutered } = audience
  return (
    (species === undefined || species === pet.species) &&
    (stages === undefined || stages.includes(pet.ageStage)) &&
    (isNeutered === undefined || isNeutered === (pet.isNeutered === true)) &&
    (audience.isLargeBreed === undefined || isLargeBreed(pet)) &&
    (audience.isOverweight === undefined || isOverweight(pet))
  )
}

function strengthOf(found: readonly Found[]): number {
  const whole = found.reduce((sum, { weight }) => sum + weight, 0)
  return whole === 0 ? 0 : found.reduce((sum, { weight, strength }) => sum + weight * strength, 0) / whole
}
