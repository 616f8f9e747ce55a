const NAMESPACE = 'petfood'
/** Hexadecimal digits of a lineage that stand in a key: 48 bits. */
const LINEAGE_DIGITS = 12

export type Keys = ReturnType<typeof keysOf>

/**
 * Every key this gateway has in Redis for one lineage of a database (see lineage-watch.ts). Two databases beside one
 * Redis, or one database before and after it went back, have no key in common, so neither can answer for the other.
 *
 * All keys of one pet carry the pet's id as their hash tag, so that in a cluster they lie on one node and a script may
 * touch them together.
 */
export function keysOf(lineage: string) {
  const space = `${NAMESPACE}:${lineage.replaceAll('-', '').slice(0, LINEAGE_DIGITS)}`
  return {
    epoch: () => `${space}:rec:epoch`,
    fence: (petId: string) => `${space}:rec:meta:{${petId}}`,
    /** `conditionsHash` '' is the answer without conditions. */
    result: (petId: string, conditionsHash = '') =>
      conditionsHash === '' ? `${space}:rec:result:{${petId}}` : `${space}:rec:result:{${petId}}:${conditionsHash}`,
    tags: (petId: string) => `${space}:rec:tags:{${petId}}`,
    /** How many keys the newest invalidation that dropped any dropped; see scripts/invalidate.lua. */
    dropped: (petId: string) => `${space}:rec:dropped:{${petId}}`,
    /** The newest revision of a product that was told of. */
    productFence: (productId: string) => `${space}:product:meta:{${productId}}`,
    summary: (petId: string) => `${space}:pet:summary:{${petId}}`,
    match: (productId: string, petId: string) => `${space}:product:match:${productId}:{${petId}}`,
    /** The names of what `keep` stored of a pet (its summary, match scores), so that they go with the pet. */
    beside: (petId: string) => `${space}:pet:beside:{${petId}}`,
    /** The right to compute; one for each set of conditions. */
    lease: (petId: string, conditionsHash = '') =>
      conditionsHash === '' ? `${space}:rec:lease:{${petId}}` : `${space}:rec:lease:{${petId}}:${conditionsHash}`,
    /** Followed by `:<user id>`. */
    refreshBudgetPrefix: () => `${space}:budget:refresh`,
    /** Followed by `:<user id>` or `:<address>`. */
    ratePrefix: (limit: 'user' | 'address' | 'mutations') => `${space}:rate:${limit}`,
    /** Until when a server's data were verified. `place` is chosen so that the key lies on the server it speaks of. */
    heartbeat: (place: number | string) => `${space}:rec:heartbeat:{${place}}`,
    /** For SCAN. */
    patterns: {
      fences: [`${space}:rec:epoch`, `${space}:rec:meta:*`, `${space}:product:meta:*`],
      results: [`${space}:rec:result:*`, `${space}:rec:tags:*`],
      kept: [`${space}:pet:summary:*`, `${space}:pet:beside:*`, `${space}:product:match:*`],
      /** Rate limits and budgets among them. */
      all: [`${space}:*`],
    },
  }
}

export const tags = {
  product: (productId: string) => `product:${productId}`,
  /** Marks a result that stands under conditions, so that an invalidation finds its key. */
  conditions: (conditionsHash: string) => `conditions:${conditionsHash}`,
}
