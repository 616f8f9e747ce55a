import { fileURLToPath } from 'node:url'
import { sql as statement } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { connect, type Db } from './client.ts'
import { isNotPermitted, isReadOnly } from './errors.ts'
import { assertWritable } from './read-only.ts'

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url))
/** Any constant that nothing else on the server uses. */
const MIGRATION_LOCK = 7_203_346_118

/**
 * Bring the database at `url` up to date. Several gateways may start at once: an advisory lock lets one migrate
 * while the others wait and then find nothing to do. One connection, since the lock belongs to a session.
 *
 * Where nothing is to be done, nothing but reading is asked of the role: a gateway's own may not create anything.
 * Throws a plain sentence where something is to be done and the role may not, and where this Postgres is read-only,
 * whatever is to be done.
 */
export async function migrate(url: string): Promise<void> {
  const pool = connect(url, { max: 1, statementTimeoutMs: 0 })
  const { sql, db, close } = pool
  try {
    await assertWritable(pool)
    if (await isUpToDate(db)) return
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`
    await applyMigrations(db, { migrationsFolder: MIGRATIONS_FOLDER })
  } catch (error) {
    if (isReadOnly(error)) throw new Error('DATABASE_URL leads to no Postgres that can be written to', { cause: error })
    if (!isNotPermitted(error)) throw error
    const advice = 'run `npm run migrate` as the owner of its tables, then the grants of docs/operations.md'
    throw new Error(`The database is not up to date, or this role may not see whether it is: ${advice}`, { cause: error })
  } finally {
    await close()
  }
}

/** Whether the newest migration of this release, or a newer one, was applied. As drizzle's own migrator judges it. */
async function isUpToDate(db: Db): Promise<boolean> {
  const [found] = await db.execute<{ there: boolean }>(statement`select to_regclass('drizzle.__drizzle_migrations') is not null as there`)
  if (found?.there !== true) return false
  const [applied] = await db.execute<{ newest: number | null }>(statement`select max(created_at)::float8 as newest from drizzle.__drizzle_migrations`)
  const ours = Math.max(...readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).map(({ folderMillis }) => folderMillis))
  return (applied?.newest ?? 0) >= ours
}
