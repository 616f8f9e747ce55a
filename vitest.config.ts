import { defineConfig } from 'vitest/config'
import { TYPE_QUESTION } from './src/db/lost-type-question.ts'

export default defineConfig({
  // Without `development`: for it graphql has a second build, and its errors would not be instances of the one that Yoga,
  // loaded by Node itself, uses.
  ssr: { resolve: { conditions: ['node', 'module-sync'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // A suite of its own: test/servers/vitest.config.ts.
    exclude: ['test/servers/**', 'node_modules/**'],
    globalSetup: ['test/support/global-setup.ts'],
    // Processes and not threads: tests send signals, and a test file that dies must take its servers with it.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    reporters: ['default'],
    // What a gateway outlives, so does a test with a gateway in its process (src/db/lost-type-question.ts).
    onUnhandledError: (error) => !('query' in error && String(error['query']).includes(TYPE_QUESTION)),
  },
})
