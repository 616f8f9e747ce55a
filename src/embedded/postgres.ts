import { join } from 'node:path'
import postgres from 'postgres'
import { stopOrphan } from './orphan.ts'
import { openCluster, postgresUrl } from './postgres-cluster.ts'
import { placeFor } from './run-as.ts'
import { startOnFreePort, type EmbeddedLogger } from './server-start.ts'

export type PostgresOptions = {
  /** The servers' common folder; Postgres uses `postgres` in it. */
  dataDir: string
  /** False only for data that nobody misses: it no longer waits for the disk, and a power cut may destroy everything. */
  durable: boolean
  /** Only to start again where clients already connect; otherwise an ephemeral one is found. */
  port?: number
  settings?: Readonly<Record<string, string>>
  /** Variables for the server. */
  env?: Readonly<Record<string, string>>
  readyWithinMs?: number
  logger?: EmbeddedLogger
}

export type EmbeddedPostgres = {
  kind: 'started'
  url: string
  port: number
  pid: number
  /** Where the data really lie: under `dataDir`, or its stand-in where the server's user cannot reach that. */
  dataDir: string
  /** Ends it at once but in order (open transactions are rolled back). */
  stop(): Promise<void>
}

/** Recovery after a power cut can take a while. */
const READY_WITHIN_MS = 60_000

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // their paths may not be longer than 107 bytes, and /var/run is not ours
  timezone: 'UTC',
  log_timezone: 'UTC',
}

const NOT_DURABLE: Readonly<Record<string, string>> = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** Starts Postgres on 127.0.0.1 with the data of that folder, which are made where there are none. */
export const startPostgres = async (options: PostgresOptions): Promise<EmbeddedPostgres> => {
  const { dataDir, durable, logger, readyWithinMs = READY_WITHIN_MS } = options
  const { data, logFile, password, binaries, runAs } = await openCluster(await placeFor(dataDir), durable)
  await stopOrphan(join(data, 'postmaster.pid'), data, 'SIGINT')

  const settings = { ...SETTINGS, ...(durable ? {} : NOT_DURABLE), ...options.settings }
  const { port, server } = await startOnFreePort({
    name: 'Postgres',
    port: options.port,
    readyWithinMs,
    logger,
    command: (port) => ({
      command: binaries.postgres,
      args: ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      env: options.env,
      runAs,
      logFile,
      stopSignal: 'INT',
    }),
    probe: (port) => ensureDatabase(postgresUrl(password, port, 'postgres'), postgresUrl(password, port)),
  })
  return { kind: 'started', url: postgresUrl(password, port), port, pid: server.pid, dataDir: data, stop: server.stop }
}

/** Makes the database of `url` where it is missing, by a connection to one that every Postgres has. */
const ensureDatabase = async (maintenanceUrl: string, url: string): Promise<true> => {
  const name = new URL(url).pathname.slice(1)
  const sql = postgres(maintenanceUrl, { max: 1, connect_timeout: 2, onnotice: () => {} })
  try {
    const found = await sql`select 1 from pg_database where datname = ${name}`
    if (found.length === 0) await sql`create database ${sql(name)}`
    return true
  } finally {
    await sql.end({ timeout: 1 })
  }
}
