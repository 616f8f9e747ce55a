import { readFile } from 'node:fs/promises'
import { buildSchema as parseSchema, findBreakingChanges, type BreakingChange } from 'graphql'
import { buildSchema } from '../graphql/schema.ts'
import { runCommand } from './run-command.ts'

/** Compares the schema with a contract: `node src/cli/check-contract.ts CONTRACT.graphql`. Ends with 1 where an operation that it allows would break. */
await runCommand(async () => {
  const [path] = process.argv.slice(2)
  if (path === undefined) throw new Error('Usage: node src/cli/check-contract.ts CONTRACT.graphql')
  const contract = parseSchema(await readFile(path, 'utf8'))
  const breaking = findBreakingChanges(contract, buildSchema()).map(({ description }: BreakingChange) => description)
  for (const description of breaking) process.stderr.write(`Breaks the contract: ${description}\n`)
  return breaking.length === 0 ? 0 : 1
})
