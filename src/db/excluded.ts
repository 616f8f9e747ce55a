import { getTableColumns, sql, type SQL, type Table } from 'drizzle-orm'

/** The `set` of an upsert: every column takes the value of the row that was refused, but for those named. */
export function excludedExcept<T extends Table>(table: T, kept: readonly (keyof T['_']['columns'])[]): Record<string, SQL> {
  const written = Object.entries(getTableColumns(table)).filter(([name]) => !kept.includes(name))
  return Object.fromEntries(written.map(([name, column]) => [name, sql`excluded.${sql.identifier(column.name)}`]))
}
