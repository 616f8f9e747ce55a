import { readFile } from 'node:fs/promises'
import { buildSchema as parseSchema, findBreakingChanges, type BreakingChange } from 'graphql'
import { buildSchema } from '../graphql/schema.ts'
import { runCommand } from './run-command.ts'

/**
 * What the contract holds and this release does not answer yet. The list may only get shorter: an entry that is answered
 * by now is as wrong as a breaking change that is not listed.
 */
const NOT_YET = [
  'Field Query.recommendationHistory was removed.',
  'Field Query.cacheStats was removed.',
  'Field Query.cacheEntry was removed.',
  'Field Mutation.generateExplanations was removed.',
]

/** Types that only those fields lead to. */
const TYPES_NOT_YET = [
  'CacheEntry', 'CacheStats', 'CacheTierStats', 'CircuitState', 'Distribution', 'GenerateExplanationsPayload', 'RecommendationRun', 'RecommendationRunConnection', 'RecommendationRunEdge', 'RedisCacheEntry',
  'RedisStatus',
].map((name) => `${name} was removed.`)

/** Compares the schema with a contract: `node src/cli/check-contract.ts CONTRACT.graphql`. Ends with 1 where an operation that it allows would break. */
await runCommand(async () => {
  const [path] = process.argv.slice(2)
  if (path === undefined) throw new Error('Usage: node src/cli/check-contract.ts CONTRACT.graphql')
  const contract = parseSchema(await readFile(path, 'utf8'))
  const breaking = findBreakingChanges(contract, buildSchema()).map(({ description }: BreakingChange) => description)
  const known = new Set([...NOT_YET, ...TYPES_NOT_YET])
  const unexpected = breaking.filter((description) => !known.has(description))
  const answered = [...known].filter((description) => !breaking.includes(description))
  for (const description of unexpected) process.stderr.write(`Breaks the contract: ${description}\n`)
  for (const description of answered) process.stderr.write(`No longer missing, strike it from the list: ${description}\n`)
  return unexpected.length + answered.length === 0 ? 0 : 1
})
