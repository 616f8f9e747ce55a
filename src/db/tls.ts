import { readFileSync } from 'node:fs'

/** Not at all; if the server can; by whoever answers; only with a certificate made out to the host by an authority that is known, or by this one (PEM). */
export type Tls = false | 'prefer' | 'require' | { ca: string | undefined }

export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

/** Whether the URL's `sslmode`, if it has one, is among SSL_MODES. A misspelt one must not pass for less than was meant. */
export function hasKnownSslMode(url: string): boolean {
  const mode = new URL(url).searchParams.get('sslmode')
  return mode === null || SSL_MODES.some((known) => known === mode)
}

/**
 * What `sslmode` and `sslrootcert` (a file) in `url` ask of a connection, and the URL without them: the driver would hand
 * `sslrootcert` on to the server, which refuses it. Its own words for `sslmode` (`ssl`, or PGSSL) are heard where that is missing.
 * Throws where the file cannot be read.
 */
export function tlsOf(url: string): { url: string; tls: Tls } {
  const parsed = new URL(url)
  const { searchParams } = parsed
  const authority = searchParams.get('sslrootcert')
  const mode = searchParams.get('sslmode') || searchParams.get('ssl') || process.env['PGSSL'] || (authority === null ? 'disable' : 'verify-full')
  for (const name of ['sslmode', 'ssl', 'sslrootcert']) searchParams.delete(name)
  return { url: parsed.href, tls: tlsBy(mode, authority) }
}

function tlsBy(mode: string, authority: string | null): Tls {
  switch (mode) {
    case 'disable':
    case 'false':
      return false
    case 'allow':
    case 'prefer':
      return 'prefer'
    case 'require':
      return 'require'
    default:
      return { ca: authority === null || authority === 'system' ? undefined : readFileSync(authority, 'utf8') }
  }
}
