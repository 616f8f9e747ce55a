import type { GraphQLSchema } from 'graphql'
import { builder } from './builder.ts'
import './types/scalars.ts'
import './types/enums.ts'
import './types/viewer.ts'
import './types/pet.ts'
import './types/pet-changes.ts'
import './types/preferences.ts'
import './types/recommendations.ts'
import './types/match-score.ts'
import './types/products.ts'
import './types/update-product.ts'
import './types/clear-caches.ts'

export function buildSchema(): GraphQLSchema {
  return builder.toSchema({})
}
