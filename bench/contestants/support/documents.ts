import { Redis } from 'ioredis'
import { counters } from './serve.ts'
import { documentPrefix, redisUrl } from './environment.ts'

/** As it stands in the schema; the default resolvers read the rest. */
export type Document = Record<string, unknown>

export const redis = new Redis(redisUrl, { enableAutoPipelining: true })

/** One GET and one JSON.parse. */
export async function loadDocument(petId: string): Promise<Document | null> {
  counters.loads++
  const text = await redis.get(documentPrefix + petId)
  return text === null ? null : JSON.parse(text)
}

/** One MGET. */
export async function loadDocuments(petIds: readonly string[]): Promise<(Document | null)[]> {
  counters.loads++
  const texts = await redis.mget(petIds.map((petId) => documentPrefix + petId))
  return texts.map((text) => (text === null ? null : JSON.parse(text)))
}
