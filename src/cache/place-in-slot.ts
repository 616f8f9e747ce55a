import calculateSlot from 'cluster-key-slot'

const places = new Map<number, number>()

/**
 * A number whose hash tag lies in that slot of a cluster: some ten thousand are tried, once for each slot that is asked
 * for. For a master with so few slots that none of the first thousand numbers lies on it.
 */
export function placeInSlot(slot: number): number {
  let place = places.get(slot) ?? 0
  while (calculateSlot(`{${place}}`) !== slot) place++
  places.set(slot, place)
  return place
}
