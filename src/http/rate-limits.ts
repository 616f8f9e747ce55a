import type { IncomingMessage } from 'node:http'
import { getOperationAST, OperationTypeNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { SpendAhead, Verdict } from '../cache/spend-ahead.ts'
import type { GatewayContext } from '../graphql/context.ts'
import { requestRateLimited } from '../graphql/errors.ts'
import { problemAnswer, type Answer } from './answer.ts'
import type { Ask } from './graphql-endpoint.ts'
import type { RequestRecord } from './request-log.ts'
import { countRootFields } from './root-fields.ts'
import type { ServerContext } from './yoga-answer.ts'

/** `limit` points in `windowSeconds`. */
export type RateLimit = { name: 'address' | 'user' | 'mutations'; limit: number; windowSeconds: number; points: SpendAhead }
export type RateLimits = Readonly<Partial<Record<RateLimit['name'], RateLimit>>>
export type LimitVerdict = { rate: RateLimit; verdict: Verdict }

export type RateLimiting = {
  /** In front of whatever reads a request. */
  byAddress(next: Ask): Ask
  /** Of the user, where an operation is executed. */
  plugin: Plugin<GatewayContext & ServerContext>
  /** Of the user, for a query that is answered without being executed: the refusal, if it is one. Without a promise wherever what is known suffices. */
  byUser(record: RequestRecord, userId: string, points: number): Answer | undefined | Promise<Answer | undefined>
}

/**
 * The address is looked at before anything of a request is parsed, so that a flood of wrong tokens or broken documents costs
 * little; the user after signing in. To a user each field asked of the root is a point: each may be a computation.
 * What they say is noted in the request's record, whose answer carries it as RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10); refusals carry HTTP 429 and Retry-After.
 */
export function createRateLimiting({ limits, clientAddress, onRefused }: {
  limits: RateLimits
  clientAddress: (request: IncomingMessage) => string
  onRefused: (name: RateLimit['name']) => void
}): RateLimiting {
  /** The limit that refuses, if one does; what they said is kept for the headers. */
  const note = ({ limits }: RequestRecord, said: readonly LimitVerdict[]): LimitVerdict | undefined => {
    limits.push(...said)
    const refusing = said.find(({ verdict }) => !verdict.isGranted)
    if (refusing !== undefined) onRefused(refusing.rate.name)
    return refusing
  }

  /** At once where every limit can say so at once. */
  const spend = (rates: readonly RateLimit[], key: string, points: number): LimitVerdict[] | Promise<LimitVerdict[]> => {
    const verdicts = rates.map((rate) => ({ rate, verdict: rate.points.spend(key, points) }))
    return verdicts.every((one): one is LimitVerdict => !(one.verdict instanceof Promise))
      ? verdicts
      : Promise.all(verdicts.map(async ({ rate, verdict }) => ({ rate, verdict: await verdict })))
  }

  const ofAddress = limits.address === undefined ? [] : [limits.address]
  const ofUser = limits.user === undefined ? [] : [limits.user]
  const ofMutation = limits.mutations === undefined ? ofUser : [...ofUser, limits.mutations]

  return {
    byAddress: (next) => (asked) => {
      const { request, record } = asked
      const decide = (said: readonly LimitVerdict[]) => {
        const refusing = note(record, said)
        return refusing === undefined ? next(asked) : refusal(refusing)
      }
      const said = spend(ofAddress, clientAddress(request), 1)
      return said instanceof Promise ? said.then(decide) : decide(said)
    },

    plugin: {
      onExecute: ({ args: { document, operationName, contextValue }, setResultAndStopExecution }) => {
        const { viewer, record } = contextValue
        const operation = getOperationAST(document, operationName)
        if (viewer === undefined || !operation || record.begun !== undefined) return
        const decide = (said: readonly LimitVerdict[]) => {
          const refusing = note(record, said)
          if (refusing !== undefined) setResultAndStopExecution({ errors: [errorOf(refusing)] })
        }
        const rates = operation.operation === OperationTypeNode.MUTATION ? ofMutation : ofUser
        const said = spend(rates, viewer.userId, countRootFields(document, operation))
        return said instanceof Promise ? said.then(decide) : decide(said)
      },
    },

    byUser: (record, userId, points) => {
      const decide = (said: readonly LimitVerdict[]) => {
        const refusing = note(record, said)
        return refusing === undefined ? undefined : refusal(refusing)
      }
      const said = spend(ofUser, userId, points)
      return said instanceof Promise ? said.then(decide) : decide(said)
    },
  }
}

const WHAT: Record<RateLimit['name'], string> = {
  address: 'Too many requests from your address.',
  user: 'Too many requests.',
  mutations: 'Too many changes.',
}

const errorOf = ({ rate, verdict }: LimitVerdict) => requestRateLimited(WHAT[rate.name], verdict.resetMs)

const refusal = (refusing: LimitVerdict): Answer => problemAnswer(429, errorOf(refusing))

/** Of an answer to a request that the limits said this of; none where they said nothing. */
export function limitHeaders(said: readonly LimitVerdict[]): Record<string, string> {
  if (said.length === 0) return {}
  return {
    'ratelimit-policy': said.map(({ rate }) => `"${rate.name}";q=${rate.limit};w=${rate.windowSeconds}`).join(', '),
    ratelimit: said.map(({ rate, verdict }) => `"${rate.name}";r=${verdict.remaining};t=${Math.ceil(verdict.resetMs / 1000)}`).join(', '),
  }
}
