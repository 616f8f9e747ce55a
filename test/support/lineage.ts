import type postgres from 'postgres'
import { keysOf, type Keys } from '../../src/cache/keys.ts'
import { createKeyspace } from '../../src/cache/keyspace.ts'

/** For tests of the cache alone, without a Postgres that has drawn one. */
export const LINEAGE = 'a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d'
export const inLineage = () => createKeyspace(LINEAGE)
export const testKeys = keysOf(LINEAGE)

/** The keys of the lineage that this database is in now. Its gateway must have started: it draws one in a copied database. */
export async function keysIn(sql: postgres.Sql): Promise<Keys> {
  return keysOf(await lineageOf(sql))
}

export async function lineageOf(sql: postgres.Sql): Promise<string> {
  const [row] = await sql`select lineage::text as lineage from cache_epoch`
  return String(row?.['lineage'])
}
