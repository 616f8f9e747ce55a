import { findRedis } from '../../src/embedded/redis.ts'
import { installPackage, mayInstall } from './debian-package.ts'

/**
 * Makes sure that the tests have a Redis server to start: as root on Debian and its kin one is installed. Elsewhere the
 * tests that need one say so.
 */
export const provideRedisServer = async (): Promise<void> => {
  if ((await findRedis()) !== undefined) return
  if (!mayInstall()) {
    console.log('No redis-server or valkey-server on the PATH: the tests that need one will fail.')
    return
  }
  console.log('No redis-server or valkey-server on the PATH: installing the package redis-server.')
  try {
    installPackage('redis-server')
  } catch (error) {
    console.log(`redis-server could not be installed, the tests that need one will fail: ${String(error)}`)
  }
}
