import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/db/migrate.ts'
import { startPostgres } from '../../src/embedded/postgres.ts'
import { TEMPLATE } from './database.ts'
import { leftOpen } from './left-open.ts'
import { provideRedisServer } from './redis-install.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the run's Postgres, as a user who may create databases. */
    postgresUrl: string
    /** Where the servers of single test files keep their data. */
    testFolder: string
  }
}

/** One Postgres for the whole run, with a migrated database of which each test file that needs one gets a copy. */
export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  await provideRedisServer()
  const folder = await mkdtemp(join(tmpdir(), 'petfood-test-'))
  await chmod(folder, 0o755) // as root the servers run as nobody
  const server = await startPostgres({ dataDir: folder, durable: false, settings: { max_connections: '200' } })
  const stop = async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await createTemplate(server.url)
  } catch (error) {
    await stop()
    throw error
  }
  provide('postgresUrl', server.url)
  provide('testFolder', folder)

  return async () => {
    const forgotten = await leftOpen(server.url, folder)
    await stop()
    if (forgotten.length > 0) throw new Error(`The tests left something open:\n${forgotten.join('\n')}`)
  }
}

const createTemplate = async (url: string): Promise<void> => {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await sql`create database ${sql(TEMPLATE)}`
    const template = new URL(url)
    template.pathname = TEMPLATE
    await migrate(template.href)
    // A template somebody is connected to can't be copied.
    await sql`alter database ${sql(TEMPLATE)} with allow_connections false`
  } finally {
    await sql.end()
  }
}
