import { Kind, type DocumentNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { badInput } from '../graphql/errors.ts'

const SHOWN_NAME_LENGTH = 100

/** Says why no operation could be chosen, before Yoga says only that none could. */
export const operationChoice: Plugin = {
  onParse: () => ({ result, context }) => {
    if (result === null || result instanceof Error) return
    const why = undecided(result, context.params.operationName)
    if (why !== undefined) throw badInput([{ path: 'operationName', message: why }], { status: 400 })
  },
}

function undecided(document: DocumentNode, name: unknown): string | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  if (operations.length === 0) return 'The document holds no operation.'
  if (name === undefined || name === null) return operations.length === 1 ? undefined : 'The document holds several operations: name one of them.'
  if (typeof name !== 'string') return 'Expected a string.'
  return operations.some((operation) => operation.name?.value === name) ? undefined : `The document holds no operation named "${name.slice(0, SHOWN_NAME_LENGTH)}".`
}
