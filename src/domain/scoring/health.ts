import type { Product } from '../product.ts'
import { within } from './capped.ts'
import type { Profile } from './profile.ts'
import type { Note } from './reason-codes.ts'
import { CONCERN_FACTOR, CONCERN_PRIORITY_FACTOR, CONCERN_TAG, CONCERN_WEIGHT, FITNESS_PARTS } from './weights.ts'

/** Of 30, over all concerns that count for this request; none, then no points. */
export function healthPoints(profile: Profile, { features }: Product, note?: Note): number {
  let points = 0
  for (const concern of profile.concerns) {
    const tag = CONCERN_TAG[concern]
    const isTagged = tag !== null && features.benefitTags.includes(tag)
    if (!isTagged && !features.concernWords.includes(concern)) {
      note?.('CONCERN_UNANSWERED', 0, { concern })
      continue
    }
    const given = CONCERN_WEIGHT[concern] * (profile.areEmphasized ? CONCERN_FACTOR.emphasized : CONCERN_FACTOR[isTagged ? 'tag' : 'word'])
    note?.(profile.areEmphasized ? 'CONCERN_EMPHASIZED' : isTagged ? 'CONCERN_TAG' : 'CONCERN_WORD', given, { concern })
    points += given
  }
  if (profile.hasConcernPriority && points > 0) {
    const added = points * (CONCERN_PRIORITY_FACTOR - 1)
    note?.('CONCERN_PRIORITY', added)
    points += added
  }
  return within('health', points, FITNESS_PARTS.health, note)
}
