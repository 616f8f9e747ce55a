import type { Product } from '../product.ts'
import type { Profile } from './profile.ts'
import type { Note } from './reason-codes.ts'
import { SPECIES_SUITS } from './weights.ts'

/** Of 20, all or nothing: another species' product was excluded before. */
export function speciesPoints({ pet }: Profile, product: Product, note?: Note): number {
  note?.(product.species === null ? 'SPECIES_BOTH' : 'SPECIES_MATCH', SPECIES_SUITS, { species: pet.species })
  return SPECIES_SUITS
}
