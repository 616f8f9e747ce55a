import { basename } from 'node:path'
import { expect } from 'vitest'

/** The running test file's name as part of a database's or folder's name, so that what is left open says whose it was. */
export const testFileName = (): string =>
  basename(expect.getState().testPath ?? 'unknown', '.test.ts')
    .replaceAll(/[^a-z0-9]+/gi, '_')
    .toLowerCase()
    .slice(0, 40)
