import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'

type Tls = false | 'prefer' | 'require' | ConnectionOptions

export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

/** Whether the URL's `sslmode`, if it has one, is among SSL_MODES. A misspelt one must not pass for less than was meant. */
export function hasKnownSslMode(url: string): boolean {
  const mode = new URL(url).searchParams.get('sslmode')
  return mode === null || SSL_MODES.some((known) => known === mode)
}

/**
 * What `sslmode` and `sslrootcert` (a file) in `url` ask of a connection, and the URL without them. `ssl` undefined: nothing.
 * Throws where that file cannot be read.
 *
 * postgres.js would take the words itself, but hands `sslrootcert` on to the server, which refuses it; and to an address it
 * checks the certificate as one for `localhost`, since it gives Node the socket and not the host. So the host is told here.
 */
export function tlsOf(url: string): { url: string; ssl: Tls | undefined } {
  const parsed = new URL(url)
  const mode = parsed.searchParams.get('sslmode')
  const authority = parsed.searchParams.get('sslrootcert')
  parsed.searchParams.delete('sslmode')
  parsed.searchParams.delete('sslrootcert')
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  const ca = authority === null || authority === 'system' ? {} : { ca: readFileSync(authority, 'utf8') }
  const verified = { rejectUnauthorized: true, host, ...(isIP(host) === 0 ? { servername: host } : {}), ...ca }
  switch (mode) {
    case null:
      return { url: parsed.href, ssl: authority === null ? undefined : verified }
    case 'disable':
      return { url: parsed.href, ssl: false }
    case 'allow':
    case 'prefer':
      return { url: parsed.href, ssl: 'prefer' }
    case 'require':
      return { url: parsed.href, ssl: 'require' }
    default:
      return { url: parsed.href, ssl: verified }
  }
}
