import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, readlink } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

/*
  A pid alone says little: it is given again after its process ended, at the latest after the machine's next start.
  So whoever is written down with a pid is written down with the moment that process started, and whoever is about to
  be stopped by pid is first asked what it runs on. Linux tells both in /proc; elsewhere ps and lsof do.
*/

const run = promisify(execFile)
const output = (command: string, args: readonly string[]): Promise<string> =>
  run(command, [...args]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  )

/** The fields of /proc/<pid>/stat after the program's name, which may itself hold blanks and brackets; the first is the state. */
const statFields = (stat: string): readonly string[] => stat.slice(stat.lastIndexOf(')') + 2).split(' ')

/**
 * A process that has ended but whose parent never asked how stays as a zombie, for ever in a container whose first
 * process adopts orphans and ignores them.
 */
const isZombie = (pid: number): boolean => {
  try {
    return statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'))[0] === 'Z'
  } catch {
    return false
  }
}

/** Whether a process with that pid runs, ours or another user's. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A text that differs for two processes that had the same pid one after the other; empty where it cannot be told. */
export const startedAt = async (pid: number): Promise<string> => {
  if (process.platform !== 'linux') return output('ps', ['-o', 'lstart=', '-p', String(pid)])
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ])
  const ticks = statFields(stat)[19]
  return ticks === undefined ? '' : `${boot.trim()}/${ticks}`
}

const workingFolder = async (pid: number): Promise<string> => {
  if (process.platform === 'linux') return readlink(`/proc/${pid}/cwd`).catch(() => '')
  const told = await output('lsof', ['-a', '-p', String(pid), '-d', 'cwd', '-Fn'])
  return told.split('\n').find((line) => line.startsWith('n'))?.slice(1) ?? ''
}

const commandLine = async (pid: number): Promise<readonly string[]> => {
  if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
  return (await output('ps', ['-o', 'args=', '-p', String(pid)])).split(' ')
}

/** Whether that process is a server of that data folder: Postgres and Redis both make it their working folder. */
export const runsIn = async (pid: number, folder: string): Promise<boolean> =>
  (await workingFolder(pid)) === folder || (await commandLine(pid)).includes(folder)

/** Sends the signal, waits until the process is gone, and kills it after the deadline. */
export const stopProcess = async (pid: number, signal: NodeJS.Signals, deadlineMs: number): Promise<void> => {
  const signalled = (name: NodeJS.Signals): boolean => {
    try {
      return process.kill(pid, name)
    } catch {
      return false
    }
  }
  const goneWithin = async (ms: number): Promise<boolean> => {
    for (const end = performance.now() + ms; performance.now() < end; await delay(20)) if (!isAlive(pid)) return true
    return !isAlive(pid)
  }
  signalled(signal)
  if (await goneWithin(deadlineMs)) return
  signalled('SIGKILL')
  if (!(await goneWithin(deadlineMs))) throw new Error(`process ${pid} could not be stopped`)
}
