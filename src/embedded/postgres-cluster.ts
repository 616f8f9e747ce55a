import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts'
import { giveTo, ownerOf, type RunAs, type ServerPlace } from './run-as.ts'

const USER = 'petfood'
const DATABASE = 'petfood'

export const postgresUrl = (password: string, port: number, database = DATABASE): string =>
  `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`

export type PostgresCluster = {
  /** Postgres's own data folder. */
  data: string
  logFile: string
  password: string
  binaries: PostgresBinaries
  runAs: RunAs | undefined
}

const run = promisify(execFile)

const entries = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new Error(`${folder} cannot be read. Did another user, or root, start the gateway on it before?`, { cause: error })
  })

/**
 * Makes `home` whole or not at all: initdb works beside it, and what it made is moved there at once. A start that was
 * killed half-way leaves only `<home>.new`, which the next one throws away.
 */
const createCluster = async (home: string, binaries: PostgresBinaries, runAs: RunAs | undefined, durable: boolean): Promise<void> => {
  const fresh = `${home}.new`
  const passwordFile = join(fresh, 'password')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o700 })
  // Other users of the machine can connect to 127.0.0.1, so there is a password, and only the folder's owner can read it.
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  await giveTo(fresh, runAs)
  const options = ['--no-locale', '--encoding=UTF8', '--auth=scram-sha-256', ...(durable ? [] : ['--no-sync'])]
  const args = ['-D', join(fresh, 'data'), '-U', USER, `--pwfile=${passwordFile}`, ...options]
  await run(binaries.initdb, args, { cwd: '/', ...runAs }).catch((cause: unknown) => {
    throw new Error(`Postgres's data could not be made in ${home}. Set DATABASE_URL to use a Postgres of your own.`, { cause })
  })
  await rename(fresh, home)
}

/** The database cluster in that place: the one that is there, or a new one. Never touches a folder that is not one. */
export const openCluster = async ({ folder, runAs }: ServerPlace, durable: boolean): Promise<PostgresCluster> => {
  const home = join(folder, 'postgres')
  const data = join(home, 'data')
  const found = await entries(home)
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (found.length > 0 && version === undefined) {
    const advice = 'Move it away or set DATA_DIR to another folder.'
    throw new Error(`${home} is not empty and holds no Postgres data of the gateway; it was left as it is. ${advice}`)
  }
  const user = version === undefined ? runAs : await ownerOf(home, runAs)
  const binaries = await findPostgres(user, version === undefined ? undefined : Number.parseInt(version, 10))
  if (version === undefined) await createCluster(home, binaries, user, durable)
  const password = await readFile(join(home, 'password'), 'utf8')
  return { data, logFile: join(home, 'server.log'), password, binaries, runAs: user }
}
