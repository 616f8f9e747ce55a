import DataLoader from 'dataloader'
import { setTimeout as delay } from 'node:timers/promises'
import type { Lease, Leases } from '../cache/leases.ts'
import { policies } from '../cache/policies.ts'
import type { PetStanding, RunStore } from '../db/runs.ts'
import type { Run, StoredRun } from '../domain/run.ts'
import type { Admission } from '../lib/admission.ts'
import type { Logger } from '../lib/logger.ts'
import { createSingleFlight } from '../lib/single-flight.ts'
import type { Computation, ComputeRequest } from './computation.ts'
import { endOf } from './life.ts'

/**
 * `stored` carries what a cache needs to keep it, `isOurs` for the one whose flight it was: that one fills, the others
 * need not. `found`: another process computed it meanwhile. A `one-off` answers this question only. `endsAt`: see life.ts.
 */
export type Computed =
  | { kind: 'stored'; run: StoredRun; ownerId: string; endsAt: number; isOurs: boolean }
  | { kind: 'found'; run: StoredRun; ownerId: string; endsAt: number }
  | { kind: 'one-off'; run: Run; ownerId: string }
  | { kind: 'gone' }
type Flown = Exclude<Computed, { kind: 'stored' }> | Omit<Extract<Computed, { kind: 'stored' }>, 'isOurs'> | { kind: 'moved'; version: number; epoch: number; lineage: string }

export type Compute = (request: ComputeRequest) => Promise<Computed>

/** After so many times in which pet or products changed under our hands, the answer is given but not stored. */
const ATTEMPTS = 3

/**
 * The last tier, reached by as few as possible. Whether stored or not, a run may be answered: its snapshot is younger
 * than the question.
 *
 * Within the process, requests for one pet, conditions, version and epoch share a flight. Whoever joins has read that
 * version in Postgres, and the flight reads its snapshot after somebody read the same: so nobody joins across a change.
 * Among processes, the flight first takes a lease. With the lease in hand it looks in Postgres once more, for whoever
 * held it before has most likely stored the run. Where the holder takes too long, or nobody can say who holds it, we
 * compute: the store lets the first of two runs stand, and the second answers with it.
 *
 * A flight first waits for one of the places of this process, so that a flood of misses takes neither all of the
 * processor nor all connections. It takes its lease after that: nobody waits for one who waits. Throws OverloadedError.
 */
export function createCompute({ compute, admit, leases, runs, logger, monotonicNow }: {
  compute: Computation
  admit: Admission
  leases: Leases
  runs: Pick<RunStore, 'readStandings'>
  logger: Logger
  monotonicNow: () => number
}): Compute {
  const singleFlight = createSingleFlight<Flown>()
  // Flights that take their leases in one tick look together.
  const standing = new DataLoader<{ petId: string; conditionsHash: string }, (PetStanding & { askedAt: number }) | undefined>(
    async (asked) => {
      const askedAt = monotonicNow()
      const found = await runs.readStandings([...new Set(asked.map(({ petId }) => petId))], [...new Set(asked.map(({ conditionsHash }) => conditionsHash))])
      return asked.map(({ petId, conditionsHash }) => {
        const ofPet = found.filter((one) => one.petId === petId)
        const [first] = ofPet
        const itself = ofPet.find((one) => one.conditionsHash === conditionsHash) ?? (first && { ...first, run: undefined })
        return itself && { ...itself, askedAt }
      })
    },
    { cache: false },
  )

  const fly = async (request: ComputeRequest): Promise<Flown> => {
    const lease = await takeLease(request)
    try {
      const now = await standing.load(request)
      if (now === undefined) return { kind: 'gone' }
      const { version, epoch, lineage } = now
      const isAsAsked = version === request.version && epoch === request.epoch && lineage === request.lineage
      if (!isAsAsked) return { kind: 'moved', version, epoch, lineage }
      if (now.run !== undefined) return { kind: 'found', run: now.run.run, ownerId: now.ownerId, endsAt: endOf({ ...now.run, askedAt: now.askedAt }) }
      for (let left = ATTEMPTS; ; left--) {
        const outcome = await compute(request)
        if (outcome.kind !== 'superseded') return outcome
        if (left > 1) continue
        logger.warn({ petId: request.petId }, 'computed but not stored: pet or products keep changing')
        return { kind: 'one-off', run: outcome.run, ownerId: outcome.ownerId }
      }
    } finally {
      if (lease?.isLost() === true) logger.warn({ petId: request.petId }, 'lease lost while computing')
      await lease?.release()
    }
  }

  /** Undefined: compute without. */
  const takeLease = async (request: ComputeRequest): Promise<Lease | undefined> => {
    const until = monotonicNow() + policies.leaseWaitMs
    for (;;) {
      const outcome = await leases.take(request, request.epoch, request.version)
      if (outcome.kind === 'taken') return outcome.lease
      if (outcome.kind === 'unavailable') return undefined
      if (monotonicNow() >= until) {
        logger.warn({ petId: request.petId }, 'another process computes too long, computing here as well')
        return undefined
      }
      await delay(policies.leasePollMs)
    }
  }

  return async (request) => {
    let { version, epoch, lineage } = request
    for (;;) {
      const current = { ...request, version, epoch, lineage }
      let isOurs = false
      const flown = await singleFlight(`${request.petId}|${request.conditionsHash}|${version}|${epoch}|${lineage}`, () => {
        isOurs = true
        return admit(() => fly(current))
      })
      if (flown.kind === 'stored') return { ...flown, isOurs }
      if (flown.kind !== 'moved') return flown
      ;({ version, epoch, lineage } = flown)
    }
  }
}
