import { readFileSync } from 'node:fs'

/** The gateway's own printed schema: the peers that start from text answer the very same types. */
export const typeDefs = readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8')
