import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { findOnPath } from '../../src/embedded/find-on-path.ts'

/** `server`: what is measured has this core to itself. `client`: everything else shares one, Redis and Postgres too. */
const CORES = { server: 0, client: 1 } as const

const [taskset] = await findOnPath('taskset')

/** False where there is one core only, or no taskset: then figures mix client and server. */
export const canPin = taskset !== undefined && availableParallelism() >= 2

/** This process and everything it starts from now on. */
export function keepOffServerCore(): void {
  if (canPin) execFileSync('taskset', ['-a', '-p', '-c', String(CORES.client), String(process.pid)], { stdio: 'ignore' })
}

/** The command that runs a program of Node, or of `interpreter`, on the server's core alone. */
export function onServerCore(args: readonly string[], interpreter = process.execPath): [command: string, args: string[]] {
  return canPin ? ['taskset', ['-c', String(CORES.server), interpreter, ...args]] : [interpreter, [...args]]
}
