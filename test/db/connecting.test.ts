import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { findFreePort } from '../../src/embedded/ports.ts'
import { giveTo, serverUser } from '../../src/embedded/run-as.ts'
import { startTestPostgres, type TestServer } from '../support/servers.ts'
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { waitUntil } from '../support/wait-until.ts'

/** A server without TLS: `prefer` asks for it first. */
const TLS = ['', '?sslmode=prefer']
const CONNECTIONS = 2
/** Milliseconds. */
const CONNECT_TIMEOUT_MS = 3_000

let socketFolder: string
let server: TestServer
let proxy: TcpProxy
beforeAll(async () => {
  socketFolder = await mkdtemp(join(tmpdir(), 'pg-')) // a path of a socket may not be longer than 107 bytes
  await chmod(socketFolder, 0o755)
  await giveTo(socketFolder, serverUser())
  server = await startTestPostgres({ settings: { unix_socket_directories: socketFolder } })
  proxy = await createTcpProxy(server.port)
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await proxy.close()
  await server.stop()
  await rm(socketFolder, { recursive: true, force: true })
})

const throughProxy = (query: string): string => {
  const url = new URL(server.url)
  url.port = String(proxy.port)
  return `${url.href}${query}`
}
const onPool = async (url: string, work: (pool: DbConnection) => Promise<void>): Promise<void> => {
  const pool = connect(url, { max: CONNECTIONS })
  try {
    await work(pool)
  } finally {
    await pool.close()
  }
}
/** More statements than the pool has connections, and what each got: rows or a code. */
const askAll = (pool: DbConnection) =>
  Promise.all(Array.from({ length: 3 * CONNECTIONS }, () => pool.sql`select 1 as one`.then((rows) => rows.length, (error: { code: string }) => error.code)))
const each = <T>(outcome: T): T[] => Array.from({ length: 3 * CONNECTIONS }, () => outcome)

test.each(TLS)('where nobody listens each who asks is told so, and the pool is whole when somebody does (%s)', (query) =>
  onPool(throughProxy(query), async (pool) => {
    await proxy.cut()
    expect(await askAll(pool)).toEqual(each('ECONNREFUSED'))
    await proxy.resume()
    expect(await askAll(pool)).toEqual(each(1))
  }))

test.each(TLS)('a server that takes connections and says nothing costs the time for a connect and no connection of the pool (%s)', (query) =>
  onPool(throughProxy(query), async (pool) => {
    proxy.hang()
    const began = performance.now()
    const asked = Array.from({ length: CONNECTIONS }, () => pool.sql`select 1`.then(() => 'answered', (error: { code: string }) => error.code))
    expect(await Promise.all(asked)).toEqual(asked.map(() => 'CONNECT_TIMEOUT'))
    expect(performance.now() - began).toBeGreaterThan(CONNECT_TIMEOUT_MS - 100)
    expect(performance.now() - began).toBeLessThan(CONNECT_TIMEOUT_MS + 2_000)
    await proxy.resume()
    expect(await askAll(pool)).toEqual(each(1))
  }))

test.each(TLS)('a proxy with no server behind it, which closes what it has taken, is not asked again unasked (%s)', (query) =>
  onPool(throughProxy(query), async (pool) => {
    proxy.retarget(await findFreePort())
    const before = proxy.accepted
    for (const code of await askAll(pool)) expect(['CONNECTION_CLOSED', 'ECONNRESET', 'EPIPE']).toContain(code)
    expect(proxy.accepted - before).toBe(3 * CONNECTIONS)
    proxy.retarget(server.port)
    expect(await askAll(pool)).toEqual(each(1))
  }))

test("a wrong password is Postgres's own answer, to each who asks", async () => {
  const url = new URL(server.url)
  url.password = 'wrong'
  await onPool(url.href, async (pool) => {
    expect(await askAll(pool)).toEqual(each('28P01'))
    await expect(pool.sql`select 1`).rejects.toThrow('password authentication failed')
  })
})

test.each(TLS)('nothing is left of a pool that is ended while it connects (%s)', async (query) => {
  proxy.hang()
  const pool = connect(throughProxy(query), { max: 1 })
  const outcome = expect(pool.sql`select 1`).rejects.toMatchObject({ code: 'CONNECTION_DESTROYED' })
  await waitUntil('it connects', () => proxy.open === 1)
  await pool.sql.end({ timeout: 0 })
  await outcome
  await proxy.resume()
  await waitUntil('its connection is closed', () => proxy.open === 0, { withinMs: CONNECT_TIMEOUT_MS - 500 })
})

test.each(TLS)('of two hosts the second is used where the first cannot be (%s)', async (query) => {
  const url = server.url.replace('127.0.0.1', 'nowhere.invalid,127.0.0.1')
  await onPool(`${url}${query}`, async (pool) => expect(await askAll(pool)).toEqual(each(1)))
})

test.each(TLS)('a Postgres on this machine can be reached by its socket (%s)', async (query) => {
  const { username, password, pathname, port } = new URL(server.url)
  for (const [name, value] of Object.entries({ PGHOST: socketFolder, PGPORT: port, PGUSER: username, PGPASSWORD: decodeURIComponent(password) })) vi.stubEnv(name, value)
  await onPool(`postgres://${pathname}${query}`, async (pool) => {
    expect([...(await pool.sql`select inet_server_addr() is null as is_local, current_setting('application_name') as name`)]).toEqual([{ is_local: true, name: 'petfood-gateway' }])
  })
})

test('Postgres is told what it was to be told, and nothing of the padding', () =>
  onPool(server.url, async (pool) => {
    const [told] = await pool.sql`
      select current_setting('application_name') as name, current_setting('statement_timeout') as timeout, current_setting('petfood.padding', true) as padding`
    expect(told).toEqual({ name: 'petfood-gateway', timeout: '5s', padding: null })
  }))
