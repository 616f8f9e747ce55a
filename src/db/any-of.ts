import { sql, type Placeholder, type SQL } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'

/**
 * `column` is one of `ids`, all of which are one parameter.
 *
 * Within a sub-select, so that the planner cannot look into them: it would find that the plan for this one id is cheaper than
 * the plan for any ten, which it takes for the size of an array unknown, and plan the prepared statement anew each time it is
 * executed. For the standing of a pet that is more work than reading it (docs/decisions/027).
 */
export function isOneOf(column: AnyPgColumn, ids: readonly string[] | Placeholder): SQL {
  const array = Array.isArray(ids) ? sql.param(ids) : ids
  return sql`${column} = any((select ${array}::uuid[])::uuid[])`
}
