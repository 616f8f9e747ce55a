import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ErrorCode } from '../graphql/errors.ts'
import type { MaskError } from './mask-error.ts'
import type { RequestIds } from './request-log.ts'
import { shortErrors } from './short-errors.ts'

type Http = { status: number; spec?: true }

/**
 * What HTTP says of a request that got no data at all, unless the error says more. `spec`: only to clients that accept
 * application/graphql-response+json; plain application/json has 200 for every well-formed request.
 */
const HTTP: Record<ErrorCode, Http> = {
  UNAUTHENTICATED: { status: 401 },
  FORBIDDEN: { status: 403 },
  NOT_FOUND: { status: 404, spec: true },
  BAD_USER_INPUT: { status: 400, spec: true },
  CONFLICT: { status: 409, spec: true },
  RATE_LIMITED: { status: 429 },
  SERVICE_UNAVAILABLE: { status: 503 },
  INTERNAL_SERVER_ERROR: { status: 500 },
}

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(HTTP, code)

/** Masks every error of every answer, wherever it was thrown. */
export function createVisibleErrors({ maskError, requestIds }: { maskError: MaskError; requestIds: RequestIds }): Plugin {
  return {
    onResultProcess: ({ request, result, setResult }) => {
      if (Array.isArray(result) || !('errors' in result) || result.errors === undefined) return
      const requestId = requestIds.of(request)
      const besideData = 'data' in result
      const errors = shortErrors(result.errors.map((error) => maskError(error, requestId)), { besideData })
      if (!besideData) errors.forEach(addStatus)
      setResult({ ...result, errors })
    },
  }
}

function addStatus({ extensions }: GraphQLError): void {
  const { code, http } = extensions
  if (isCode(code) && http?.status === undefined) extensions.http = { ...http, ...HTTP[code] }
}
