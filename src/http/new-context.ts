import type { GatewayContext, Services } from '../graphql/context.ts'
import { createCoverage } from '../graphql/coverage.ts'
import { createLoaders } from '../graphql/loaders.ts'
import type { Locale } from '../domain/codes.ts'
import type { Asker } from '../recommend/ladder.ts'

/** `viewer` undefined: nobody is signed in. */
export type NewContext = (viewer: Asker | undefined, locale: Locale, requestId: string) => GatewayContext

/** What resolvers find of one request, before any of them has begun. */
export function createNewContext(services: Services): NewContext {
  return (viewer, locale, requestId) => ({
    services,
    viewer,
    locale,
    requestId,
    loaders: createLoaders(services, viewer),
    coverage: createCoverage(services.now),
    sources: new Set(),
    unverified: new Set(),
  })
}
