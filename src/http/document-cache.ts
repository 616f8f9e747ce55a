import type { DocumentNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { LRUCache } from 'lru-cache'

/** Estimated bytes of heap. */
const DOCUMENTS_BYTES = 64 * 1024 * 1024
const DOCUMENT_BYTES = 1024 * 1024
const ERRORS_BYTES = 2 * 1024 * 1024
/** Measured on graphql 17: a token costs some 410 bytes of nodes and locations, in short documents and in long ones. */
const BYTES_A_TOKEN = 420
const BYTES_A_CHARACTER = 4
const BYTES_AN_ERROR = 4 * 1024

/**
 * Yoga's caches of parsed documents and syntax errors, bounded in bytes: counted by the number of texts, as Yoga does,
 * a thousand large and hostile ones would fill the heap. What fails validation is forgotten at once: its errors weigh more
 * than the document, and validation results live as long as their document.
 */
export function createDocumentCache() {
  const documents = new LRUCache<string, DocumentNode>({ maxSize: DOCUMENTS_BYTES, maxEntrySize: DOCUMENT_BYTES, sizeCalculation: documentBytes })
  const errors = new LRUCache<string, object>({ maxSize: ERRORS_BYTES, sizeCalculation: (_error, text) => BYTES_AN_ERROR + BYTES_A_CHARACTER * text.length })

  const forgetInvalid: Plugin = {
    onValidate: ({ context }) => ({ valid }) => {
      if (!valid && context.params.query !== undefined) documents.delete(context.params.query)
    },
  }
  return { forgetInvalid, documents, errors }
}

/** Estimated bytes of heap. */
export function documentBytes({ loc }: DocumentNode, text: string): number {
  let tokens = 1
  for (let token = loc?.startToken; token != null; token = token.next ?? undefined) tokens += 1
  return BYTES_A_TOKEN * tokens + BYTES_A_CHARACTER * text.length
}
