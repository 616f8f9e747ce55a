import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { startPostgres, type EmbeddedPostgres } from '../../src/embedded/postgres.ts'
import { familyOf, holdFamily, signalAll } from './process-family.ts'
import { waitUntil } from './wait-until.ts'

/** One Postgres of several. It keeps its port for as long as its folder is there. */
export type PostgresNode = {
  readonly port: number
  readonly url: string
  /** Another one after a start. */
  readonly pid: number
  isRunning(): boolean
  /** SIGSTOP of the server and of all its processes: it takes connections and answers nothing. */
  pause(): Promise<void>
  resume(): void
  /** SIGKILL of all its processes, paused or not; resolves when they are gone. */
  kill(): Promise<void>
  /** Starts the killed one again on its port, with the data that are there. */
  start(): Promise<void>
  /**
   * A copy of its data folder as of this moment, as a storage snapshot makes it: all its processes are held meanwhile,
   * and a server that starts from the copy recovers as after a crash.
   */
  copyData(to: string): Promise<void>
}

/** By which a server that starts from a copy of another's data knows what it is to be. */
export type Signal = 'standby.signal' | 'recovery.signal'

type NodeOptions = { folder: string; settings: Readonly<Record<string, string>> }

const run = promisify(execFile)

/** The owner and the modes of the files are kept. */
const copy = (from: string, to: string) => run('cp', ['-a', from, to])

/**
 * Asks one server over a connection of the question's own, by the driver's own sockets: they take a standby too.
 * Through a route to a server that is gone they would try without end: ask the server itself there.
 */
export const askPostgres = async <T>(url: string, question: (sql: postgres.Sql) => Promise<T>): Promise<T> => {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} })
  try {
    return await question(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/**
 * Makes `home` (Postgres's folder of a data folder) the copy, so that the next server that starts there begins with it.
 */
export const putData = async (from: string, home: string, signal?: Signal): Promise<void> => {
  await rm(home, { recursive: true, force: true })
  await copy(from, home)
  // The snapshot's own server is no longer there, or is another one.
  await rm(join(home, 'data', 'postmaster.pid'), { force: true })
  if (signal !== undefined) await writeFile(join(home, 'data', signal), '', { mode: 0o644 })
}

/**
 * Starts a Postgres on the data of `folder`, which are made where there are none. It survives a SIGKILL, not a power
 * cut.
 */
export const startPostgresNode = async ({ folder, settings }: NodeOptions): Promise<PostgresNode> => {
  const started = (port?: number): Promise<EmbeddedPostgres> =>
    startPostgres({
      dataDir: folder,
      durable: false,
      settings: { synchronous_commit: 'on', ...settings },
      ...(port === undefined ? {} : { port }),
    })
  let server = await started()
  const { port, url } = server
  let held: readonly number[] = []
  let starting: Promise<unknown> = Promise.resolve()

  const isRunning = () => isAlive(server.pid)
  const resume = () => {
    signalAll(held, 'SIGCONT')
    held = []
  }
  return {
    port,
    url,
    get pid() {
      return server.pid
    },
    isRunning,
    pause: async () => {
      held = await holdFamily(server.pid)
    },
    resume,
    kill: async () => {
      await starting
      const all = [...new Set([...held, ...(isRunning() ? await familyOf(server.pid) : [])])]
      held = []
      signalAll(all, 'SIGKILL')
      await waitUntil('the killed Postgres is gone', () => !all.some(isAlive))
    },
    start: () => {
      if (isRunning()) throw new Error(`the Postgres on port ${port} is running`)
      const start = async (): Promise<void> => {
        server = await started(port)
      }
      const done = start()
      starting = done.catch(() => {}) // told to whoever starts it
      return done
    },
    copyData: async (to) => {
      const family = await holdFamily(server.pid)
      try {
        await copy(dirname(server.dataDir), to)
      } finally {
        signalAll(family.filter((pid) => !held.includes(pid)), 'SIGCONT')
      }
    },
  }
}
