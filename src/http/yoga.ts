import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection'
import type { GraphQLSchema } from 'graphql'
import { createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Exposure } from '../config.ts'
import type { GatewayContext, Services } from '../graphql/context.ts'
import { createCoverage } from '../graphql/coverage.ts'
import { createLoaders } from '../graphql/loaders.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Authenticate } from './authenticate.ts'
import { crossSiteGuard } from './cross-site.ts'
import { createDocumentCache } from './document-cache.ts'
import { createDocumentIds } from './document-ids.ts'
import { graphiqlOptions, type Demo } from './graphiql.ts'
import { localeOf } from './locale.ts'
import { createMaskError } from './mask-error.ts'
import { operationChoice } from './operation-choice.ts'
import { privateAnswers } from './private-answers.ts'
import { requestForm } from './request-form.ts'
import { createRequestLog } from './request-log.ts'
import type { TrustedDocuments } from './trusted-documents.ts'
import { createVisibleErrors } from './visible-errors.ts'

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
export function createGraphql({ schema, services, authenticate, exposure, trusted, demo, logger, metrics, monotonicNow, limits }: {
  schema: GraphQLSchema
  services: Services
  authenticate: Authenticate
  exposure: Exposure
  trusted: TrustedDocuments
  demo: Demo | undefined
  logger: Logger
  metrics: Metrics
  monotonicNow: () => number
  /** In their order. */
  limits: readonly Plugin<GatewayContext>[]
}) {
  const { plugin: requestLog, requestIds } = createRequestLog({ logger, metrics, monotonicNow })
  const maskError = createMaskError({ logger, suggestions: exposure.suggestions })
  const { documents, errors, forgetInvalid } = createDocumentCache()

  const context = async ({ request }: { request: Request }): Promise<GatewayContext> => {
    const requestId = requestIds.of(request)
    try {
      const viewer = await authenticate(request.headers)
      const locale = localeOf(request.headers.get('accept-language'))
      return { services, viewer, locale, requestId, loaders: createLoaders(services, viewer), coverage: createCoverage(services.now), sources: new Set(), unverified: new Set() }
    } catch (error) {
      throw maskError(error, requestId, 'us')
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
    multipart: false,
    graphiql: exposure.graphiql && graphiqlOptions(demo),
    // 9 MB that only people who look at the page need.
    renderGraphiQL: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    maskedErrors: false,
    parserAndValidationCache: { documentCache: documents, errorCache: errors },
    extraParamNames: ['documentId'],
    plugins: [
      requestLog,
      ...limits,
      privateAnswers,
      crossSiteGuard,
      requestForm,
      createDocumentIds({ trusted, arbitraryOperations: exposure.arbitraryOperations }),
      operationChoice,
      forgetInvalid,
      exposure.introspection ? {} : useDisableIntrospection(),
      unverifiedExtension,
      createVisibleErrors({ maskError, requestIds }),
    ],
  })
}
