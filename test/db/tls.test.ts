import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/db/client.ts'
import { makeAuthority } from '../support/certificates.ts'
import { startTestPostgres, type TestServer } from '../support/servers.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import { startTlsServers, type TlsServers } from '../support/tls-servers.ts'

let servers: TlsServers
beforeAll(async () => {
  servers = await startTlsServers()
})
afterAll(() => servers.stop())

/** Whether the connection that such a URL makes is encrypted; 'refused' where none is made. */
const connected = async (query: string, { host = '127.0.0.1', server = servers.postgres }: { host?: string; server?: TestServer } = {}): Promise<'encrypted' | 'clear' | 'refused'> => {
  const url = new URL(server.url)
  url.hostname = host
  url.search = query
  const connection = connect(url.href, { max: 1 })
  try {
    const [row] = await connection.sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`
    return row?.['ssl'] === true ? 'encrypted' : 'clear'
  } catch {
    return 'refused'
  } finally {
    await connection.close()
  }
}
const withAuthority = (mode: string) => `sslmode=${mode}&sslrootcert=${servers.authorityFile}`
const certifyPostgres = async (...names: string[]) => {
  await servers.certify(...names)
  const owner = connect(servers.postgres.url, { max: 1 })
  await owner.sql`select pg_reload_conf()`
  await owner.close()
}

test.each([
  ['', 'clear'], ['sslmode=disable', 'clear'], ['sslmode=prefer', 'encrypted'], ['sslmode=allow', 'encrypted'], ['sslmode=require', 'encrypted'],
  ['ssl=require', 'encrypted'], ['sslmode=require&sslnegotiation=direct', 'encrypted'],
])('with %s a connection is %s, whoever signed the certificate', async (query, expected) => {
  expect(await connected(query)).toBe(expected)
})

test.each(['sslmode=disable', 'sslmode=require'])('with %s statements and answers of any size go through whole', async (query) => {
  const { sql, close } = connect(`${servers.postgres.url}?${query}`, { max: 2 })
  const text = 'abcdefgh'.repeat(500_000)
  try {
    const rows = await Promise.all([1, 2, 3, 4].map((n) => sql`select ${text} as text, ${n}::int as n`))
    expect(rows.map(([row]) => [row?.['n'], row?.['text'] === text])).toEqual([1, 2, 3, 4].map((n) => [n, true]))
  } finally {
    await close()
  }
})

test.each(['verify-ca', 'verify-full'])('%s takes a certificate of the authority that was named, made out to the address', async (mode) => {
  expect(await connected(withAuthority(mode))).toBe('encrypted')
})

test.each(['sslmode=verify-ca', 'sslmode=verify-full'])('%s refuses a certificate of an authority that nobody knows', async (query) => {
  expect(await connected(query)).toBe('refused')
})

test('verify-full refuses a certificate of another authority than the one that was named', async () => {
  const file = join(await temporaryFolder(), 'other.pem')
  await writeFile(file, makeAuthority().cert)
  expect(await connected(`sslmode=verify-full&sslrootcert=${file}`)).toBe('refused')
})

test('verify-full holds a certificate to the host of the URL, name or address: one for localhost is not one for 127.0.0.1', async () => {
  expect(await connected(withAuthority('verify-full'), { host: 'localhost' })).toBe('refused')
  await certifyPostgres('localhost')
  expect(await connected(withAuthority('verify-full'), { host: 'localhost' })).toBe('encrypted')
  expect(await connected(withAuthority('verify-full'))).toBe('refused')
  await certifyPostgres('127.0.0.1')
})

test('require and verify-full never go on in the clear with a server that has no TLS; prefer does', async () => {
  const plain = await startTestPostgres()
  try {
    const outcomes = ['sslmode=require', 'sslmode=verify-full', 'sslmode=prefer'].map((query) => connected(query, { server: plain }))
    expect(await Promise.all(outcomes)).toEqual(['refused', 'refused', 'clear'])
  } finally {
    await plain.stop()
  }
})
