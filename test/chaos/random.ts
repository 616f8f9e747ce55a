/** A generator that gives the same numbers for the same seed (mulberry32). */
export type Random = {
  /** From 0 up to, but not including, 1. */
  next(): number
  between(min: number, max: number): number
  pick<T>(items: readonly T[]): T
  /** A generator of its own for `name`: what one client draws does not depend on when the others draw. */
  of(name: string): Random
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (min, max) => min + next() * (max - min),
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    of: (name) => createRandom(hash(name, seed)),
  }
}

/** FNV-1a, begun at the seed. */
function hash(text: string, seed: number): number {
  let state = (0x811c9dc5 ^ seed) >>> 0
  for (const letter of text) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return state
}
