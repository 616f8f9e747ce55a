import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/**
 * The second suite: real failovers and restores of Postgres, and what needs further packages of Debian. `.ci/run` installs
 * those and runs it after `npm test`.
 */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  { root: fileURLToPath(new URL('../..', import.meta.url)), test: { include: ['test/servers/**/*.test.ts'], testTimeout: 60_000 } },
)
