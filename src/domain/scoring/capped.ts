import type { Note } from './reason-codes.ts'
import { roundTo } from './rounding.ts'

/** Points within 0 and a maximum; what that takes or gives is told, so that the reasons of a part add up to it. */
export function within(part: string, points: number, most: number, note?: Note): number {
  if (points > most) note?.('CAPPED_AT_MAXIMUM', roundTo(most - points, 2), { part, most })
  if (points < 0) note?.('RAISED_TO_ZERO', roundTo(-points, 2), { part })
  return Math.min(most, Math.max(0, points))
}
