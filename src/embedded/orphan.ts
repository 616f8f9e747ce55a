import { readFile, rm } from 'node:fs/promises'
import { isAlive, runsIn, stopProcess } from './process-identity.ts'

const STOP_DEADLINE_MS = 10_000

/**
 * Makes a data folder free for the next start: a server that a dead parent left running there is stopped, and a pid
 * file whose pid is by now another program's is removed. Call it only while holding the data folder's lock.
 *
 * A pid file whose process is gone stays: Postgres looks at it to see whether some backend of its dead predecessor
 * still uses the shared memory, and waits for that one.
 */
export const stopOrphan = async (pidFile: string, folder: string, signal: NodeJS.Signals): Promise<void> => {
  const pid = Number.parseInt((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0] ?? '', 10)
  if (!Number.isSafeInteger(pid) || pid <= 1 || !isAlive(pid)) return
  if (await runsIn(pid, folder)) await stopProcess(pid, signal, STOP_DEADLINE_MS)
  else await rm(pidFile, { force: true })
}
