import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DbConnection } from '../../src/db/client.ts'
import { parseConfig } from '../../src/config.ts'
import { importProducts } from '../../src/import/import-products.ts'

/**
 * Replaces the demo's products by the table of real ones, where PETFOOD_DATA or the folder beside the project has it.
 * Returns what the catalogue is now, in words.
 */
export async function useRealProducts({ db, sql }: DbConnection): Promise<string> {
  const file = join(process.env['PETFOOD_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), 'products.ndjson')
  if (existsSync(file)) {
    await sql`update products set is_active = false`
    await importProducts({ db, chunks: createReadStream(file), rates: parseConfig({}).krwRates, onRefused: () => {} })
  }
  const [counted] = await sql`select count(*)::int as count from products where is_active`
  return `${String(counted?.['count'])} ${existsSync(file) ? 'real' : "of the demo's"} products`
}
