import { createRedisCache } from '@envelop/response-cache-redis'
import { useResponseCache } from '@graphql-yoga/plugin-response-cache'
import { createSchema, createYoga } from 'graphql-yoga'
import { createServer } from 'node:http'
import { loadDocument, redis } from './support/documents.ts'
import { typeDefs } from './support/sdl.ts'
import { serve } from './support/serve.ts'

/** Whole results cached in Redis, for everybody alike. */
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers: { Query: { recommendations: (_root: unknown, { petId }: { petId: string }) => loadDocument(petId) } } }),
  // Counting the body's bytes costs Yoga a third of its speed; the loopback needs no limit.
  maxRequestBodySize: false,
  logging: false,
  graphiql: false,
  landingPage: false,
  plugins: [useResponseCache({ session: () => null, ttl: 3_600_000, cache: createRedisCache({ redis }) })],
})
serve(createServer((request, response) => void yoga(request, response)))
