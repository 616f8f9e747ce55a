import { Counter, Histogram, Registry } from 'prom-client'
import { createDistribution } from './distribution.ts'

/** Every figure the gateway keeps about itself: those of the registry are served at /metrics, the others by the query cacheStats. */
export type Metrics = ReturnType<typeof createMetrics>

/**
 * Of one tier. `latencyMs` has one measure for each question that it answered: from when the ladder was asked until this
 * tier had the answer, the tiers above that had none included. `errors`: how often it was asked and failed.
 */
const createTierFigures = () => ({ latencyMs: createDistribution({ largest: 60_000, stepsPerUnit: 1_000 }), errors: 0 })

export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    answers: new Counter({
      name: 'petfood_answers_total',
      help: 'Recommendations answered, by the tier that had them',
      labelNames: ['source'] as const,
      registers,
    }),
    keptAnswers: new Counter({
      name: 'petfood_kept_answers_total',
      help: 'Answers that were kept as bytes and asked for again: sent, overtaken by a change, or not confirmed because fences could not be read under trust',
      labelNames: ['outcome'] as const,
      registers,
    }),
    plannedOperations: new Counter({
      name: 'petfood_planned_operations_total',
      help: 'Operations that had a plan: written by it, or left to GraphQL because something was not as planned, such as an error',
      labelNames: ['outcome'] as const,
      registers,
    }),
    cacheErrors: new Counter({
      name: 'petfood_cache_errors_total',
      help: 'Cache operations that failed or ran out of time; reads among them became misses',
      labelNames: ['operation'] as const,
      registers,
    }),
    unusableValues: new Counter({
      name: 'petfood_cache_unusable_values_total',
      help: 'Cached values that could not be used and were deleted',
      labelNames: ['reason'] as const,
      registers,
    }),
    fills: new Counter({
      name: 'petfood_cache_fills_total',
      help: 'Fills of the cache, by outcome',
      labelNames: ['outcome'] as const,
      registers,
    }),
    invalidations: new Counter({
      name: 'petfood_cache_invalidations_total',
      help: 'Invalidations applied, by who delivered them',
      labelNames: ['by'] as const,
      registers,
    }),
    computations: new Counter({
      name: 'petfood_computations_total',
      help: 'Computations, by what became of their run',
      labelNames: ['outcome'] as const,
      registers,
    }),
    refreshesAhead: new Counter({
      name: 'petfood_refreshes_ahead_total',
      help: 'Refreshes of runs on their last day, by outcome',
      labelNames: ['outcome'] as const,
      registers,
    }),
    comparisons: new Counter({
      name: 'petfood_cache_comparisons_total',
      help: 'Reads of the cache without trust, by whether Postgres could be asked instead',
      labelNames: ['outcome'] as const,
      registers,
    }),
    forgottenOfPets: new Counter({
      name: 'petfood_forgotten_of_deleted_pets_total',
      help: 'Runs, profiles and responses dropped from the memory of this process because their pet was deleted',
      registers,
    }),
    refusals: new Counter({
      name: 'petfood_refusals_total',
      help: 'Requests and computations refused because there were too many, by the limit they met',
      labelNames: ['limit'] as const,
      registers,
    }),
    tiers: { MEMORY: createTierFigures(), REDIS: createTierFigures(), POSTGRES: createTierFigures(), COMPUTED: createTierFigures() },
    /** Of each run that was kept in the cache, as it lies there. */
    payloadBytes: createDistribution({ largest: 1_000_000, stepsPerUnit: 1 }),
    requestSeconds: new Histogram({
      name: 'petfood_request_seconds',
      help: 'GraphQL requests, from their arrival to the last byte handed over',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
  }
}
