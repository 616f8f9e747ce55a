import { getOperationAST, OperationTypeNode } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { GatewayContext } from '../graphql/context.ts'
import type { Covered } from '../graphql/coverage.ts'
import type { IsCovered } from '../graphql/covered-fields.ts'
import type { TierNamesOf } from '../graphql/tier-names.ts'
import type { Asker } from '../recommend/ladder.ts'
import { countRootFields } from './root-fields.ts'
import type { ServerContext } from './yoga-answer.ts'

/**
 * A query was answered with data and nothing else. `points`: fields asked of the root. `covered`: what it was made from, where
 * fences tell of all of it. `tierNames`: see graphql/tier-names.ts.
 */
export type CompleteAnswer = { viewer: Asker; points: number; covered: Covered | undefined; tierNames: RegExp | undefined }

/** Notes in the record of a request that its answer is complete. */
export function createCompleteAnswers({ isCovered, tierNamesOf }: { isCovered: IsCovered; tierNamesOf: TierNamesOf }): Plugin<GatewayContext & ServerContext> {
  return {
    onExecute: ({ args: { document, operationName, contextValue } }) => {
      const { viewer, coverage, record } = contextValue
      const operation = getOperationAST(document, operationName)
      if (viewer === undefined || operation?.operation !== OperationTypeNode.QUERY) return
      return {
        onExecuteDone: ({ result }) => {
          if (isAsyncIterable(result) || result.errors !== undefined || result.extensions !== undefined) return
          const covered = isCovered(document) ? coverage.result() : undefined
          record.complete = { viewer, points: countRootFields(document, operation), covered, tierNames: tierNamesOf(document) }
        },
      }
    },
  }
}
