import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { isAlive } from '../../src/embedded/process-identity.ts'

const run = promisify(execFile)

/** The process and those it started: a Postgres serves each connection by a process of its own. */
export const familyOf = async (pid: number): Promise<number[]> => {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid='])
  const pairs = stdout.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  return [pid, ...pairs.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []))]
}

export const signalAll = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, signal)
}

/** Stops a process before its children are counted: it starts none meanwhile, so that all of them are held. */
export const holdFamily = async (pid: number): Promise<number[]> => {
  signalAll([pid], 'SIGSTOP')
  const family = await familyOf(pid)
  signalAll(family, 'SIGSTOP')
  return family
}
