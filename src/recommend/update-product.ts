import type { CorrectProduct } from '../db/correct-product.ts'
import type { ProductPatch } from '../domain/overrides.ts'
import type { Product } from '../domain/product.ts'
import type { AfterBulkCommit } from './after-bulk-commit.ts'
import type { Delivery } from './deliver.ts'

/** `affectedPets`: whose recommendation was retired. */
export type UpdateProductOutcome =
  | { kind: 'updated'; product: Product; affectedPets: number; invalidation: Delivery['invalidation'] }
  | { kind: 'not-found' }

export type UpdateProduct = (productId: string, patch: ProductPatch) => Promise<UpdateProductOutcome>

/** Correct a product, and tell the caches of every pet that holds it. What changes nothing retires nothing. */
export function createUpdateProduct({ correctProduct, afterBulkCommit }: { correctProduct: CorrectProduct; afterBulkCommit: AfterBulkCommit }): UpdateProduct {
  return async (productId, patch) => {
    const change = await correctProduct(productId, patch)
    if (change.kind === 'not-found') return change
    const { product } = change
    if (change.kind === 'unchanged') return { kind: 'updated', product, affectedPets: 0, invalidation: 'CLEARED' }
    return { kind: 'updated', product, affectedPets: change.affectedPets, invalidation: await afterBulkCommit(change.entries) }
  }
}
