import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection'
import type { GraphQLSchema } from 'graphql'
import { createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Exposure } from '../config.ts'
import type { GatewayContext } from '../graphql/context.ts'
import { releaseContext } from '../graphql/release-context.ts'
import type { Logger } from '../lib/logger.ts'
import type { Authenticate } from './authenticate.ts'
import { crossSiteGuard } from './cross-site.ts'
import { createDocumentCache } from './document-cache.ts'
import type { DocumentIds } from './document-ids.ts'
import { localeOf } from './locale.ts'
import { createMaskError } from './mask-error.ts'
import type { NewContext } from './new-context.ts'
import { operationChoice } from './operation-choice.ts'
import { privateAnswers } from './private-answers.ts'
import { requestForm } from './request-form.ts'
import { createRecordPlugin } from './request-log.ts'
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

/** The record goes last of a request; what was begun for it needs not wait for that. */
const releasing: Plugin<GatewayContext & ServerContext> = {
  onExecute: () => ({
    onExecuteDone: ({ args: { contextValue }, result }) => {
      if (isAsyncIterable(result)) return
      releaseContext(contextValue)
      delete contextValue.record.begun
    },
  }),
}

export type Graphql = ReturnType<typeof createGraphql>

/** Parses, validates, executes. What HTTP asks for besides is settled before, in graphql-endpoint.ts. */
export function createGraphql({ schema, newContext, authenticate, exposure, documentIds, logger, limits, observers }: {
  schema: GraphQLSchema
  newContext: NewContext
  authenticate: Pick<Authenticate, 'viewer'>
  exposure: Exposure
  documentIds: DocumentIds
  logger: Logger
  /** In their order. */
  limits: readonly Plugin<GatewayContext & ServerContext>[]
  /** Who are told of what was executed. */
  observers: readonly Plugin<GatewayContext & ServerContext>[]
}) {
  const { plugin: recordPlugin, requestIds } = createRecordPlugin()
  const maskError = createMaskError({ logger, suggestions: exposure.suggestions })
  const { documents, errors, forgetInvalid } = createDocumentCache()

  const context = async ({ request, record }: { request: Request } & ServerContext): Promise<GatewayContext> => {
    if (record.begun !== undefined) return record.begun
    const requestId = requestIds.of(request)
    try {
      const viewer = await authenticate.viewer(request.headers)
      return newContext(viewer, localeOf(request.headers.get('accept-language')), requestId)
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
      documentIds.plugin,
      operationChoice,
      forgetInvalid,
      exposure.introspection ? {} : useDisableIntrospection(),
      unverifiedExtension,
      ...observers,
      createVisibleErrors({ maskError, requestIds }),
      releasing,
    ],
  })
}
