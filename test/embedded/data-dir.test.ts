import { mkdir, readdir, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DataDirInUseError, lockDataDir } from '../../src/embedded/data-dir.ts'
import { startedAt } from '../../src/embedded/process-identity.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import { runStandIn } from './run-stand-in.ts'

test('a second start on the same folder is refused and says who holds it', async () => {
  const folder = await temporaryFolder()
  const first = await runStandIn(folder, 'lock')
  await expect(lockDataDir(folder)).rejects.toThrow(DataDirInUseError)
  await expect(lockDataDir(folder)).rejects.toThrow(new RegExp(`${await realpath(folder)} is used by .*process ${first.pid}`))
  await first.kill()
  await (await lockDataDir(folder)).release()
})

test('a stale lock does not break the next start', async () => {
  const folder = await temporaryFolder()
  for (let start = 0; start < 3; start++) {
    const killed = await runStandIn(folder, 'lock')
    expect(killed).toHaveProperty('pids')
    await killed.kill()
  }
  await (await lockDataDir(folder)).release()
  expect(await readdir(join(folder, 'lock')), 'old locks are cleared away').toHaveLength(1)
})

test('a lock whose pid is by now another program is stale', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'lock'))
  await writeFile(join(folder, 'lock', '7'), `${process.pid}\nbefore ${await startedAt(process.pid)}`)
  await (await lockDataDir(folder)).release()
})

test('of many that find the same stale lock at once, exactly one takes it', async () => {
  const folder = await temporaryFolder()
  await (await runStandIn(folder, 'lock')).kill()
  const starts = await Promise.all(Array.from({ length: 6 }, () => runStandIn(folder, 'lock')))
  expect(starts.filter((start) => 'pids' in start)).toHaveLength(1)
  expect(starts.filter((start) => 'error' in start && start.error.includes(folder))).toHaveLength(5)
})

test('a folder that was given back can be taken again by the same process', async () => {
  const folder = await temporaryFolder()
  for (let start = 0; start < 3; start++) {
    const lock = await lockDataDir(folder)
    await expect(lockDataDir(folder)).rejects.toThrow(DataDirInUseError)
    await lock.release()
  }
})
