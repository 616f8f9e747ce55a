import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres, { type Sql } from 'postgres'
import { throughOurSockets } from './sockets.ts'
import { withTakenRows } from './taken-rows.ts'
import { tlsOf } from './tls.ts'

export type Db = PostgresJsDatabase
export type Transaction = Parameters<Parameters<Db['transaction']>[0]>[0]
export type DbConnection = {
  sql: Sql
  db: Db
  /**
   * Ends every connection of the pool at once, that of LISTEN too, and whatever is asked next connects anew. What was
   * under way is treated as on a lost connection: reads are asked again on another, transactions fail.
   */
  leaveAll(why: string): void
  close(): Promise<void>
}

/** Milliseconds. The server gives up before our own deadline does, so that an abandoned statement frees its connection. */
const STATEMENT_TIMEOUT_MS = 5_000

/**
 * What a role or a database may have set otherwise, and what we count on: the level at which each statement has a
 * snapshot of its own, how dates and numbers are written, and where unqualified names lead. Sent at the start of each
 * connection, which is stronger than any default.
 */
const SESSION = {
  default_transaction_isolation: 'read committed',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: 1,
  search_path: 'public, pg_temp',
}

/**
 * A pool on `url`, which may say `sslmode` (see tls.ts). Connections are made when first needed.
 * postgres.js has no timeout of its own for a statement or for a free connection: callers put `withDeadline` around.
 */
export function connect(url: string, options: { max?: number; statementTimeoutMs?: number } = {}): DbConnection {
  const { url: plainUrl, tls } = tlsOf(url)
  const through = throughOurSockets(tls, {
    application_name: 'petfood-gateway',
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: 10_000,
    ...SESSION,
  })
  const sql = postgres(plainUrl, {
    ...through.options,
    max: options.max ?? 10,
    connect_timeout: 3,
    // Seconds. The driver's own wait grows with every failed connect, and a Postgres that is back should be used at once.
    backoff: () => 0.1,
    onnotice: () => {},
  })
  return { sql, db: drizzle(withTakenRows(sql)), leaveAll: through.leaveAll, close: () => sql.end({ timeout: 5 }) }
}
