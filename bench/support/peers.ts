import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The peers' packages, where they are not there yet. They have a lockfile of their own. */
export function installPeers(): void {
  const folder = fileURLToPath(new URL('..', import.meta.url))
  if (existsSync(`${folder}/node_modules/.package-lock.json`)) return
  process.stderr.write('Installing the peers in bench/\n')
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error('The peers could not be installed.', { cause: error })
}
