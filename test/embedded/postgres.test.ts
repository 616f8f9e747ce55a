import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { expect, onTestFinished, test } from 'vitest'
import { findFreePort } from '../../src/embedded/ports.ts'
import { startPostgres, type EmbeddedPostgres, type PostgresOptions } from '../../src/embedded/postgres.ts'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const started = async (dataDir: string, options: Partial<PostgresOptions> = {}): Promise<EmbeddedPostgres> => {
  const server = await startPostgres({ dataDir, durable: false, ...options })
  onTestFinished(server.stop)
  return server
}

const query = async (url: string, text: string): Promise<unknown[][]> => {
  const sql = postgres(url, { max: 1 })
  try {
    return await sql.unsafe(text).values()
  } finally {
    await sql.end()
  }
}

test('data survive a restart', async () => {
  const folder = await temporaryFolder()
  const first = await started(folder)
  await query(first.url, `create table pets as select 'Rex' as name`)
  await first.stop()
  expect(isAlive(first.pid)).toBe(false)
  const second = await started(folder)
  expect(await query(second.url, 'select name from pets')).toEqual([['Rex']])
})

test('what was committed survives a SIGKILL of the server', async () => {
  const folder = await temporaryFolder()
  const first = await started(folder, { durable: true })
  await query(first.url, `create table pets as select 'Rex' as name`)
  process.kill(first.pid, 'SIGKILL')
  await waitUntil('it is gone', () => !isAlive(first.pid))
  const second = await started(folder, { durable: true })
  expect(await query(second.url, 'select name from pets')).toEqual([['Rex']])
})

test('a durable server waits for the disk', async () => {
  const { url } = await started(await temporaryFolder(), { durable: true })
  expect(await query(url, `select current_setting('fsync'), current_setting('full_page_writes')`)).toEqual([['on', 'on']])
})

test('the zero-config servers never use the standard ports', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, findFreePort))
  expect(ports).not.toContain(5432)
  expect(ports).not.toContain(6379)
})

test('it listens on 127.0.0.1 only, and a client without its password is refused', async () => {
  const { url } = await started(await temporaryFolder())
  const listens = `select current_setting('listen_addresses'), current_setting('unix_socket_directories')`
  expect(await query(url, listens)).toEqual([['127.0.0.1', '']])
  const stranger = new URL(url)
  stranger.password = 'guessed'
  await expect(query(stranger.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
})

test('its password is readable for the owner of the data only', async () => {
  const folder = await temporaryFolder()
  await started(folder)
  expect((await stat(join(folder, 'postgres', 'password'))).mode & 0o077).toBe(0)
  expect((await stat(join(folder, 'postgres'))).mode & 0o077).toBe(0)
})

test('a data folder that is not ours is refused and left as it was', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'postgres'))
  await writeFile(join(folder, 'postgres', 'thesis.txt'), 'three years of work')
  await expect(started(folder)).rejects.toThrow(join(folder, 'postgres'))
  expect(await readdir(join(folder, 'postgres'))).toEqual(['thesis.txt'])
})

test('data of another major version are refused with its number', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'postgres', 'data'), { recursive: true })
  await writeFile(join(folder, 'postgres', 'data', 'PG_VERSION'), '9\n')
  await expect(started(folder)).rejects.toThrow('PostgreSQL 9 is needed for the data that are there')
})

test('a first start that was killed half-way does not break the next', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'postgres.new', 'data'), { recursive: true })
  await writeFile(join(folder, 'postgres.new', 'data', 'PG_VERSION'), '18\n')
  const { url } = await started(folder)
  expect(await query(url, 'select 1')).toEqual([[1]])
})

test('a start that fails tells what the server said', async () => {
  const failing = started(await temporaryFolder(), { settings: { shared_buffers: 'plenty' } })
  await expect(failing).rejects.toThrow(/Postgres ended while starting(.|\n)*shared_buffers/)
})

test('stopping twice, or a server that is gone, is no error', async () => {
  const server = await started(await temporaryFolder())
  await Promise.all([server.stop(), server.stop()])
  await server.stop()
})

test.runIf(process.getuid?.() === 0)('as root, a data folder that nobody can reach has a stand-in where data survive too', async () => {
  const home = await temporaryFolder()
  const folder = join(home, 'data')
  await mkdir(folder)
  await chmod(home, 0o700)
  const first = await started(folder)
  onTestFinished(() => rm(join(first.dataDir, '..', '..'), { recursive: true, force: true }))
  expect(first.dataDir.startsWith(home)).toBe(false)
  await query(first.url, `create table pets as select 'Rex' as name`)
  await first.stop()
  const second = await started(folder)
  expect(second.dataDir).toBe(first.dataDir)
  expect(await query(second.url, 'select name from pets')).toEqual([['Rex']])
})

