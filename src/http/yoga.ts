import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import type { GraphQLSchema } from 'graphql'
import { createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { GatewayContext, Services } from '../graphql/context.ts'
import { createCoverage } from '../graphql/coverage.ts'
import { createLoaders } from '../graphql/loaders.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Authenticate } from './authenticate.ts'
import { graphiqlOptions, type Demo } from './graphiql.ts'
import { localeOf } from './locale.ts'
import { maskError } from './mask-error.ts'
import { createRequestLog } from './request-log.ts'

/** `extensions.unverified`: the ids of pets whose answers neither trust in Redis nor Postgres could confirm. */
const unverifiedExtension: Plugin<GatewayContext> = {
  onExecute: () => ({
    onExecuteDone: ({ args, result, setResult }) => {
      const { unverified } = args.contextValue
      if (unverified.size === 0 || isAsyncIterable(result)) return
      setResult({ ...result, extensions: { ...result.extensions, unverified: [...unverified] } })
    },
  }),
}

/** GraphQL over HTTP at /graphql, and GraphiQL on the same path for browsers, without any network. */
export function createGraphql({ schema, services, authenticate, demo, logger, metrics, monotonicNow }: {
  schema: GraphQLSchema
  services: Services
  authenticate: Authenticate
  demo: Demo | undefined
  logger: Logger
  metrics: Metrics
  monotonicNow: () => number
}) {
  const { plugin: requestLog, requestIds } = createRequestLog({ logger, metrics, monotonicNow })

  const context = async ({ request }: { request: Request }): Promise<GatewayContext> => {
    const requestId = requestIds.of(request)
    try {
      const viewer = await authenticate(request.headers)
      const locale = localeOf(request.headers.get('accept-language'))
      return { services, viewer, locale, requestId, loaders: createLoaders(services, viewer), coverage: createCoverage(services.now), sources: new Set(), unverified: new Set() }
    } catch (error) {
      throw maskError(error, requestId, logger)
    }
  }

  return createYoga<object, GatewayContext>({
    schema,
    context,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    batching: false,
    cors: false,
    logging: false,
    graphiql: graphiqlOptions(demo),
    renderGraphiQL,
    maskedErrors: false,
    plugins: [
      requestLog,
      unverifiedExtension,
      {
        onResultProcess: ({ request, result, setResult }) => {
          if (Array.isArray(result) || !('errors' in result) || result.errors === undefined) return
          const requestId = requestIds.of(request)
          setResult({ ...result, errors: result.errors.map((error) => maskError(error, requestId, logger)) })
        },
      },
    ],
  })
}
