import { getOperationAST, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { LRUCache } from 'lru-cache'
import type { GatewayContext } from '../graphql/context.ts'
import type { IsCovered } from '../graphql/covered-fields.ts'
import type { Texts } from '../graphql/plan/compile.ts'
import { createPlan, type Plan } from '../graphql/plan/plan.ts'
import { documentBytes } from './document-cache.ts'
import { countRootFields } from './root-fields.ts'
import type { ServerContext } from './yoga-answer.ts'

/** Estimated bytes of heap, with the documents themselves. */
const PLANS_BYTES = 16 * 1024 * 1024
const BYTES_A_FIELD = 1_000
/** Of one document; further ones are left to GraphQL. */
const MOST_OPERATIONS = 4

/** `points`: fields asked of the root. */
export type PlannedOperation = { plan: Plan; points: number }

type Entry = { document: DocumentNode; operations: Map<string | undefined, PlannedOperation | undefined>; fields: number }

export type Plans = {
  /** Undefined where GraphQL has to be asked. */
  planOf(text: string, operationName: string | undefined): PlannedOperation | undefined
  /** The last one: it is told of a document when nobody has refused to execute it. */
  plugin: Plugin<GatewayContext & ServerContext>
}

/**
 * Plans of the documents that were executed here. So whatever may be held against a document (its syntax, validation,
 * limits, whether it is trusted) has been asked of each that is here, and depends on its text alone: what the cost of an
 * operation asks of variables concerns pages, and nothing that is covered has any. One that is never sent again is never
 * compiled.
 */
export function createPlans({ schema, isCovered, texts }: { schema: GraphQLSchema; isCovered: IsCovered; texts: Texts }): Plans {
  const known = new LRUCache<string, Entry>({
    maxSize: PLANS_BYTES,
    sizeCalculation: ({ document, fields }, text) => documentBytes(document, text) + BYTES_A_FIELD * fields,
  })

  const plannedOperation = (text: string, entry: Entry, operation: OperationDefinitionNode): PlannedOperation | undefined => {
    const { document } = entry
    const onCompiled = (fields: number) => {
      entry.fields += fields
      if (known.peek(text) === entry) known.set(text, entry)
    }
    const plan = createPlan({ schema, document, operation, texts, onCompiled })
    return plan && { plan, points: countRootFields(document, operation) }
  }

  return {
    planOf: (text, operationName) => {
      const entry = known.get(text)
      if (entry === undefined) return undefined
      const { document, operations } = entry
      if (operations.has(operationName) || operations.size === MOST_OPERATIONS) return operations.get(operationName)
      const operation = getOperationAST(document, operationName)
      operations.set(operationName, operation == null ? undefined : plannedOperation(text, entry, operation))
      return operations.get(operationName)
    },
    plugin: {
      onExecute: ({ args: { document, contextValue } }) => {
        const { query } = contextValue.params
        if (query !== undefined && !known.has(query) && isCovered(document)) known.set(query, { document, operations: new Map(), fields: 0 })
      },
    },
  }
}
