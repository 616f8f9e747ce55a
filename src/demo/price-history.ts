import { createHash } from 'node:crypto'
import type { PriceObservation } from '../domain/prices.ts'

const DAYS = 60
const DAY_MS = 24 * 60 * 60 * 1000
/** One offer in this many has just become cheaper than in all the days before. */
const NEW_LOW_EVERY = 7

/**
 * Sixty days of prices that end with `lastDay`: a usual price that moves a little every week or two, and sales of a few
 * days. The same for the same `key`, for ever. `usual` and the prices are whole multiples of `step`.
 */
export function priceHistory(key: string, usual: number, step: number, lastDay: string): PriceObservation[] {
  const draw = seededDraws(key)
  const endsLow = draw() < 1 / NEW_LOW_EVERY
  let level = 1
  let saleDaysLeft = 0
  let discount = 0
  const prices = Array.from({ length: DAYS }, () => {
    if (draw() < 0.1) level = 0.97 + draw() * 0.08
    if (saleDaysLeft > 0) saleDaysLeft--
    else if (draw() < 0.04) {
      saleDaysLeft = 2 + Math.floor(draw() * 4)
      discount = 0.06 + draw() * 0.1
    }
    return toStep(usual * level * (saleDaysLeft > 0 ? 1 - discount : 1), step)
  })
  if (endsLow) prices[DAYS - 1] = toStep(Math.min(...prices) * (0.9 + draw() * 0.06), step)
  const end = Date.parse(lastDay)
  return prices.map((price, day) => ({ observedOn: new Date(end - (DAYS - 1 - day) * DAY_MS).toISOString().slice(0, 10), price }))
}

const toStep = (price: number, step: number) => Math.round(price / step) * step

/** Numbers in [0, 1), the same for the same seed: mulberry32. */
function seededDraws(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
