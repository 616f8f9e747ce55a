import DataLoader from 'dataloader'
import { createYoga, type YogaServerOptions } from 'graphql-yoga'
import { createServer } from 'node:http'
import { loadDocuments, type Document } from './documents.ts'
import { buildPothosSchema } from './pothos-schema.ts'
import { serve } from './serve.ts'

export type Context = { documents: DataLoader<string, Document | null> }

/** All pets of one operation are read together; nothing but Redis keeps them. */
export function servePothos(plugins: NonNullable<YogaServerOptions<object, Context>['plugins']>): void {
  const yoga = createYoga<object, Context>({
    schema: buildPothosSchema(),
    context: () => ({ documents: new DataLoader<string, Document | null>(loadDocuments) }),
    // As in the other Yoga: without counting the body's bytes.
    maxRequestBodySize: false,
    logging: false,
    graphiql: false,
    landingPage: false,
    plugins,
  })
  serve(createServer((request, response) => void yoga(request, response)))
}
