import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'
import { testFileName } from './test-file.ts'

export const TEMPLATE = 'petfood_template'

/** By it the databases of test files are told from the others. */
export const DATABASE_PREFIX = 'test_'

export type TestDatabase = {
  url: string
  /** Fails, naming them, when connections to it are still open; the database is gone in any case. */
  drop(): Promise<void>
}

const administer = async <T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> => {
  const sql = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

const drop = (name: string): Promise<void> =>
  administer(async (sql) => {
    try {
      // Waits up to five seconds for connections that are just being closed.
      await sql`drop database ${sql(name)}`
    } catch (cause) {
      const open = await sql`
        select application_name, state, query from pg_stat_activity where datname = ${name} and backend_type = 'client backend'`
      await sql`drop database if exists ${sql(name)} with (force)`
      const list = open.map((row) => `${row['application_name']}: ${row['state']}, last: ${row['query']}`).join('\n')
      throw new Error(`database ${name} still had ${open.length} connections open:\n${list}`, { cause })
    }
  })

/** A migrated, empty database of this test file's own. Drop it in afterAll. */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  const name = `${DATABASE_PREFIX}${testFileName()}_${randomBytes(4).toString('hex')}`
  await administer((sql) => sql`create database ${sql(name)} template ${sql(TEMPLATE)}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = name
  return { url: url.href, drop: () => drop(name) }
}
