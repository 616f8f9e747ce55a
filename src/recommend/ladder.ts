import type { Asked, Found, RecommendationCache } from '../cache/recommendation-cache.ts'
import type { Current, Outbox } from '../db/outbox.ts'
import type { PetStanding, RunStore } from '../db/runs.ts'
import type { Conditions } from '../domain/pet.ts'
import type { Run } from '../domain/run.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Compute, Computed } from './compute.ts'
import type { Fill, ToFill } from './fill.ts'

/** Who asks. An admin may ask for any pet. */
export type Asker = { userId: string; isAdmin: boolean }

export type Question = Asked & { conditions: Conditions }

export type Source = RecommendationCache['source'] | 'POSTGRES' | 'COMPUTED'

export type Answer =
  | { kind: 'answered'; run: Run; source: Source }
  /** No such pet, or not the asker's: the two are never told apart. */
  | { kind: 'not-found' }
  | { kind: 'unavailable'; cause: unknown }

export type Ladder = ReturnType<typeof createLadder>

/**
 * The read ladder: the cache, then the newest valid run in Postgres, then a computation. All questions of one operation
 * climb together: one MGET, and for everything that missed one statement.
 */
export function createLadder({ cache, runs, outbox, compute, fill, metrics, logger, fenceIsTrusted }: {
  cache: RecommendationCache
  runs: Pick<RunStore, 'readStandings'>
  outbox: Pick<Outbox, 'current'>
  compute: Compute
  fill: Fill
  metrics: Metrics
  logger: Logger
  /** False while the cache may not have heard of every invalidation: each hit is then compared with Postgres first. */
  fenceIsTrusted: () => boolean
}) {
  const answer = async (questions: readonly Question[], asker: Asker): Promise<Answer[]> => {
    const { hits, epoch } = await fromCache(questions, asker)
    const missed = questions.filter((_, i) => hits[i] === undefined)
    const rest = await fromPostgres(missed, asker, epoch)
    let next = 0
    const answers = questions.map((_, i): Answer => hits[i] ?? rest[next++] ?? { kind: 'not-found' })
    for (const one of answers) if (one.kind === 'answered') metrics.answers.inc({ source: one.source })
    return answers
  }

  /** Undefined where the cache cannot say. */
  const fromCache = async (questions: readonly Question[], asker: Asker): Promise<{ hits: (Answer | undefined)[]; epoch: number | undefined }> => {
    const outcome = await cache.read(questions)
    if (outcome.kind === 'unavailable') {
      logger.warn({ err: outcome.cause, pets: questions.length }, 'cache error, falling back to postgres')
      return { hits: questions.map(() => undefined), epoch: undefined }
    }
    const found = fenceIsTrusted() ? outcome.found : await compareWithPostgres(questions, outcome.found)
    const hits = found.map((one) => judge(one, cache.source, asker))
    const hitCount = hits.filter((one) => one !== undefined).length
    if (hitCount > 0) logger.info({ pets: hitCount, source: cache.source }, 'cache hit')
    if (hitCount < hits.length) logger.info({ pets: hits.length - hitCount }, 'cache miss')
    return { hits, epoch: outcome.epoch }
  }

  /** Keep of what was found only what Postgres confirms: one statement for all. Where it cannot be asked, nothing. */
  const compareWithPostgres = async (questions: readonly Question[], found: readonly Found[]): Promise<Found[]> => {
    const nothing: Found = { fence: undefined, run: undefined }
    if (found.every(({ run }) => run === undefined)) return found.map(() => nothing)
    const current: Current | undefined = await outbox.current(questions.map(({ petId }) => petId)).catch(() => undefined)
    return found.map((one) => {
      const pet = current?.pets.get(one.run?.petId ?? '')
      const confirmed = one.run?.version === pet?.version && one.run?.epoch === current?.epoch && one.fence?.ownerId === pet?.ownerId
      return pet !== undefined && confirmed ? one : nothing
    })
  }

  /** The answers of Postgres or of a computation, whatever the cache holds. */
  const fromPostgres = async (questions: readonly Question[], asker: Asker, cachedEpoch?: number): Promise<Answer[]> => {
    if (questions.length === 0) return []
    let standings: PetStanding[]
    try {
      standings = await runs.readStandings(unique(questions, 'petId'), unique(questions, 'conditionsHash'))
    } catch (cause) {
      return questions.map(() => ({ kind: 'unavailable', cause }))
    }
    const pets = new Map(standings.map((standing) => [standing.petId, standing]))
    const stored = new Map(standings.map((standing) => [`${standing.petId}|${standing.conditionsHash}`, standing.run]))
    const toFill = new Map<string, ToFill>()

    const answers = await Promise.all(
      questions.map(async (question): Promise<Answer> => {
        const pet = pets.get(question.petId)
        if (pet === undefined || !maySee(asker, pet.ownerId)) return { kind: 'not-found' }
        const key = `${question.petId}|${question.conditionsHash}`
        const held = stored.get(key)
        if (held !== undefined) {
          toFill.set(key, { ...held, ownerId: pet.ownerId })
          return { kind: 'answered', run: held.run, source: 'POSTGRES' }
        }
        const computed = await compute({ ...question, version: pet.version, epoch: pet.epoch }).catch(
          (cause: unknown) => ({ kind: 'unavailable', cause }) as const,
        )
        if (computed.kind === 'stored' && computed.isOurs) toFill.set(key, computed)
        return toAnswer(computed, asker)
      }),
    )
    await fill([...toFill.values()], cachedEpoch)
    return answers
  }

  return {
    answer,
    /** Past the cache: for a forced refresh, after its new version is drawn and delivered. */
    answerFresh: async (question: Question, asker: Asker): Promise<Answer> => (await fromPostgres([question], asker))[0] ?? { kind: 'not-found' },
  }
}

/** Undefined: not for the cache to say. A fence that names another owner is enough to say no. */
function judge({ fence, run }: Found, source: RecommendationCache['source'], asker: Asker): Answer | undefined {
  if (fence === undefined) return undefined
  if (fence.ownerId !== null && !maySee(asker, fence.ownerId)) return { kind: 'not-found' }
  return run === undefined ? undefined : { kind: 'answered', run, source }
}

function toAnswer(computed: Computed | { kind: 'unavailable'; cause: unknown }, asker: Asker): Answer {
  switch (computed.kind) {
    case 'gone':
      return { kind: 'not-found' }
    case 'unavailable':
      return computed
    case 'stored':
    case 'one-off':
      // The pet may have changed hands since its owner was looked up.
      return maySee(asker, computed.ownerId) ? { kind: 'answered', run: computed.run, source: 'COMPUTED' } : { kind: 'not-found' }
  }
}

function maySee(asker: Asker, ownerId: string): boolean {
  return asker.isAdmin || asker.userId === ownerId
}

function unique(questions: readonly Question[], field: 'petId' | 'conditionsHash'): string[] {
  return [...new Set(questions.map((question) => question[field]))]
}
