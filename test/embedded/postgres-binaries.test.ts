import { cp, mkdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findPostgres, linkLibraries } from '../../src/embedded/postgres-binaries.ts'
import { serverUser } from '../../src/embedded/run-as.ts'
import { temporaryFolder } from '../support/temp-folder.ts'

test('the links that a blocked install script did not make are made, by many processes at once and again', async () => {
  const folder = await temporaryFolder()
  const lib = join(folder, 'native', 'lib')
  await mkdir(lib, { recursive: true })
  await writeFile(join(lib, 'libpq.so.5.18'), 'a library')
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({ source: 'native/lib/libpq.so.5.18', target: `native/lib/${name}` }))
  await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links))

  expect(await Promise.all([linkLibraries(folder), linkLibraries(folder)])).toEqual([true, true])
  expect(await readFile(join(lib, 'libpq.so'), 'utf8')).toBe('a library')
  const moved = join(await temporaryFolder(), 'moved')
  await cp(folder, moved, { recursive: true, verbatimSymlinks: true })
  expect(await readlink(join(moved, 'native', 'lib', 'libpq.so.5')), 'relative: a copied package links to itself').toBe('libpq.so.5.18')
})

test('a Postgres that the servers may run is found on this machine', async () => {
  expect((await findPostgres(serverUser(), undefined)).major).toBeGreaterThanOrEqual(15)
})
