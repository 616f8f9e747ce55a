import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { migrate } from '../../src/db/migrate.ts'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { startPostgres } from '../../src/embedded/postgres.ts'
import { waitUntil } from '../support/wait-until.ts'

/** A Postgres that keeps what it acknowledged over a SIGKILL and stamps its commits with their time. */
export async function startTestServer(folder: string) {
  const dataDir = join(folder, 'postgres-of-chaos')
  await mkdir(dataDir, { mode: 0o755 })
  const options = { dataDir, durable: false, settings: { synchronous_commit: 'on', track_commit_timestamp: 'on', max_connections: '100' } }
  let server = await startPostgres(options)
  const { port } = server
  await migrate(server.url)
  return {
    url: server.url,
    port,
    kill: async () => {
      const { pid } = server
      process.kill(pid, 'SIGKILL')
      await waitUntil('postgres is gone', () => !isAlive(pid))
    },
    restart: async () => {
      await server.stop().catch(() => {})
      // The processes of its connections outlive a killed postmaster by a moment, and until then it refuses to start.
      for (let tries = 20; ; tries--) {
        try {
          server = await startPostgres({ ...options, port })
          return
        } catch (error) {
          if (tries === 0) throw error
        }
      }
    },
    stop: () => server.stop(),
  }
}
