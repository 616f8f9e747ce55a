import type { RecommendationCache } from '../cache/recommendation-cache.ts'
import type { HistoryStore } from '../db/history.ts'
import type { PetStore } from '../db/pets.ts'
import type { ProductPages } from '../db/product-pages.ts'
import type { ProductStore } from '../db/products.ts'
import type { RunStore } from '../db/runs.ts'
import type { UserStore } from '../db/users.ts'
import type { Locale } from '../domain/codes.ts'
import type { AdminAudit } from '../recommend/admin-audit.ts'
import type { AfterCommit } from '../recommend/after-commit.ts'
import type { CacheStats } from '../recommend/cache-stats.ts'
import type { createClearAll } from '../recommend/clear-all.ts'
import type { Explainer } from '../recommend/explainer.ts'
import type { Asker, Ladder } from '../recommend/ladder.ts'
import type { MatchScores } from '../recommend/match-scores.ts'
import type { PetSummaries } from '../recommend/pet-summaries.ts'
import type { RunKeeper } from '../recommend/run-keeper.ts'
import type { Source } from '../recommend/source.ts'
import type { UpdateProduct } from '../recommend/update-product.ts'
import type { Coverage } from './coverage.ts'
import type { Loaders } from './loaders.ts'

/** What resolvers may use; made once, in app.ts. */
export type Services = {
  pets: PetStore
  users: UserStore
  products: ProductStore
  productPages: ProductPages
  ladder: Ladder
  history: HistoryStore
  runs: Pick<RunStore, 'readStandings'>
  cache: Pick<RecommendationCache, 'inspect'>
  cacheStats: CacheStats
  audit: AdminAudit
  runKeeper: RunKeeper
  explainer: Explainer
  petSummaries: PetSummaries
  matchScores: MatchScores
  updateProduct: UpdateProduct
  afterCommit: AfterCommit
  /** Signs nobody in as this user from memory any more. */
  forgetUser: (userId: string) => void
  clearAll: ReturnType<typeof createClearAll>['clearAll']
  /** Milliseconds since 1970. */
  now: () => number
}

/** Of one request. */
export type GatewayContext = {
  services: Services
  /** Undefined: nobody is signed in. */
  viewer: Asker | undefined
  locale: Locale
  requestId: string
  loaders: Loaders
  /** What the answer is made from. */
  coverage: Coverage
  /** The tiers that answered, for the log. */
  sources: Set<Source>
  /** Pets answered from the cache though nothing could confirm it; named in the extensions of the answer. */
  unverified: Set<string>
}
