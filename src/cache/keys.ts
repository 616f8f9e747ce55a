/**
 * Every key this gateway has in Redis. All keys of one pet carry the pet's id as their hash tag, so that in a cluster
 * they lie on one node and a script may touch them together.
 */
const NAMESPACE = 'petfood'

export const keys = {
  epoch: () => `${NAMESPACE}:rec:epoch`,
  fence: (petId: string) => `${NAMESPACE}:rec:meta:{${petId}}`,
  /** `conditionsHash` '' is the answer without conditions. */
  result: (petId: string, conditionsHash = '') =>
    conditionsHash === '' ? `${NAMESPACE}:rec:result:{${petId}}` : `${NAMESPACE}:rec:result:{${petId}}:${conditionsHash}`,
  tags: (petId: string) => `${NAMESPACE}:rec:tags:{${petId}}`,
  /** How many keys the newest invalidation that dropped any dropped; see scripts/invalidate.lua. */
  dropped: (petId: string) => `${NAMESPACE}:rec:dropped:{${petId}}`,
  /** The newest revision of a product that was told of. */
  productFence: (productId: string) => `${NAMESPACE}:product:meta:{${productId}}`,
  summary: (petId: string) => `${NAMESPACE}:pet:summary:{${petId}}`,
  match: (productId: string, petId: string) => `${NAMESPACE}:product:match:${productId}:{${petId}}`,
  /** The names of what `keep` stored of a pet (its summary, match scores), so that they go with the pet. */
  beside: (petId: string) => `${NAMESPACE}:pet:beside:{${petId}}`,
  /** The right to compute; one for each set of conditions. */
  lease: (petId: string, conditionsHash = '') =>
    conditionsHash === '' ? `${NAMESPACE}:rec:lease:{${petId}}` : `${NAMESPACE}:rec:lease:{${petId}}:${conditionsHash}`,
  /** Followed by `:<user id>`. */
  refreshBudgetPrefix: () => `${NAMESPACE}:budget:refresh`,
  /** Followed by `:<user id>` or `:<address>`. */
  ratePrefix: (limit: 'user' | 'address' | 'mutations') => `${NAMESPACE}:rate:${limit}`,
  /** Until when a server's data were verified. `place` is chosen so that the key lies on the server it speaks of. */
  heartbeat: (place: number) => `${NAMESPACE}:rec:heartbeat:{${place}}`,
}

/** For SCAN. */
export const patterns = {
  fences: [`${NAMESPACE}:rec:meta:*`, `${NAMESPACE}:product:meta:*`],
  results: [`${NAMESPACE}:rec:result:*`, `${NAMESPACE}:rec:tags:*`],
  kept: [`${NAMESPACE}:pet:summary:*`, `${NAMESPACE}:pet:beside:*`, `${NAMESPACE}:product:match:*`],
}

export const tags = {
  product: (productId: string) => `product:${productId}`,
  /** Marks a result that stands under conditions, so that an invalidation finds its key. */
  conditions: (conditionsHash: string) => `conditions:${conditionsHash}`,
}
