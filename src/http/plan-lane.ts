import { z } from 'zod'
import { releaseContext } from '../graphql/release-context.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Answer } from './answer.ts'
import type { Authenticate } from './authenticate.ts'
import type { DocumentIds } from './document-ids.ts'
import type { Ask, Asked } from './graphql-endpoint.ts'
import { holdsMoreValues } from './limit-operations.ts'
import { localeOf } from './locale.ts'
import type { NewContext } from './new-context.ts'
import type { PlannedOperation, Plans } from './plans.ts'
import type { RateLimiting } from './rate-limits.ts'

/** A request that says this and no more. What is otherwise is no mistake yet, and Yoga's to judge. */
const paramsSchema = z.strictObject({
  query: z.string().optional(),
  documentId: z.string().optional(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
})
type Params = z.output<typeof paramsSchema>

/**
 * The short way for operations that were executed here before: their plans write the answer (see graphql/plan/plan.ts), and
 * nothing of Yoga is asked. Its sender must be known already. The limits are charged as on the long way, once: whatever does
 * not go as planned goes the long way, with what has been read and charged so far.
 */
export function createPlanLane({ plans, documentIds, authenticate, newContext, limiting, mostValues, metrics, next }: {
  plans: Pick<Plans, 'planOf'>
  documentIds: Pick<DocumentIds, 'documentOf'>
  authenticate: Pick<Authenticate, 'known'>
  newContext: NewContext
  limiting: Pick<RateLimiting, 'byUser'>
  /** In the variables of a request. */
  mostValues: number
  metrics: Pick<Metrics, 'plannedOperations'>
  next: Ask
}): Ask {
  const outcomeOf = (outcome: 'written' | 'left') => metrics.plannedOperations.labels({ outcome })
  const [writtenCount, leftCount] = [outcomeOf('written'), outcomeOf('left')]

  const planned = (params: Params): PlannedOperation | undefined => {
    try {
      const { query, documentId, operationName, extensions } = params
      const text = documentIds.documentOf({ ...(query !== undefined && { query }), ...(documentId !== undefined && { documentId }), ...(extensions && { extensions }) })
      return text === undefined ? undefined : plans.planOf(text, operationName ?? undefined)
    } catch {
      // Refused: the long way says so.
      return undefined
    }
  }

  const answer = async ({ request, record, mediaType, body }: Asked): Promise<Answer | undefined> => {
    const viewer = request.method === 'POST' ? authenticate.known(request.headers) : undefined
    const params = viewer === undefined ? undefined : parseParams(body)
    const operation = params === undefined ? undefined : planned(params)
    if (viewer === undefined || params === undefined || operation === undefined || holdsMoreValues(params.variables, mostValues)) return undefined

    const context = newContext(viewer, localeOf(request.headers['accept-language']), record.requestId)
    const refused = await limiting.byUser(record, viewer.userId, operation.points)
    if (refused !== undefined) return refused
    record.begun = context
    record.operation = params.operationName ?? 'anonymous'
    record.sources = context.sources
    const written = await operation.plan.write(params.variables ?? {}, context)
    // The long way goes on with a copy of it.
    releaseContext(context)
    // What nothing could confirm is named beside the data.
    if (written === undefined || context.unverified.size > 0) {
      leftCount.inc()
      return undefined
    }
    writtenCount.inc()
    // Only a GET has a tag, for which these names would be wanted.
    record.complete = { viewer, points: operation.points, covered: context.coverage.result(), tierNames: undefined }
    return { status: 200, headers: { 'content-type': `${mediaType}; charset=utf-8` }, body: written }
  }

  return async (asked) => (await answer(asked)) ?? next(asked)
}

function parseParams(body: Buffer): Params | undefined {
  try {
    return paramsSchema.safeParse(JSON.parse(body.toString())).data
  } catch {
    return undefined
  }
}
