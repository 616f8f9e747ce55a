import { IncomingMessage } from 'node:http'
import { getOperationAST, OperationTypeNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { SpendAhead, Verdict } from '../cache/spend-ahead.ts'
import type { GatewayContext } from '../graphql/context.ts'
import { requestRateLimited } from '../graphql/errors.ts'
import { countRootFields } from './root-fields.ts'

/** `limit` points in `windowSeconds`. */
export type RateLimit = { name: 'address' | 'user' | 'mutations'; limit: number; windowSeconds: number; points: SpendAhead }
export type RateLimits = Readonly<Partial<Record<RateLimit['name'], RateLimit>>>

type Asked = { rate: RateLimit; verdict: Verdict }

/**
 * The address is looked at before anything of a request is parsed, so that a flood of wrong tokens or broken documents costs
 * little; the user after signing in. To a user each field asked of the root is a point: each may be a computation.
 * Answers carry RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10), refusals HTTP 429 and Retry-After.
 */
export function createRateLimiting({ limits, clientAddress, onRefused }: {
  limits: RateLimits
  clientAddress: (request: IncomingMessage) => string
  onRefused: (name: RateLimit['name']) => void
}): Plugin<GatewayContext> {
  const seen = new WeakMap<Request, Asked[]>()

  /** The limit that refuses, if one does; what they said is kept for the headers. */
  const note = (request: Request, asked: Asked[]): Asked | undefined => {
    seen.set(request, [...(seen.get(request) ?? []), ...asked])
    const refusing = asked.find(({ verdict }) => !verdict.isGranted)
    if (refusing !== undefined) onRefused(refusing.rate.name)
    return refusing
  }

  return {
    onRequest: ({ request, serverContext, endResponse, fetchAPI }) => {
      const rate = limits.address
      const incoming: unknown = Reflect.get(serverContext ?? {}, 'req')
      if (rate === undefined || !(incoming instanceof IncomingMessage)) return
      const decide = (verdict: Verdict) => {
        const refusing = note(request, [{ rate, verdict }])
        if (refusing === undefined) return
        const error = requestRateLimited(WHAT[refusing.rate.name], verdict.resetMs)
        const { http: _http, ...extensions } = error.extensions
        const headers = { 'content-type': 'application/json; charset=utf-8', 'retry-after': String(extensions['retryAfterSeconds']) }
        endResponse(new fetchAPI.Response(JSON.stringify({ errors: [{ message: error.message, extensions }] }), { status: 429, headers }))
      }
      const verdict = rate.points.spend(clientAddress(incoming), 1)
      return verdict instanceof Promise ? verdict.then(decide) : decide(verdict)
    },

    onExecute: ({ args: { document, operationName, contextValue }, context: { request }, setResultAndStopExecution }) => {
      const { viewer } = contextValue
      const operation = getOperationAST(document, operationName)
      if (viewer === undefined || !operation) return
      const points = countRootFields(document, operation)
      const rates = [limits.user, operation.operation === OperationTypeNode.MUTATION ? limits.mutations : undefined].filter((rate) => rate !== undefined)
      const decide = (asked: Asked[]) => {
        const refusing = note(request, asked)
        if (refusing !== undefined) setResultAndStopExecution({ errors: [requestRateLimited(WHAT[refusing.rate.name], refusing.verdict.resetMs)] })
      }
      const verdicts = rates.map((rate) => ({ rate, verdict: rate.points.spend(viewer.userId, points) }))
      const known = verdicts.filter((one): one is Asked => !(one.verdict instanceof Promise))
      if (known.length === verdicts.length) return decide(known)
      return Promise.all(verdicts.map(async ({ rate, verdict }) => ({ rate, verdict: await verdict }))).then(decide)
    },

    onResponse: ({ request, response }) => {
      const asked = seen.get(request)
      if (asked === undefined || asked.length === 0) return
      response.headers.set('ratelimit-policy', asked.map(({ rate }) => `"${rate.name}";q=${rate.limit};w=${rate.windowSeconds}`).join(', '))
      response.headers.set('ratelimit', asked.map(({ rate, verdict }) => `"${rate.name}";r=${verdict.remaining};t=${Math.ceil(verdict.resetMs / 1000)}`).join(', '))
    },
  }
}

const WHAT: Record<RateLimit['name'], string> = {
  address: 'Too many requests from your address.',
  user: 'Too many requests.',
  mutations: 'Too many changes.',
}
