import postgres from 'postgres'
import { printableText } from './printable.ts'

export type WriteFailure = { kind: 'row'; reason: string } | { kind: 'collision' } | { kind: 'database' }

/** SQLSTATE classes that blame the values: data exception, integrity constraint, program limit exceeded. */
const VALUES_AT_FAULT = ['22', '23', '54']
/** Transaction rollback: a deadlock or a serialization failure, over as soon as it is told. */
const ROLLED_BACK = '40'

/** Whom a failed write blames: a row, two transactions that met, or the database itself (lost, full, too slow). */
export function whatFailed(error: unknown): WriteFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof postgres.PostgresError)) continue
    const sqlClass = cause.code.slice(0, 2)
    if (VALUES_AT_FAULT.includes(sqlClass)) return { kind: 'row', reason: `refused by the database: ${printableText(cause.message)}` }
    return sqlClass === ROLLED_BACK ? { kind: 'collision' } : { kind: 'database' }
  }
  return { kind: 'database' }
}
