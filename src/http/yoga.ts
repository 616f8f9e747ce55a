import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection'
import type { GraphQLSchema } from 'graphql'
import { createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Exposure } from '../config.ts'
import type { GatewayContext, Services } from '../graphql/context.ts'
import { createCoverage } from '../graphql/coverage.ts'
import { createLoaders } from '../graphql/loaders.ts'
import type { Logger } from '../lib/logger.ts'
import type { Authenticate } from './authenticate.ts'
import { createCoveredAnswers } from './covered-answers.ts'
import { crossSiteGuard } from './cross-site.ts'
import { createDocumentCache } from './document-cache.ts'
import { createDocumentIds } from './document-ids.ts'
import { localeOf } from './locale.ts'
import { createMaskError } from './mask-error.ts'
import { operationChoice } from './operation-choice.ts'
import { privateAnswers } from './private-answers.ts'
import { requestForm } from './request-form.ts'
import { createRecordPlugin } from './request-log.ts'
import type { TrustedDocuments } from './trusted-documents.ts'
import { createVisibleErrors } from './visible-errors.ts'
import type { ServerContext } from './yoga-answer.ts'

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

export type Graphql = ReturnType<typeof createGraphql>

/** Parses, validates, executes. What HTTP asks for besides is settled before, in graphql-endpoint.ts. */
export function createGraphql({ schema, services, authenticate, exposure, trusted, logger, limits }: {
  schema: GraphQLSchema
  services: Services
  authenticate: Pick<Authenticate, 'viewer'>
  exposure: Exposure
  trusted: TrustedDocuments
  logger: Logger
  /** In their order. */
  limits: readonly Plugin<GatewayContext & ServerContext>[]
}) {
  const { plugin: recordPlugin, requestIds } = createRecordPlugin()
  const maskError = createMaskError({ logger, suggestions: exposure.suggestions })
  const { documents, errors, forgetInvalid } = createDocumentCache()

  const context = async ({ request }: { request: Request }): Promise<GatewayContext> => {
    const requestId = requestIds.of(request)
    try {
      const viewer = await authenticate.viewer(request.headers)
      const locale = localeOf(request.headers.get('accept-language'))
      return { services, viewer, locale, requestId, loaders: createLoaders(services, viewer), coverage: createCoverage(services.now), sources: new Set(), unverified: new Set() }
    } catch (error) {
      throw maskError(error, requestId, 'us')
    }
  }

  return createYoga<ServerContext, GatewayContext>({
    schema,
    context,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    batching: false,
    cors: false,
    logging: false,
    graphiql: false,
    multipart: false,
    // Enforced before: Yoga's own way wraps the body in streams.
    maxRequestBodySize: false,
    maskedErrors: false,
    parserAndValidationCache: { documentCache: documents, errorCache: errors },
    extraParamNames: ['documentId'],
    plugins: [
      recordPlugin,
      ...limits,
      privateAnswers,
      crossSiteGuard,
      requestForm,
      createDocumentIds({ trusted, arbitraryOperations: exposure.arbitraryOperations }),
      operationChoice,
      forgetInvalid,
      exposure.introspection ? {} : useDisableIntrospection(),
      unverifiedExtension,
      createCoveredAnswers(schema),
      createVisibleErrors({ maskError, requestIds }),
    ],
  })
}
