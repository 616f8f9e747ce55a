import { z } from 'zod'
import type { KeptValues } from '../cache/kept-values.ts'
import { latestNow } from '../cache/heartbeat.ts'
import { policies } from '../cache/policies.ts'
import type { Trust } from '../cache/trust.ts'
import type { ComputeInput } from '../db/compute-input.ts'
import type { ProductStore } from '../db/products.ts'
import { traitsOf } from '../domain/age.ts'
import { NO_CONDITIONS } from '../domain/conditions.ts'
import { STRATEGY } from '../domain/run.ts'
import { scoreProduct } from '../domain/scoring/score-product.ts'
import type { Deliver } from './deliver.ts'
import type { Floors } from './floors.ts'
import type { Asker } from './ladder.ts'

/** Raised with every change of the schema: values of another format are misses. */
const FORMAT = 2

const scoreSchema = z.strictObject({
  matchScore: z.number(),
  safetyScore: z.number(),
  fitnessScore: z.number(),
  scoreComponents: z.array(z.strictObject({ name: z.string(), points: z.number(), maxPoints: z.number() })),
  reasons: z.array(
    z.strictObject({ code: z.string(), points: z.number().nullable(), params: z.record(z.string(), z.union([z.string(), z.number()])) }),
  ),
  calculatedAt: z.number(),
})
const keptSchema = z.strictObject({
  format: z.literal(FORMAT),
  strategyVersion: z.literal(STRATEGY.version),
  epoch: z.int(),
  petVersion: z.int(),
  revision: z.int(),
  score: scoreSchema,
})

/** Scores are 0 to 100; 0 all through, with the reason, for a product that is never recommended to this pet. */
export type MatchScore = z.output<typeof scoreSchema>
export type MatchOutcome =
  | { kind: 'scored'; score: MatchScore; isCached: boolean }
  | { kind: 'no-pet' }
  | { kind: 'no-product' }

export type MatchScores = { score(productId: string, petId: string, asker: Asker): Promise<MatchOutcome> }

/**
 * How well one product suits one pet. Kept for an hour under two fences: the pet's, and the product's, whose revision the
 * outbox tells like a pet's version. A score is taken from the cache while trust is held and both say what it was made from.
 * A price may be an hour old in it: only a limit of the owner's looks at prices.
 */
export function createMatchScores({ values, trust, floors, readInputs, products, deliver }: {
  values: KeptValues
  trust: Pick<Trust, 'hold'>
  floors: Floors
  readInputs: (petIds: readonly string[]) => Promise<Map<string, ComputeInput>>
  products: ProductStore
  deliver: Deliver
}): MatchScores {
  const fromCache = async (productId: string, petId: string, asker: Asker): Promise<{ hit?: MatchOutcome; revision: number | undefined }> => {
    const grant = trust.hold()
    if (grant === undefined) return { revision: undefined }
    const read = await values.read([{ petId, key: (keys) => keys.match(productId, petId), productId }])
    const [found] = read?.found ?? []
    if (read === undefined || found?.fence === undefined || !grant.isIntact(read.heartbeats)) return { revision: found?.revision }
    const { fence, revision } = found
    const kept = keptSchema.safeParse(found.value).data
    // Redis counts the hour from when it was sent the score.
    const isOver = kept !== undefined && kept.score.calculatedAt + policies.profileLifeMs <= latestNow(read.heartbeats)
    const isSame = kept?.epoch === read.epoch && kept?.petVersion === fence.version && kept.revision === revision
    const stands = kept !== undefined && !isOver && isSame
    if (!stands || !floors.allow(petId, fence.version, kept.epoch) || !floors.allow(productId, kept.revision, kept.epoch)) return { revision }
    const mayAsk = fence.ownerId !== null && (asker.isAdmin || asker.userId === fence.ownerId)
    return { hit: mayAsk ? { kind: 'scored', score: kept.score, isCached: true } : { kind: 'no-pet' }, revision }
  }

  /**
   * Both are read with the version that belongs to them, so whichever moves afterwards shows in its fence. The pet comes
   * first, with the epoch: what raises the epoch between the two may have changed the product and drawn no revision.
   */
  const compute = async (productId: string, petId: string, asker: Asker) => {
    const input = (await readInputs([petId])).get(petId)
    const product = await products.readProduct(productId)
    if (input === undefined || !(asker.isAdmin || asker.userId === input.pet.ownerId)) return { kind: 'no-pet' } as const
    if (product === undefined) return { kind: 'no-product' } as const
    const scored = scoreProduct({ pet: traitsOf(input.pet, input.today), preferences: input.preferences, conditions: NO_CONDITIONS, product })
    const none = { matchScore: 0, safetyScore: 0, fitnessScore: 0, scoreComponents: [] }
    const score: MatchScore =
      scored.kind === 'excluded'
        ? { ...none, reasons: [scored.reason], calculatedAt: input.now }
        : {
            matchScore: scored.matchScore,
            safetyScore: scored.safetyScore,
            fitnessScore: scored.fitnessScore,
            scoreComponents: scored.scoreComponents,
            reasons: scored.reasons,
            calculatedAt: input.now,
          }
    const { epoch, lineage } = input
    const { ownerId, version } = input.pet
    return { kind: 'scored', score, stamp: { petId, ownerId, version, epoch, lineage }, revision: product.revision } as const
  }

  /**
   * Of a product that Redis knows nothing of; its scores are kept from the next one on. Something newer may have been lost
   * there since we read it, so Postgres is asked once more: a change from before this reading shows, a later one is told.
   */
  const tell = async (productId: string, revision: number, lineage: string): Promise<void> => {
    await deliver([{ kind: 'product', productId, revision, lineage }], 'verification')
    const now = await products.readProduct(productId)
    if (now !== undefined && now.revision > revision) await deliver([{ kind: 'product', productId, revision: now.revision, lineage }], 'verification')
  }

  return {
    score: async (productId, petId, asker) => {
      const { hit, revision: told } = await fromCache(productId, petId, asker)
      if (hit !== undefined) return hit
      const computed = await compute(productId, petId, asker)
      if (computed.kind !== 'scored') return computed
      const { score, stamp, revision } = computed
      const { version: petVersion, epoch, lineage } = stamp
      floors.note(lineage, petId, petVersion)
      floors.note(lineage, productId, revision)
      if (told === revision) {
        const kept = { format: FORMAT, strategyVersion: STRATEGY.version, epoch, petVersion, revision, score }
        await values.keep(stamp, (keys) => keys.match(productId, petId), kept)
      } else if (told === undefined || told < revision) await tell(productId, revision, lineage)
      return { kind: 'scored', score, isCached: false }
    },
  }
}
