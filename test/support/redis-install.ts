import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { findRedis } from '../../src/embedded/redis.ts'

const POLICY = '/usr/sbin/policy-rc.d'

/** A system's package manager starts what it installs, unless this file says no (101: forbidden by policy). */
const FORBID_STARTING = '#!/bin/sh\nexit 101\n'

/**
 * Makes sure that the tests have a Redis server to start: as root on Debian and its kin one is installed. The system's
 * own Redis is not started by that, and one that runs already is left alone. Elsewhere the tests that need one say so.
 */
export const provideRedisServer = async (): Promise<void> => {
  if ((await findRedis()) !== undefined) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log('No redis-server or valkey-server on the PATH: the tests that need one will fail.')
    return
  }
  console.log('No redis-server or valkey-server on the PATH: installing the package redis-server.')
  const ourPolicy = !existsSync(POLICY)
  if (ourPolicy) writeFileSync(POLICY, FORBID_STARTING, { mode: 0o755 })
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
    execFileSync('apt-get', ['update', '-q'], { env, stdio: 'ignore' })
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'redis-server'], { env, stdio: 'pipe' })
  } catch (error) {
    console.log(`redis-server could not be installed, the tests that need one will fail: ${String(error)}`)
  } finally {
    if (ourPolicy) rmSync(POLICY, { force: true })
  }
}
