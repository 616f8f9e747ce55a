import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { stopOrphan } from '../../src/embedded/orphan.ts'
import { DATABASE_PREFIX } from './database.ts'
import { waitUntil } from './wait-until.ts'

/** What test files created and did not close: databases that were not dropped, servers that were not stopped. Stops them. */
export const leftOpen = async (postgresUrl: string, folder: string): Promise<string[]> => [
  ...(await databasesIn(postgresUrl)),
  ...(await serversIn(folder)),
]

/** A connection that its client has closed is still listed for a moment. */
const CLOSING_MS = 2_000

const databasesIn = async (url: string): Promise<string[]> => {
  const sql = postgres(url, { max: 1 })
  const openNow = async (): Promise<string[]> => {
    const rows = await sql<{ name: string; connections: number }[]>`
      select d.datname as name, count(a.pid)::int as connections
      from pg_database d
      left join pg_stat_activity a on a.datid = d.oid and a.pid <> pg_backend_pid() and a.backend_type = 'client backend'
      group by d.datname
      having starts_with(d.datname, ${DATABASE_PREFIX}) or count(a.pid) > 0`
    return rows.map(({ name, connections }) => `database ${name} with ${connections} connections`)
  }
  try {
    await waitUntil('all is closed', async () => (await openNow()).length === 0, { withinMs: CLOSING_MS }).catch(() => {})
    return await openNow()
  } finally {
    await sql.end()
  }
}

/** Each test server has a folder of its own beside the run's Postgres and takes it away when it is stopped. */
const serversIn = async (folder: string): Promise<string[]> => {
  const left = (await readdir(folder)).filter((name) => name !== 'postgres')
  for (const name of left) {
    const redis = join(folder, name, 'redis')
    const cluster = join(folder, name, 'postgres', 'data')
    await stopOrphan(join(redis, 'redis.pid'), redis, 'SIGKILL')
    await stopOrphan(join(cluster, 'postmaster.pid'), cluster, 'SIGINT')
  }
  return left.map((name) => `server or folder ${name}`)
}
