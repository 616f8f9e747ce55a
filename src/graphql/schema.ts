import type { GraphQLSchema } from 'graphql'
import { auditAdmins } from './audit.ts'
import { builder } from './builder.ts'
import './types/scalars.ts'
import './types/enums.ts'
import './types/viewer.ts'
import './types/pet.ts'
import './types/pet-changes.ts'
import './types/preferences.ts'
import './types/recommendations.ts'
import './types/explanations.ts'
import './types/match-score.ts'
import './types/products.ts'
import './types/update-product.ts'
import './types/clear-caches.ts'
import './types/recommendation-run.ts'
import './types/cache-stats.ts'
import './types/cache-entry.ts'

export function buildSchema(): GraphQLSchema {
  return auditAdmins(builder.toSchema({}))
}
