import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbeddedServers } from '../../src/embedded/embedded-servers.ts'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { startPostgres } from '../../src/embedded/postgres.ts'
import { findRunningServers } from '../../src/embedded/running-servers.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'
import { runStandIn } from './run-stand-in.ts'

const pidsOf = (standIn: Awaited<ReturnType<typeof runStandIn>>): number[] => {
  if ('error' in standIn) throw new Error(standIn.error)
  return standIn.pids
}

test('a SIGKILLed parent leaves no orphan', async () => {
  const parent = await runStandIn(await temporaryFolder(), 'servers')
  const processes = [...pidsOf(parent), ...parent.guards()]
  expect(processes, 'Postgres, Redis and a guard for each').toHaveLength(4)
  expect(processes.every(isAlive)).toBe(true)
  await parent.kill()
  await waitUntil('its servers and their guards are gone', () => !processes.some(isAlive))
})

test('an orphan that still runs is stopped before the next start on its folder', async () => {
  const folder = await temporaryFolder()
  const parent = await runStandIn(folder, 'servers')
  const orphans = pidsOf(parent)
  for (const guard of parent.guards()) process.kill(guard, 'SIGKILL')
  await parent.kill()
  expect(orphans.every(isAlive), 'nobody was left to stop them').toBe(true)

  const next = await startEmbeddedServers({ dataDir: folder, postgres: true, redis: true })
  onTestFinished(next.stop)
  expect(orphans.some(isAlive)).toBe(false)
})

test('a pid file whose pid is by now another program neither stops the start nor that program', async () => {
  const folder = await temporaryFolder()
  const first = await startPostgres({ dataDir: folder, durable: false })
  await first.stop()
  const bystander = await runStandIn(await temporaryFolder(), 'lock')
  await writeFile(join(first.dataDir, 'postmaster.pid'), `${bystander.pid}\n${first.dataDir}\n0\n0\n`)

  const second = await startPostgres({ dataDir: folder, durable: false })
  onTestFinished(second.stop)
  expect(isAlive(bystander.pid)).toBe(true)
})

test('a command beside a running gateway finds its servers, and none after it has ended', async () => {
  const folder = await temporaryFolder()
  const servers = await startEmbeddedServers({ dataDir: folder, postgres: true, redis: true })
  onTestFinished(servers.stop)
  const urls = [servers.postgres, servers.redis].map((server) => (server.kind === 'started' ? server.url : undefined))
  const found = await findRunningServers(folder)
  expect([found.postgresUrl, found.redisUrl]).toEqual(urls)
  await servers.stop()
  expect(await findRunningServers(folder)).toEqual({ postgresUrl: undefined, redisUrl: undefined })
})
