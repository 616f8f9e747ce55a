import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createGuard } from './guard.ts'
import { stopProcess } from './process-identity.ts'
import type { RunAs } from './run-as.ts'

const STOP_DEADLINE_MS = 10_000

export type ServerProcess = {
  readonly pid: number
  hasExited(): boolean
  /** Resolves when the server has ended, with whether anybody here wanted that. */
  readonly ended: Promise<{ wanted: boolean; code: number | null; signal: string | null }>
  lastLogLines(): Promise<string>
  /** Ends the server and resolves when it is gone. A second call waits for the first. */
  stop(): Promise<void>
}

export type ServerCommand = {
  command: string
  args: readonly string[]
  /** Beside the variables of this process. */
  env?: Readonly<Record<string, string>> | undefined
  runAs: RunAs | undefined
  /** Written anew at each start. A file and not a pipe: a server must not stall or die because nobody reads. */
  logFile: string
  stopSignal: 'INT' | 'TERM'
}

export const spawnServer = async (server: ServerCommand): Promise<ServerProcess> => {
  const { command, args, env, runAs, logFile, stopSignal } = server
  const guard = createGuard(stopSignal)
  const log = openSync(logFile, 'w', 0o600)
  const child = spawn(command, [...args], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
    ...runAs,
  })
  closeSync(log)
  if (child.pid === undefined) {
    guard.release()
    throw await new Promise<Error>((resolve) => child.once('error', resolve))
  }
  const pid = child.pid
  guard.watch(pid)
  // A process that forgot to stop its server may still end; the guard then stops the server.
  child.unref()

  let stopping: Promise<void> | undefined
  let exited = false
  const ended: ServerProcess['ended'] = new Promise((resolve) =>
    child.once('exit', (code, signal) => {
      exited = true
      guard.release()
      resolve({ wanted: stopping !== undefined, code, signal })
    }),
  )
  const stop = async (): Promise<void> => {
    if (exited) return
    child.ref()
    await stopProcess(pid, `SIG${stopSignal}`, STOP_DEADLINE_MS)
    await ended
  }
  return {
    pid,
    hasExited: () => exited,
    ended,
    lastLogLines: async () => (await readFile(logFile, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-20).join('\n'),
    stop: () => (stopping ??= stop()),
  }
}
