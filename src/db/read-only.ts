import type { DbConnection } from './client.ts'

/** SQLSTATE read_only_sql_transaction: of a Postgres that refuses to write, and of ours. */
export const READ_ONLY_CODE = '25006'

/** The parameters that Postgres reports from version 14 on, when a connection begins and whenever they change. */
const READ_ONLY_WHERE_ON: Readonly<Record<string, string>> = {
  in_hot_standby: 'a standby, which is read-only',
  default_transaction_read_only: 'read-only: default_transaction_read_only is on',
}

/**
 * Why a connection is left whose server reports this. A standby may lag, and what a lagging one says must not be
 * believed.
 */
export function readOnlyReason(parameter: string, value: string, server: string): Error | undefined {
  const what = READ_ONLY_WHERE_ON[parameter]
  if (what === undefined || value !== 'on') return undefined
  const error = new Error(`the Postgres at ${server} is ${what}`)
  return Object.assign(error, { code: READ_ONLY_CODE, severity: 'FATAL' })
}

/**
 * Throws where this Postgres takes no writes, after leaving all connections of the pool: the next ones may find
 * another. For servers that report nothing: behind a pooler, and before version 14.
 */
export async function assertWritable({ sql, leaveAll }: Pick<DbConnection, 'sql' | 'leaveAll'>): Promise<void> {
  const [row] = await sql<{ is_read_only: boolean }[]>`
    select current_setting('transaction_read_only')::boolean as is_read_only`
  if (row?.is_read_only === false) return
  leaveAll('it takes no writes')
  const error = new Error('this Postgres is read-only: a standby, or one that was told to be')
  throw Object.assign(error, { code: READ_ONLY_CODE })
}
