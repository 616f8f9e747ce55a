import { sql } from 'drizzle-orm'
import { QueryBuilder } from 'drizzle-orm/pg-core'
import { cacheEpoch } from './tables/invalidations.ts'
import { catalogueState } from './tables/products.ts'

/**
 * Tables of one row, to join with in their own names. Autovacuum never counts so small a table, and Postgres takes one that
 * was never counted for 2,200 rows: with two of them, ten pets were planned as 48 million rows. An aggregate is one row,
 * whatever it is of (docs/decisions/027).
 */
const builder = new QueryBuilder()
export const theEpoch = builder
  .select({ epoch: sql`max(${cacheEpoch.epoch})`.as('epoch'), lineage: sql`max(${cacheEpoch.lineage}::text)`.as('lineage') })
  .from(cacheEpoch)
  .as('cache_epoch')
export const theCatalogueState = builder.select({ version: sql`max(${catalogueState.version})`.as('version') }).from(catalogueState).as('catalogue_state')
