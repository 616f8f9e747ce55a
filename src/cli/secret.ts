import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { TokenConfig } from '../http/tokens.ts'

/**
 * The configured keys; where none are configured, a secret of our own that is made once and kept in the data folder, so
 * that tokens outlive a restart and `npm run token` signs what a running gateway accepts.
 */
export async function tokenConfigOf({ auth, dataDir }: Pick<Config, 'auth' | 'dataDir'>): Promise<TokenConfig> {
  const { issuer, audience, keys } = auth
  return { issuer, audience, keys: keys.kind === 'generated' ? { kind: 'secret', secret: await keptSecret(dataDir) } : keys }
}

async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'jwt-secret')
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept !== undefined) return kept
  await mkdir(dataDir, { recursive: true })
  // Linked into place whole: of two that start at once one wins, and nobody reads half a secret.
  const draft = `${file}.${process.pid}`
  await writeFile(draft, randomBytes(32).toString('base64url'), { mode: 0o600 })
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(draft)
  return readFile(file, 'utf8')
}
