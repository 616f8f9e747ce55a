import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/**
 * The second suite: what needs further packages of Debian, and what is slow because real servers fail, move or are restored
 * in it: `npm test` is to stay under ten minutes. `.ci/run` installs the packages and runs it after that.
 */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  { root: fileURLToPath(new URL('../..', import.meta.url)), test: { include: ['test/servers/**/*.test.ts'], testTimeout: 60_000 } },
)
