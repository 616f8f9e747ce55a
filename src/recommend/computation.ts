import DataLoader from 'dataloader'
import type { Asked } from '../cache/recommendation-cache.ts'
import type { Catalogue } from '../db/catalogue.ts'
import type { ComputeInput } from '../db/compute-input.ts'
import type { RunStore } from '../db/runs.ts'
import { traitsOf } from '../domain/age.ts'
import type { Conditions } from '../domain/pet.ts'
import { RUN_LIFE_MS, STRATEGY, type Run, type StoredRun } from '../domain/run.ts'
import { startRanking } from '../domain/scoring/recommend.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Turns } from '../lib/turns.ts'
import { endOf } from './life.ts'

/** What is to be computed: the pet as it is at this version and epoch. */
export type ComputeRequest = Asked & { conditions: Conditions; version: number; epoch: number; lineage: string }

/** `endsAt`: of what was stored, see life.ts. `moved`: the pet or the epoch is another one by now, nothing was computed. `superseded`: it, or a product, changed while we computed. */
export type Outcome =
  | { kind: 'stored'; run: StoredRun; ownerId: string; endsAt: number }
  | { kind: 'superseded'; run: Run; ownerId: string }
  | { kind: 'moved'; version: number; epoch: number; lineage: string }
  | { kind: 'gone' }

export type Computation = (request: ComputeRequest, replacedAtAgeMs?: number) => Promise<Outcome>

/**
 * One computation: a snapshot of the pet, the catalogue as that snapshot saw it, the rules, and the storing of what they
 * say, which happens only if nothing of it has changed since.
 */
export function createComputation({ readInputs, catalogue, runs, turns, metrics, logger, monotonicNow }: {
  readInputs: (petIds: readonly string[]) => Promise<Map<string, ComputeInput>>
  catalogue: { at(version: number, lineage: string): Promise<Catalogue> }
  runs: Pick<RunStore, 'store'>
  turns: Turns
  metrics: Metrics
  logger: Logger
  monotonicNow: () => number
}): Computation {
  // Batches what is asked in one tick; keeps nothing.
  const inputs = new DataLoader<string, ComputeInput | undefined>(
    async (petIds) => {
      const found = await readInputs(petIds)
      return petIds.map((petId) => found.get(petId))
    },
    { cache: false },
  )

  return async (request, replacedAtAgeMs) => {
    const began = monotonicNow()
    const input = await inputs.load(request.petId)
    if (input === undefined) return { kind: 'gone' }
    const { petId, conditionsHash } = request
    const { version, ownerId } = input.pet
    const { epoch, lineage } = input
    const isAsAsked = version === request.version && epoch === request.epoch && lineage === request.lineage
    if (!isAsAsked) return { kind: 'moved', version, epoch, lineage }

    const { products, revisions, version: catalogueVersion } = await catalogue.at(input.catalogueVersion, lineage)
    const ranking = startRanking({ pet: traitsOf(input.pet, input.today), preferences: input.preferences, conditions: request.conditions })
    // The snapshot never changes, whatever is loaded meanwhile: what has become of it is asked when the run is stored.
    await turns.forEach(products, ranking.add)
    const { items, emptyReason } = ranking.recommendation()
    const run: Run = {
      id: null,
      petId,
      version,
      epoch,
      lineage,
      strategy: STRATEGY.name,
      strategyVersion: STRATEGY.version,
      conditionsHash,
      createdAt: input.now,
      expiresAt: input.now + RUN_LIFE_MS,
      items,
      emptyReason,
    }
    const askedAt = monotonicNow()
    const outcome = await runs.store(run, { catalogueVersion, revisions }, replacedAtAgeMs)
    metrics.computations.inc({ outcome: outcome.kind })
    logger.info({ petId, version, epoch, conditionsHash, outcome: outcome.kind, ms: Math.round(monotonicNow() - began) }, 'computed')
    if (outcome.kind === 'superseded') return { kind: 'superseded', run, ownerId }
    return { kind: 'stored', run: outcome.run, ownerId, endsAt: endOf({ askedAt, lifeLeftMs: outcome.lifeLeftMs }) }
  }
}
