/**
 * Which keys were seen lately. For a cache that is full: what is asked for once in a while, and most of a long tail is, would
 * push out what is asked for again and again.
 *
 * Each key has a place for its 32-bit hash (FNV-1a) and shares it with others; who comes later takes it. So what was seen
 * long ago is forgotten by itself, and the memory is four bytes a place, whatever comes. It may be wrong, in both
 * directions: nothing may hang on it but whether something is worth keeping.
 */
export type Sightings = {
  /** Whether it was seen before. It has been seen from now on. */
  again(key: string): boolean
}

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

export function createSightings(places: number): Sightings {
  const hashes = new Uint32Array(places)
  return {
    again: (key) => {
      let hash = FNV_OFFSET
      for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), FNV_PRIME)
      hash >>>= 0
      const place = hash % places
      const isKnown = hashes[place] === hash
      hashes[place] = hash
      return isKnown
    },
  }
}
