import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

const POLICY = '/usr/sbin/policy-rc.d'

/** A system's package manager starts what it installs, unless this file says no (101: forbidden by policy). */
const FORBID_STARTING = '#!/bin/sh\nexit 101\n'

/** Whether this process may install packages: root on Debian and its kin. */
export const mayInstall = (): boolean => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/** Installs a package of Debian. A server that it brings is not started by that, and one that runs is left alone. */
export const installPackage = (name: string): void => {
  const ourPolicy = !existsSync(POLICY)
  if (ourPolicy) writeFileSync(POLICY, FORBID_STARTING, { mode: 0o755 })
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
    execFileSync('apt-get', ['update', '-q'], { env, stdio: 'ignore' })
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], { env, stdio: 'pipe' })
  } finally {
    if (ourPolicy) rmSync(POLICY, { force: true })
  }
}
