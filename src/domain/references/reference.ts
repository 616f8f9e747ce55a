import type { AgeStage, Allergen, HealthConcern, Species } from '../codes.ts'
import type { HarmfulCode } from '../product.ts'
import type { ReasonCode } from '../scoring/reason-codes.ts'

/** What a reference speaks of. It decides which of an item's own figures stands beside it. Percent are of dry matter. */
export type Subject =
  | { kind: 'protein' | 'fat'; minPct: number }
  | { kind: 'minerals'; calciumMinPct: number; phosphorusMinPct: number; calciumMaxPct: number | null }
  | { kind: 'energy' | 'estimated-energy' | 'body-condition' | 'avoidance' }
  /** `toldOf`: the reasons that it can stand beside. */
  | { kind: 'life-stage'; toldOf: readonly ReasonCode[] }
  | { kind: 'allergen'; allergen: Allergen }
  | { kind: 'harmful'; harmful: HarmfulCode }
  | { kind: 'concern'; concern: HealthConcern }

/** Which pets a reference is true of. What is absent does not matter. */
export type Audience = { species?: Species; stages?: readonly AgeStage[]; isNeutered?: boolean; isLargeBreed?: true; isOverweight?: true }

/** One fact of pet nutrition. Its figures are the published ones; its words are ours. */
export type Reference = {
  id: string
  subject: Subject
  audience: Audience
  title: string
  source: string
  /** One or two English sentences, used as they stand. */
  excerpt: string
  /** The same in Korean, with the same figures. */
  korean: string
  /** Further words to be found by. */
  keywords: string
}

export const GROWING: readonly AgeStage[] = ['PUPPY']
export const GROWN: readonly AgeStage[] = ['ADULT', 'SENIOR']
