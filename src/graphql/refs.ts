import type { Pet as PetValue } from '../domain/pet.ts'
import type { Run } from '../domain/run.ts'
import type { Source } from '../recommend/source.ts'
import { builder } from './builder.ts'

export type RecommendationsValue = { run: Run; source: Source }

/** Types that hold each other: each is named here and filled in its own file. */
export const Pet = builder.objectRef<PetValue>('Pet')
export const Recommendations = builder.objectRef<RecommendationsValue>('Recommendations')
