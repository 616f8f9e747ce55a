import type { IncomingMessage } from 'node:http'
import type { GraphQLError } from 'graphql'
import type { Encoding } from './compress.ts'
import type { RequestRecord } from './request-log.ts'

/** An answer, whole: nothing here streams. */
export type Answer = {
  status: number
  headers: Record<string, string>
  body: Buffer | string
  /** The body compressed, where that has been done before. */
  encoded?: (encoding: Encoding) => Buffer | undefined
}

/**
 * Undefined: there is nobody left to answer. `whenOver` calls back once, when the answer has been taken or its client has left.
 */
export type Handler = (request: IncomingMessage, record: RequestRecord, whenOver: WhenOver) => Answer | Promise<Answer | undefined>
export type WhenOver = (listener: () => void) => void

export function jsonAnswer(status: number, body: object, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) }
}

/** What is refused before GraphQL sees it, in the form that GraphQL clients read. */
export function problemAnswer(status: number, { message, extensions: { http, ...extensions } }: GraphQLError, headers: Record<string, string> = {}): Answer {
  return jsonAnswer(status, { errors: [{ message, extensions }] }, { 'cache-control': 'no-store', ...http?.headers, ...headers })
}
