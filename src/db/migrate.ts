import { fileURLToPath } from 'node:url'
import { sql as statement } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { alignSequences, assertAsMade } from './check-database.ts'
import { connect, type Db } from './client.ts'
import { isNotPermitted, isReadOnly } from './errors.ts'
import { assertWritable } from './read-only.ts'

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url))
/** Any constant that nothing else on the server uses. */
const MIGRATION_LOCK = 7_203_346_118

/**
 * Bring the database at `url` up to date, and make sure that it is as we make it (check-database.ts). Several
 * gateways may start at once: an advisory lock lets one migrate while the others wait and then find nothing to do.
 * One connection, since the lock belongs to a session.
 *
 * Where nothing is to be done, nothing but reading is asked of the role: a gateway's own may not create anything.
 * Throws a plain sentence where something is to be done and the role may not, where the database cannot be brought up
 * to date, and where this Postgres is read-only, whatever is to be done.
 */
export async function migrate(url: string): Promise<void> {
  const pool = connect(url, { max: 1, statementTimeoutMs: 0 })
  const { sql, db, close } = pool
  try {
    await assertWritable(pool)
    const applied = await appliedTo(db)
    assertOurs(applied)
    if (!isUpToDate(applied)) {
      await sql`select pg_advisory_lock(${MIGRATION_LOCK})`
      await applyMigrations(db, { migrationsFolder: MIGRATIONS_FOLDER })
    }
    await alignSequences(db)
    await assertAsMade(db)
  } catch (error) {
    if (isReadOnly(error)) throw new Error('DATABASE_URL leads to no Postgres that can be written to', { cause: error })
    if (!isNotPermitted(error)) throw error
    const advice = 'run `npm run migrate` as the owner of its tables, then the grants of docs/operations.md'
    throw new Error(`The database is not up to date, or this role may not see whether it is: ${advice}`, { cause: error })
  } finally {
    await close()
  }
}

type Applied = { hash: string; madeAt: number }

async function appliedTo(db: Db): Promise<Applied[]> {
  const [found] = await db.execute<{ there: boolean }>(
    statement`select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  )
  if (found?.there !== true) return []
  return db.execute<Applied>(statement`select hash, created_at::float8 as "madeAt" from drizzle.__drizzle_migrations`)
}

const newestOfOurs = (): number => Math.max(...ours().map(({ folderMillis }) => folderMillis))
const ours = () => readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER })

/** Whether the newest migration of this release, or a newer one, was applied. As drizzle's own migrator judges it. */
function isUpToDate(applied: readonly Applied[]): boolean {
  return applied.some(({ madeAt }) => madeAt >= newestOfOurs())
}

/**
 * What a release has published is never edited. So a migration that is older than our newest and none of ours was
 * made by a version that was never released, and nothing leads on from there. A newer release's are newer.
 */
function assertOurs(applied: readonly Applied[]): void {
  const known = new Set(ours().map(({ hash }) => hash))
  if (applied.every(({ hash, madeAt }) => known.has(hash) || madeAt > newestOfOurs())) return
  throw new Error(
    'The database was made by a version of petfood-gateway that was never released, and cannot be brought up to date: ' +
      'create a new database, or remove the data folder (.data unless DATA_DIR says otherwise) where the gateway runs ' +
      'its own Postgres',
  )
}
