import fastify from 'fastify'
import mercurius from 'mercurius'
import cache from 'mercurius-cache'
import { loadDocument, redis } from './support/documents.ts'
import { typeDefs } from './support/sdl.ts'
import { told } from './support/serve.ts'

/** jit from the first request, resolver results cached in Redis. */
const app = fastify({ logger: false })
await app.register(mercurius, {
  schema: typeDefs,
  resolvers: { Query: { recommendations: (_root: unknown, { petId }: { petId: string }) => loadDocument(petId) } },
  jit: 1,
})
await app.register(cache.default, { ttl: 3_600, storage: { type: 'redis', options: { client: redis } }, policy: { Query: { recommendations: true } } })
await app.listen({ port: 0, host: '127.0.0.1' })
told(app.server.address())
