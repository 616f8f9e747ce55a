import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl'
import responseCache from '@apollo/server-plugin-response-cache'
import { KeyvAdapter } from '@apollo/utils.keyvadapter'
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify'
import KeyvRedis from '@keyv/redis'
import fastify from 'fastify'
import { Keyv } from 'keyv'
import { loadDocument } from './support/documents.ts'
import { redisUrl } from './support/environment.ts'
import { typeDefs } from './support/sdl.ts'
import { told } from './support/serve.ts'

/** On Fastify, whole responses cached in Redis, for everybody alike. */
const app = fastify({ logger: false })
const server = new ApolloServer({
  typeDefs,
  resolvers: { Query: { recommendations: (_root: unknown, { petId }: { petId: string }) => loadDocument(petId) } },
  // `as never`: the two packages' types of one class differ (CommonJS and module).
  cache: new KeyvAdapter(new Keyv({ store: new KeyvRedis(redisUrl) }) as never),
  plugins: [
    ApolloServerPluginCacheControl({ defaultMaxAge: 3_600 }),
    responseCache(),
    fastifyApolloDrainPlugin(app),
  ],
})
await server.start()
app.post('/graphql', fastifyApolloHandler(server))
await app.listen({ port: 0, host: '127.0.0.1' })
told(app.server.address())
