import { fileURLToPath } from 'node:url'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { connect } from './client.ts'

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url))
/** Any constant that nothing else on the server uses. */
const MIGRATION_LOCK = 7_203_346_118

/**
 * Bring the database at `url` up to date. Several gateways may start at once: an advisory lock lets one migrate
 * while the others wait and then find nothing to do. One connection, since the lock belongs to a session.
 */
export async function migrate(url: string): Promise<void> {
  const { sql, db, close } = connect(url, { max: 1, statementTimeoutMs: 0 })
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`
    await applyMigrations(db, { migrationsFolder: MIGRATIONS_FOLDER })
  } finally {
    await close()
  }
}
