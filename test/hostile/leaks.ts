import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import * as adminAudit from '../../src/db/tables/admin-audit.ts'
import * as invalidations from '../../src/db/tables/invalidations.ts'
import * as pets from '../../src/db/tables/pets.ts'
import * as products from '../../src/db/tables/products.ts'
import * as runs from '../../src/db/tables/runs.ts'
import * as users from '../../src/db/tables/users.ts'

/** What each finds is never part of an answer. Hostile texts are written so that an echo of one is none of these: see texts.ts. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  sql: /\b(?:select|insert into|update|delete from|from|returning|where) "|\$\d+::|Failed query|params: |\b(?:select|insert|update|delete)\b[^"]{0,80}\bfrom\b/,
  'word of Postgres': /PostgresError|\brelation "|\bcolumn "|violates|syntax error at or near|invalid byte sequence|invalid input syntax|out of range for type|\bpg_\w+|SQLSTATE|\bseverity\b/,
  'word of a driver': /drizzle|ioredis|postgres\.js|ReplyError|ECONN|EPIPE|ENOENT|WRONGTYPE|NOSCRIPT|\bMOVED \d|CROSSSLOT|petfood:/,
  stack: /^\s+at \S.*(?::\d+:\d+|<anonymous>)/m,
  'error of the runtime': /\b(?:TypeError|RangeError|ReferenceError|SyntaxError|URIError|AggregateError|ZodError|JOSEError|GraphQLError|Cannot read prop|is not a function|is not iterable|Unexpected token|in JSON at position|Invalid time value|Maximum call stack|heap out of memory)\b/,
  path: /node_modules|file:\/\/|\.[cm]?[jt]s:\d|\/usr\/|\/home\/|\/root\/|\/tmp\/|\/var\/|\/opt\/|[\\/]src[\\/]/,
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Names of tables and columns that no word of the contract is: those with an underscore. */
const NAMES = [adminAudit, invalidations, pets, products, runs, users]
  .flatMap((module) => Object.values(module))
  .filter((one) => is(one, PgTable))
  .map(getTableConfig)
  .flatMap(({ name, columns }) => [name, ...columns.map((column) => column.name)])
  .filter((name) => name.includes('_'))

export type FindLeaks = (answer: string) => string[]

/** `urls`: of every server that the gateway talks to. `secrets`: what else must never be seen. */
export function createFindLeaks({ urls, secrets }: { urls: readonly string[]; secrets: readonly string[] }): FindLeaks {
  const places = urls.flatMap((url) => {
    const { host, hostname: name, port, password, pathname } = new URL(url)
    return [host, name, `:${port}`, decodeURIComponent(password), pathname.slice(1)]
  })
  // Shorter words may stand in any text.
  const texts = [...new Set([...places, ...secrets, ROOT, hostname(), 'localhost'])].filter((text) => text.length > 4)
  const names = new RegExp(`\\b(?:${[...new Set(NAMES)].join('|')})\\b`)
  return (answer) => [
    ...Object.entries(PATTERNS).flatMap(([what, pattern]) => (pattern.test(answer) ? [`${what}: ${excerpt(answer, pattern.exec(answer)?.index)}`] : [])),
    ...texts.filter((text) => answer.includes(text)).map((text) => `name of ours: ${text}`),
    ...(names.test(answer) ? [`table or column: ${names.exec(answer)?.[0]}`] : []),
  ]
}

const excerpt = (text: string, at = 0) => JSON.stringify(text.slice(Math.max(0, at - 30), at + 90))
