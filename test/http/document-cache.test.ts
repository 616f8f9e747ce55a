import { buildSchema, parse } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { expect, test } from 'vitest'
import { createDocumentCache } from '../../src/http/document-cache.ts'

const MB = 1024 * 1024

test('unique texts do not grow the memory of parsed documents without end, however dense they are', () => {
  const { documents } = createDocumentCache()
  // One letter is a whole field: the most heap that a character can cost.
  for (let number = 0; number < 400; number += 1) {
    const text = `{${'a '.repeat(1_000)}} #${number}`
    documents.set(text, parse(text))
  }
  expect(documents.calculatedSize).toBeLessThanOrEqual(64 * MB)
  expect(documents.size).toBeGreaterThan(100)
  expect(documents.size).toBeLessThan(200)
})

test('a document too large to share the cache with others is not kept', () => {
  const { documents } = createDocumentCache()
  const text = `{${'a '.repeat(5_000)}}`
  documents.set(text, parse(text))
  expect(documents.get(text)).toBeUndefined()
})

test('texts that do not parse are bounded too', () => {
  const { errors } = createDocumentCache()
  for (let number = 0; number < 2_000; number += 1) errors.set(`{ ${'x'.repeat(2_000)} ${number}`, new Error('Syntax Error'))
  expect(errors.calculatedSize).toBeLessThanOrEqual(2 * MB)
  expect(errors.size).toBeGreaterThan(100)
})

test('what fails validation is forgotten with its errors, what passes is kept', async () => {
  const { documents, errors, forgetInvalid } = createDocumentCache()
  const yoga = createYoga({
    schema: buildSchema('type Query { known: Int }'),
    plugins: [forgetInvalid],
    parserAndValidationCache: { documentCache: documents, errorCache: errors },
    logging: false,
  })
  const ask = (query: string) => yoga.fetch('http://x/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })
  await ask('{ known }')
  await ask('{ unknown }')
  expect([...documents.keys()]).toEqual(['{ known }'])
})
