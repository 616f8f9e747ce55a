import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, chmod, lstat, mkdir, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/*
  Postgres refuses to run as root. Where this process is root, as in most containers, its servers run as nobody, and
  everything they need must be reachable for nobody: a checkout under a home folder of mode 700 is not. Modes, access
  lists and mounts are not computed here but tried: may that user go there?
*/

export type RunAs = { uid: number; gid: number }

const NOBODY: RunAs = { uid: 65534, gid: 65534 }

/** Whom the servers run as; undefined means as whoever runs this process. */
export const serverUser = (): RunAs | undefined => (process.getuid?.() === 0 ? NOBODY : undefined)

const run = promisify(execFile)

/** Whether that user may enter the folder. */
export const canEnter = (folder: string, runAs: RunAs | undefined): Promise<boolean> => {
  const entered = runAs === undefined ? access(folder, constants.X_OK) : run('sh', ['-c', 'cd "$1"', 'sh', folder], { cwd: '/', ...runAs })
  return entered.then(
    () => true,
    () => false,
  )
}

/** Gives the folder and all in it to that user. */
export const giveTo = async (folder: string, runAs: RunAs | undefined): Promise<void> => {
  if (runAs !== undefined) await run('chown', ['-R', `${runAs.uid}:${runAs.gid}`, folder])
}

/**
 * A folder for temporary files whose name stays the same for the same `of`, which belongs to us and which that user may
 * enter. The folders for temporary files are open to everybody, so one that somebody else has made under our name is
 * refused.
 */
export const standInFolder = async (of: string, runAs: RunAs | undefined): Promise<string> => {
  const name = `petfood-gateway-${createHash('sha256').update(of).digest('hex').slice(0, 16)}`
  for (const parent of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    const folder = join(parent, name)
    await mkdir(folder).catch(() => {})
    const found = await lstat(folder).catch(() => undefined)
    if (found === undefined || !found.isDirectory() || found.uid !== process.getuid?.()) continue
    await chmod(folder, 0o711)
    if (await canEnter(folder, runAs)) return realpath(folder)
  }
  const user = runAs === undefined ? 'this user' : `the servers' user (${runAs.uid})`
  throw new Error(`There is no folder for temporary files that ${user} may enter. Set TMPDIR to one.`)
}

export type ServerPlace = {
  /** Where the servers' data lie: the folder asked for, or its stand-in where the servers' user cannot reach it. */
  folder: string
  runAs: RunAs | undefined
}

/** Where the servers of that data folder keep their data, and whom they run as. Makes the folder. */
export const placeFor = async (dataDir: string): Promise<ServerPlace> => {
  await mkdir(dataDir, { recursive: true })
  const folder = await realpath(dataDir)
  const runAs = serverUser()
  if (runAs === undefined || (await canEnter(folder, runAs))) return { folder, runAs }
  return { folder: await standInFolder(folder, runAs), runAs }
}

/** The user who runs a server on an existing folder: whoever it belongs to, when root may choose. */
export const ownerOf = async (folder: string, runAs: RunAs | undefined): Promise<RunAs | undefined> => {
  if (runAs === undefined) return undefined
  const { uid, gid } = await lstat(folder)
  if (uid !== 0) return { uid, gid }
  await giveTo(folder, runAs)
  return runAs
}
