import { createConnection, type Socket } from 'node:net'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { isAlive } from '../../src/embedded/process-identity.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestPostgres, startTestRedis, type TestServer } from '../support/servers.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import { waitUntil } from '../support/wait-until.ts'

let redis: TestServer
beforeAll(async () => {
  redis = await startTestRedis({ settings: ['maxmemory 8mb'] })
})
afterAll(() => redis.stop())

const clientOf = (port: number): Redis => {
  const client = new Redis({ host: '127.0.0.1', port, commandTimeout: 100, maxRetriesPerRequest: 0, retryStrategy: () => 20 })
  client.on('error', () => {})
  onTestFinished(() => client.disconnect())
  return client
}
const answers = (client: Redis) =>
  client.ping().then(
    () => true,
    () => false,
  )

test('a paused server answers nothing and goes on when it is resumed', async () => {
  const client = clientOf(redis.port)
  await waitUntil('it answers', () => answers(client))
  await redis.pause()
  expect(await answers(client)).toBe(false)
  await redis.resume()
  await waitUntil('it answers again', () => answers(client))
})

test('a killed server is gone, and comes back on the same port', async () => {
  const { port, pid, url } = redis
  await redis.kill()
  expect(isAlive(pid)).toBe(false)
  await redis.restart()
  expect([redis.port, redis.url]).toEqual([port, url])
  expect(redis.pid).not.toBe(pid)
  const client = clientOf(port)
  await waitUntil('it answers', () => answers(client))
})

test('a Postgres of a file of its own keeps its data over a SIGKILL and stands still when paused', async () => {
  const server = await startTestPostgres()
  onTestFinished(server.stop)
  const sql = postgres(server.url, { max: 1, connect_timeout: 1, onnotice: () => {} })
  onTestFinished(() => sql.end({ timeout: 1 }))
  await sql`create table kept as select 1 as n`
  await server.pause()
  let answered = false
  const answer = sql`select n from kept`.then(() => (answered = true))
  await expect(postgres(server.url, { max: 1, connect_timeout: 0.2 })`select 1`).rejects.toMatchObject({ code: 'CONNECT_TIMEOUT' })
  expect(answered).toBe(false)
  await server.resume()
  await answer
  await server.kill()
  await server.restart()
  expect(await sql`select n from kept`).toHaveLength(1)
})

test('two test databases start migrated and know nothing of each other', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
  const sql = postgres(one.url, { max: 1 })
  await sql`create table mine ()`
  await sql.end()
  const tables = async (url: string) => {
    const client = postgres(url, { max: 1 })
    const [row] = await client`select to_regclass('pets') is not null as pets, to_regclass('mine') is not null as mine`
    await client.end()
    return row
  }
  expect(await tables(one.url)).toEqual({ pets: true, mine: true })
  expect(await tables(other.url)).toEqual({ pets: true, mine: false })
  await Promise.all([one.drop(), other.drop()])
})

test('dropping a test database fails while a connection to it is open, says whose, and drops it all the same', async () => {
  const database = await createTestDatabase()
  const forgotten = postgres(database.url, { max: 1, connection: { application_name: 'the forgotten one' } })
  await forgotten`select 1`
  await expect(database.drop()).rejects.toThrow(/1 connections open:\nthe forgotten one/)
  await forgotten.end({ timeout: 1 })
  const admin = postgres(inject('postgresUrl'), { max: 1 })
  const left = await admin`select from pg_database where datname = ${new URL(database.url).pathname.slice(1)}`
  await admin.end()
  expect(left).toHaveLength(0)
})

test('through the proxy: a cut is refused at once, a hang is silence, and both end', async () => {
  const proxy = await createTcpProxy(redis.port)
  onTestFinished(proxy.close)
  const client = clientOf(proxy.port)
  await waitUntil('it answers', () => answers(client))
  expect([proxy.accepted, proxy.open]).toEqual([1, 1])

  proxy.hang()
  expect(await answers(client)).toBe(false)
  expect(proxy.open, 'the connection stays').toBe(1)
  await proxy.resume()
  await waitUntil('it answers again', () => answers(client))

  await proxy.cut()
  expect(proxy.open).toBe(0)
  const refused: Socket = createConnection({ host: '127.0.0.1', port: proxy.port })
  await expect(once(refused, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await proxy.resume()
  await waitUntil('the client is connected again', () => answers(client))
})

test('through the proxy: who connects during a hang is served when it ends', async () => {
  const proxy = await createTcpProxy(redis.port)
  onTestFinished(proxy.close)
  proxy.hang()
  const socket = createConnection({ host: '127.0.0.1', port: proxy.port })
  onTestFinished(() => void socket.destroy())
  let answer = ''
  socket.on('data', (bytes) => (answer += bytes.toString()))
  socket.write('PING\r\n')
  await waitUntil('the proxy has taken it', () => proxy.accepted === 1)
  expect(answer).toBe('')
  await proxy.resume()
  await waitUntil('it is served', () => answer === '+PONG\r\n')
})
