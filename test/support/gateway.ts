import { startApp, type App, type AppOptions } from '../../src/app.ts'
import { DEFAULT_OPERATION_LIMITS } from '../../src/http/operation-limits.ts'
import { signToken } from '../../src/http/tokens.ts'
import { NO_PROXIES } from '../../src/http/trusted-proxies.ts'
import { createLogger } from '../../src/lib/logger.ts'
import type { TypedDocumentString } from '../../schema/generated/graphql.ts'

export const TEST_SECRET = 'a-secret-of-the-tests-that-is-long-enough'
export const TEST_CLAIMS = { issuer: 'petfood-gateway', audience: 'petfood-app' }

export const KRW_RATES = { asOf: '2026-11-01', perUnit: { USD: 1390, GBP: 1830, CAD: 1000 } }

/** As outside production, and as in it. */
export const OPEN = { arbitraryOperations: true, introspection: true, suggestions: true, graphiql: true }
export const CLOSED = { arbitraryOperations: false, introspection: false, suggestions: false, graphiql: false }

export const tokenFor = (userId: string, isAdmin = false) => signToken(TEST_SECRET, TEST_CLAIMS, userId, isAdmin)

export type GraphqlError = { message: string; path?: (string | number)[]; extensions: { code: string; fields?: { path: string; message: string }[] } }
export type Reply<T> = { status: number; headers: Headers; data: T | null | undefined; errors: GraphqlError[] | undefined }

export type TestGateway = App & {
  ask<T, V>(document: TypedDocumentString<T, V>, variables: V, headers?: Record<string, string>): Promise<Reply<T>>
  askText(query: string, variables?: object, headers?: Record<string, string>): Promise<Reply<Record<string, unknown>>>
}

/** A whole gateway in this process, on any free port, against real servers. */
export async function startGateway(options: Pick<AppOptions, 'databaseUrl'> & Partial<AppOptions>): Promise<TestGateway> {
  const app = await startApp({
    cache: { kind: 'memory' },
    cacheIsPrivateToProcess: false,
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: 100_000,
    corsOrigins: [],
    metrics: { kind: 'main-port' },
    auth: { ...TEST_CLAIMS, keys: { kind: 'secret', secret: TEST_SECRET }, deviceUid: true },
    krwRates: KRW_RATES,
    unverifiedAnswers: 'serve',
    forceRefreshPerMinute: 1_000,
    runMemoryBytes: 0,
    answerMemoryBytes: 0,
    exposure: OPEN,
    operationLimits: DEFAULT_OPERATION_LIMITS,
    ratesPerMinute: { user: 0, address: 0, mutations: 0 },
    trustedProxies: NO_PROXIES,
    computations: { atOnce: 16, queued: 200 },
    requestsInFlight: 1_000,
    logger: createLogger('silent'),
    ...options,
  })
  const post = async (query: string, variables: object | undefined, headers: Record<string, string>) => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = JSON.parse(await response.text())
    return { status: response.status, headers: response.headers, data, errors }
  }
  return {
    ...app,
    ask: (document, variables, headers = {}) => post(document.toString(), variables ?? undefined, headers),
    askText: (query, variables, headers = {}) => post(query, variables, headers),
  }
}

export const bearer = async (userId: string, isAdmin = false) => ({ authorization: `Bearer ${await tokenFor(userId, isAdmin)}` })
