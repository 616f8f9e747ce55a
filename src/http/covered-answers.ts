import { getOperationAST } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { GatewayContext } from '../graphql/context.ts'
import type { Covered } from '../graphql/coverage.ts'
import type { IsCovered } from '../graphql/covered-fields.ts'
import type { Asker } from '../recommend/ladder.ts'
import { countRootFields } from './root-fields.ts'
import type { ServerContext } from './yoga-answer.ts'

/** `points`: fields asked of the root. */
export type CoveredAnswer = { covered: Covered; viewer: Asker; points: number }

/** Tells the record of a request what its answer was made from, where fences tell of all of it and nothing went wrong. */
export function createCoveredAnswers(isCovered: IsCovered): Plugin<GatewayContext & ServerContext> {
  return {
    onExecute: ({ args: { document, operationName, contextValue } }) => {
      const { viewer, coverage, record } = contextValue
      const operation = getOperationAST(document, operationName)
      if (viewer === undefined || !operation || !isCovered(document)) return
      return {
        onExecuteDone: ({ result }) => {
          if (isAsyncIterable(result) || result.errors !== undefined || result.extensions !== undefined) return
          const covered = coverage.result()
          if (covered !== undefined) record.covered = { covered, viewer, points: countRootFields(document, operation) }
        },
      }
    },
  }
}
