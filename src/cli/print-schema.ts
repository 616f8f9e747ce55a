import { readFile, writeFile } from 'node:fs/promises'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { buildSchema } from '../graphql/schema.ts'
import { runCommand } from './run-command.ts'

/** Writes schema/schema.graphql; with --check it only says whether that file is up to date. */
await runCommand(async () => {
  const file = new URL('../../schema/schema.graphql', import.meta.url)
  const printed = `${printSchema(lexicographicSortSchema(buildSchema()))}\n`
  if (!process.argv.includes('--check')) {
    await writeFile(file, printed)
    return 0
  }
  if ((await readFile(file, 'utf8').catch(() => '')) === printed) return 0
  process.stderr.write('schema/schema.graphql is not what the code prints: run `npm run codegen` and look at the difference\n')
  return 1
})
