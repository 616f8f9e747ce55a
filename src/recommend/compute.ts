import DataLoader from 'dataloader'
import type { Asked } from '../cache/recommendation-cache.ts'
import type { Catalogue } from '../db/catalogue.ts'
import type { ComputeInput } from '../db/compute-input.ts'
import type { RunStore } from '../db/runs.ts'
import { traitsOf } from '../domain/age.ts'
import type { Conditions } from '../domain/pet.ts'
import { RUN_LIFE_MS, STRATEGY, type Run, type StoredRun } from '../domain/run.ts'
import { recommend } from '../domain/scoring/recommend.ts'
import type { Logger } from '../lib/logger.ts'
import { createSingleFlight } from '../lib/single-flight.ts'

/** `stored` carries what a cache needs to keep it; a `one-off` answers this question only. */
export type Computed =
  | { kind: 'stored'; run: StoredRun; ownerId: string; lifeLeftMs: number; isOurs: boolean }
  | { kind: 'one-off'; run: Run; ownerId: string }
  | { kind: 'gone' }

export type ComputeRequest = Asked & { conditions: Conditions; version: number; epoch: number }
export type Compute = (request: ComputeRequest) => Promise<Computed>

/** After so many times in which pet or products changed under our hands, the answer is given but not stored. */
const ATTEMPTS = 3

/**
 * The last tier. A run is made from one snapshot of the pet, and stored only if nothing it was made from has changed
 * since. Whether stored or not it may be answered: its snapshot is younger than the question.
 *
 * Requests for one pet, conditions, version and epoch share a flight. Whoever joins has read that version in Postgres,
 * and a flight reads its snapshot after somebody read the same: so nobody joins a flight across a change.
 * `isOurs` is true for the one whose flight it was: that one fills the cache, the others need not.
 */
export function createCompute({ readInputs, catalogue, runs, logger }: {
  readInputs: (petIds: readonly string[]) => Promise<Map<string, ComputeInput>>
  catalogue: { at(version: number): Promise<Catalogue> }
  runs: Pick<RunStore, 'store'>
  logger: Logger
}): Compute {
  const singleFlight = createSingleFlight<Computed>()
  // Batches what is asked in one tick; keeps nothing.
  const inputs = new DataLoader<string, ComputeInput | undefined>(
    async (petIds) => {
      const found = await readInputs(petIds)
      return petIds.map((petId) => found.get(petId))
    },
    { cache: false },
  )

  const fly = async (request: ComputeRequest): Promise<Computed> => {
    for (let left = ATTEMPTS; ; left--) {
      const input = await inputs.load(request.petId)
      if (input === undefined) return { kind: 'gone' }
      const { products, revisions, version: catalogueVersion } = await catalogue.at(input.catalogueVersion)
      const { items, emptyReason } = recommend({
        pet: traitsOf(input.pet, input.today),
        preferences: input.preferences,
        conditions: request.conditions,
        catalogue: products,
      })
      const run: Run = {
        id: null,
        petId: request.petId,
        version: input.pet.version,
        epoch: input.epoch,
        strategy: STRATEGY.name,
        strategyVersion: STRATEGY.version,
        conditionsHash: request.conditionsHash,
        createdAt: input.now,
        expiresAt: input.now + RUN_LIFE_MS,
        items,
        emptyReason,
      }
      const { ownerId } = input.pet
      const outcome = await runs.store(run, { catalogueVersion, revisions })
      if (outcome.kind !== 'superseded') return { kind: 'stored', run: outcome.run, ownerId, lifeLeftMs: outcome.lifeLeftMs, isOurs: true }
      if (left === 1) {
        logger.warn({ petId: request.petId }, 'computed but not stored: pet or products keep changing')
        return { kind: 'one-off', run, ownerId }
      }
    }
  }

  return async (request) => {
    const key = `${request.petId}|${request.conditionsHash}|${request.version}|${request.epoch}`
    let isOurs = false
    const computed = await singleFlight(key, () => {
      isOurs = true
      return fly(request)
    })
    return computed.kind === 'stored' ? { ...computed, isOurs } : computed
  }
}
