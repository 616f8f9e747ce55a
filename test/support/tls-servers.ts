import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import { findFreePort } from '../../src/embedded/ports.ts'
import { giveTo, serverUser } from '../../src/embedded/run-as.ts'
import { makeAuthority, type Certificate } from './certificates.ts'
import { startTestPostgres, startTestRedis, type TestServer } from './servers.ts'

export type TlsServers = {
  /** The file of the authority that signed for both. */
  authorityFile: string
  postgres: TestServer
  /** Its `port` and `url` are in the clear. */
  redis: TestServer & { tlsPort: number }
  /** From the next connection on both show a certificate for these names instead; Postgres when told to read its files again. */
  certify(...names: readonly string[]): Promise<void>
  stop(): Promise<void>
}

/** Both stores with TLS, certified for 127.0.0.1 by an authority of their own. */
export const startTlsServers = async (redisSettings: readonly string[] = []): Promise<TlsServers> => {
  const folder = join(inject('testFolder'), `tls_${randomBytes(4).toString('hex')}`)
  await mkdir(folder)
  await chmod(folder, 0o755) // as root the servers run as nobody
  const authority = makeAuthority()
  const authorityFile = join(folder, 'ca.pem')
  const [certFile, keyFile] = [join(folder, 'server.pem'), join(folder, 'server.key')]
  const write = async ({ cert, key }: Certificate) => {
    await writeFile(certFile, cert)
    await writeFile(keyFile, key, { mode: 0o600 })
    // Postgres wants a key that is its own and nobody else's.
    await giveTo(keyFile, serverUser())
  }
  await writeFile(authorityFile, authority.cert)
  await write(authority.issue('127.0.0.1'))
  const tlsPort = await findFreePort()
  const tls = [`tls-port ${tlsPort}`, `tls-cert-file ${certFile}`, `tls-key-file ${keyFile}`, `tls-ca-cert-file ${authorityFile}`, 'tls-auth-clients no']
  const [postgres, redis] = await Promise.all([
    startTestPostgres({ settings: { ssl: 'on', ssl_cert_file: certFile, ssl_key_file: keyFile } }),
    startTestRedis({ settings: [...tls, ...redisSettings] }),
  ])
  return {
    authorityFile,
    postgres,
    redis: Object.assign(redis, { tlsPort }),
    certify: (...names) => write(authority.issue(...names)),
    stop: async () => {
      await Promise.all([postgres.stop(), redis.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
