import { randomBytes } from 'node:crypto'
import { link, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive, startedAt } from './process-identity.ts'

/*
  One gateway at a time uses a data folder. Its lock must survive a SIGKILL of the holder (nobody tidies up), the reuse
  of the holder's pid, and two gateways that find the same stale lock at the same moment and both want to take it over.

  So no lock file is ever removed to be made again. They are numbered, the highest number counts, and to take the lock is
  to make the next number, complete at once and only if nobody else has made it (link(2) does both). Who made one looks
  once more: if by now there is a higher one, he was too slow, having read a state long past, and steps back. Only the
  holder removes lower numbers. A lock that was given back stays where it is and says so.
*/

export class DataDirInUseError extends Error {
  readonly pid: number
  constructor(folder: string, pid: number) {
    super(`The data folder ${folder} is used by another gateway, process ${pid}. Stop that one, or set DATA_DIR to another folder.`)
    this.name = 'DataDirInUseError'
    this.pid = pid
  }
}

export type DataDirLock = { folder: string; release(): Promise<void> }

type Holder = { pid: number; startedAt: string }

const RELEASED = 'released'

const holderOf = (text: string): Holder | undefined => {
  const [pid, started] = text.split('\n')
  return text === RELEASED || pid === undefined || started === undefined ? undefined : { pid: Number(pid), startedAt: started }
}

const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code

/** A lock that vanished while we looked was a lower one than somebody else's: the next number tells. */
const readLock = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return RELEASED
    throw error
  })

const runsStill = async ({ pid, startedAt: started }: Holder): Promise<boolean> => isAlive(pid) && (await startedAt(pid)) === started

const newest = async (locks: string): Promise<number> => Math.max(0, ...(await readdir(locks)).map(Number).filter(Number.isSafeInteger))

/** Takes the folder for this process, making it where there is none. Throws DataDirInUseError while another one has it. */
export const lockDataDir = async (dataDir: string): Promise<DataDirLock> => {
  await mkdir(join(dataDir, 'lock'), { recursive: true })
  const folder = await realpath(dataDir)
  const locks = join(folder, 'lock')
  const draft = join(locks, `draft-${process.pid}-${randomBytes(4).toString('hex')}`)
  const fileOf = (number: number) => join(locks, String(number))

  const take = async (): Promise<number> => {
    for (;;) {
      const last = await newest(locks)
      const holder = last === 0 ? undefined : holderOf(await readLock(fileOf(last)))
      if (holder !== undefined && (await runsStill(holder))) throw new DataDirInUseError(folder, holder.pid)
      const made = await link(draft, fileOf(last + 1)).then(
        () => true,
        (error: unknown) => {
          if (isCode(error, 'EEXIST')) return false
          throw error
        },
      )
      if (!made) continue
      if ((await newest(locks)) === last + 1) return last + 1
      await rm(fileOf(last + 1), { force: true })
    }
  }

  await writeFile(draft, `${process.pid}\n${await startedAt(process.pid)}`)
  let mine: number
  try {
    mine = await take()
  } finally {
    await rm(draft, { force: true })
  }
  for (const name of await readdir(locks)) if (Number(name) < mine) await rm(join(locks, name), { force: true })

  return {
    folder,
    release: async () => {
      await writeFile(draft, RELEASED)
      await rename(draft, fileOf(mine))
    },
  }
}
