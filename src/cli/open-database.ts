import type { Config } from '../config.ts'
import { connect, type DbConnection } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { startEmbeddedServers } from '../embedded/embedded-servers.ts'
import { findRunningServers } from '../embedded/running-servers.ts'
import { withDeadline } from '../lib/deadline.ts'

/** Milliseconds; a batch of an import is more work than anything a request asks for. */
const STATEMENT_TIMEOUT_MS = 60_000
const CONNECT_DEADLINE_MS = 10_000

export type OpenDatabase = DbConnection & { where: string }

/**
 * The database that a gateway with this configuration uses: the one of DATABASE_URL, which is taken as it is; or the one
 * in the data folder, beside a gateway that runs on it, else started and migrated for the time of this command.
 */
export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>, { connections = 2 } = {}): Promise<OpenDatabase> {
  if (config.databaseUrl !== undefined) return connectTo(config.databaseUrl, `the database at ${new URL(config.databaseUrl).host}`, connections)
  const running = (await findRunningServers(config.dataDir)).postgresUrl
  if (running !== undefined) return connectTo(running, `the running gateway's database in ${config.dataDir}`, connections)

  const servers = await startEmbeddedServers({ dataDir: config.dataDir, postgres: true, redis: false })
  try {
    if (!('url' in servers.postgres)) throw new Error('no Postgres was started')
    await migrate(servers.postgres.url)
    const connection = await connectTo(servers.postgres.url, `the database in ${config.dataDir}`, connections)
    return { ...connection, close: () => connection.close().finally(servers.stop) }
  } catch (error) {
    await servers.stop()
    throw error
  }
}

async function connectTo(url: string, where: string, connections: number): Promise<OpenDatabase> {
  const connection = connect(url, { max: connections, statementTimeoutMs: STATEMENT_TIMEOUT_MS })
  try {
    const looking = connection.sql`select to_regclass('products') is not null as migrated`.execute()
    const found = await withDeadline('connecting', CONNECT_DEADLINE_MS, looking)
    if (found[0]?.['migrated'] !== true) throw new Error('it has no tables yet: run `npm run migrate` first')
    return { ...connection, where }
  } catch (error) {
    await connection.close()
    throw new Error(`${where} cannot be used`, { cause: error })
  }
}
