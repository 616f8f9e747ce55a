import { hash } from 'node:crypto'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { badInput, documentNotFound } from '../graphql/errors.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

/** Bytes, at two a character, with the ids. A text of more than REGISTERED_TEXT_BYTES is answered and not kept. */
const REGISTERED_BYTES = 4 * 1024 * 1024
const REGISTERED_TEXT_BYTES = 128 * 1024
const ENTRY_BYTES = 256

const SHA256 = /^(?:sha256:)?([0-9a-f]{64})$/
const hex = (id: string) => SHA256.exec(id)?.[1] ?? ''

const sentIds = z.object({
  documentId: z.string().regex(SHA256).nullish(),
  extensions: z.object({ persistedQuery: z.object({ version: z.literal(1), sha256Hash: z.string().regex(SHA256) }).nullish() }).nullish(),
})

export type DocumentIds = {
  /** The text that is meant. Throws BAD_USER_INPUT where none can be or may be. */
  documentOf(params: GraphQLParams): string | undefined
  plugin: Plugin
}

/**
 * A document may be named by the sha256 of its text instead of sent: `documentId` (GraphQL over HTTP, appendix on persisted
 * documents) or `extensions.persistedQuery.sha256Hash` (what Apollo's clients send).
 *
 * Where arbitrary operations are taken, a text sent with its hash is registered, and an unknown hash is answered with
 * PersistedQueryNotFound, upon which such clients send both. Where they are not, only what is trusted is ever taken, by id
 * or by its very text.
 */
export function createDocumentIds({ trusted, arbitraryOperations }: { trusted: TrustedDocuments; arbitraryOperations: boolean }): DocumentIds {
  const trustedTexts = new Set(trusted.values())
  const registered = new LRUCache<string, string>({
    maxSize: REGISTERED_BYTES,
    maxEntrySize: REGISTERED_TEXT_BYTES,
    sizeCalculation: (text) => 2 * text.length + ENTRY_BYTES,
  })

  const textOf = (id: string, sent: string | undefined): string => {
    if (sent !== undefined) {
      if (hash('sha256', sent) !== id) throw refused('The hash sent is not the sha256 of the query sent with it.')
      if (arbitraryOperations) registered.set(id, sent)
      return sent
    }
    const text = trusted.get(id) ?? registered.get(id)
    if (text !== undefined) return text
    throw arbitraryOperations ? documentNotFound() : refused('No trusted operation has this id.')
  }

  const documentOf = (params: GraphQLParams): string | undefined => {
    const id = sentId(params)
    // What is there and no text is Yoga's to refuse.
    const sent = typeof params.query === 'string' ? params.query : undefined
    const text = id === undefined ? sent : textOf(id, sent)
    if (params.query == null && text === undefined) throw refused('Send a query, or the documentId of one.')
    if (text !== undefined && !arbitraryOperations && !trustedTexts.has(text)) throw refused('Only trusted operations are taken here, and this is none of them.')
    return text
  }

  return {
    documentOf,
    plugin: {
      onParams: ({ params, setParams }) => {
        const text = documentOf(params)
        if (text !== undefined && text !== params.query) setParams({ ...params, query: text })
      },
    },
  }
}

function sentId(params: GraphQLParams): string | undefined {
  if (params.extensions == null && !('documentId' in params)) return undefined
  const parsed = sentIds.safeParse(params)
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? ''
    // `extensions` of another shape, without an id in it, is Yoga's to refuse.
    if (path === 'extensions') return undefined
    throw refused(path === 'documentId' ? 'Expected sha256: and 64 lower-case hex digits.' : 'Expected version 1 and a sha256Hash of 64 lower-case hex digits.', path)
  }
  const [first, second] = [parsed.data.documentId, parsed.data.extensions?.persistedQuery?.sha256Hash].filter((id) => id != null).map(hex)
  if (second !== undefined && first !== second) throw refused('documentId and persistedQuery name different documents.')
  return first
}

function refused(message: string, path = '') {
  return badInput([{ path, message }], { status: 400 })
}
