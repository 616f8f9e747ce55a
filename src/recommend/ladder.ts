import type { Asked, Found, RecommendationCache } from '../cache/recommendation-cache.ts'
import { LineageUnknownError } from '../cache/keyspace.ts'
import { CircuitOpenError } from '../cache/redis-cache.ts'
import type { Trust } from '../cache/trust.ts'
import type { Current, Outbox } from '../db/outbox.ts'
import type { PetStanding, RunStore } from '../db/runs.ts'
import { NO_CONDITIONS } from '../domain/conditions.ts'
import type { Conditions } from '../domain/pet.ts'
import type { Run } from '../domain/run.ts'
import { withDeadline } from '../lib/deadline.ts'
import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Compute, Computed } from './compute.ts'
import type { Fill, ToFill } from './fill.ts'
import type { Floors } from './floors.ts'
import { endOf } from './life.ts'
import type { RefreshAhead } from './refresh-ahead.ts'
import type { Source } from './source.ts'

/** The epoch that the cache said; undefined where it said none. */
type FillUnder = number | undefined | 'no-fill'

/** Of what the cache said: by trust in it, or by a comparison with Postgres. */
type Standing = { isTrusted: boolean; isVerified: boolean }

const NOTHING: Found = { fence: undefined, run: undefined, source: 'REDIS' }

const NOT_FOUND = { kind: 'not-found' } as const

/** Who asks. An admin may ask for any pet. */
export type Asker = { userId: string; isAdmin: boolean }

export type Question = Asked & { conditions: Conditions }

export type Answer =
  /**
   * `isVerified` false: from the cache, without trust, while Postgres could not be asked either. `fenceText`: the pet's
   * fence as Redis held it, where its word, under trust, made this an answer.
   */
  | { kind: 'answered'; run: Run; source: Source; isVerified: boolean; fenceText?: string }
  /** No such pet, or not the asker's: the two are never told apart. */
  | { kind: 'not-found' }
  | { kind: 'unavailable'; cause: unknown }

/** `endsAt`: of the run that it holds, on the monotonic clock; Infinity where there is none, or nobody can say. */
type Timed = { answer: Answer; endsAt: number }

export type Ladder = ReturnType<typeof createLadder>

/** Milliseconds that comparing with Postgres may take before the cache's word stands alone. */
const COMPARE_DEADLINE_MS = 1_000

/**
 * The read ladder: the cache, then the newest valid run in Postgres, then a computation. All questions of one operation
 * climb together: one MGET, and for everything that missed one statement.
 *
 * The cache's word is taken while trust is held from before it was read until after (see cache/trust.ts). Without trust
 * it is compared with Postgres, one statement for all. In either case nothing passes that is older than what this
 * process has itself changed or answered (see floors.ts).
 *
 * All answers of one operation leave together. So a run may reach its end while another question waits for its
 * computation: then it is asked for once more, and no answer leaves after the end that it states.
 */
export function createLadder({ cache, trust, floors, runs, outbox, compute, fill, refreshAhead, metrics, logger, now, monotonicNow, unverifiedAnswers }: {
  cache: RecommendationCache
  trust: Pick<Trust, 'hold' | 'postgresIsAway'>
  floors: Floors
  runs: Pick<RunStore, 'readStandings'>
  outbox: Pick<Outbox, 'current'>
  compute: Compute
  fill: Fill
  refreshAhead: Pick<RefreshAhead, 'consider'>
  metrics: Metrics
  logger: Logger
  /** Milliseconds since 1970; asked for only where Postgres's clock cannot be. */
  now: () => number
  monotonicNow: () => number
  unverifiedAnswers: 'serve' | 'refuse'
}) {
  const answer = async (questions: readonly Question[], asker: Asker): Promise<Answer[]> => {
    const began = monotonicNow()
    const { hits, fillUnder } = await fromCache(questions, asker)
    for (const hit of hits) if (hit !== undefined) measure(hit.answer, began)
    const timed = [...hits]
    for (;;) {
      // What was missed; then what has ended while that was waited for.
      const open = questions.flatMap((question, i) => (hasEnded(timed[i]) ? [{ question, i }] : []))
      if (open.length === 0) return finished(questions, timed.map((one) => one?.answer ?? NOT_FOUND))
      const found = await fromPostgres(open.map(({ question }) => question), asker, began, fillUnder)
      open.forEach(({ i }, j) => (timed[i] = found[j] ?? withoutEnd(NOT_FOUND)))
    }
  }

  const hasEnded = (one: Timed | undefined): boolean => one === undefined || one.endsAt <= monotonicNow()

  /** Where a tier has its answer, before the cache is filled with it. */
  const measure = (answer: Answer, began: number): Answer => {
    if (answer.kind === 'answered') metrics.tiers[answer.source].latencyMs.record(monotonicNow() - began)
    return answer
  }

  const finished = (questions: readonly Question[], answers: Answer[]): Answer[] => {
    answers.forEach((one, i) => {
      if (one.kind !== 'answered') return
      metrics.answers.inc({ source: one.source })
      floors.note(one.run.lineage, one.run.petId, one.run.version)
      floors.noteEpoch(one.run.lineage, one.run.epoch)
      refreshAhead.consider(one.run, questions[i]?.conditions ?? NO_CONDITIONS)
    })
    return answers
  }

  /** Undefined where the cache cannot say. */
  const fromCache = async (questions: readonly Question[], asker: Asker): Promise<{ hits: (Timed | undefined)[]; fillUnder: FillUnder }> => {
    const grant = trust.hold()
    const outcome = await cache.read(questions, grant !== undefined)
    if (outcome.kind === 'unavailable') {
      const wasAsked = !(outcome.cause instanceof CircuitOpenError || outcome.cause instanceof LineageUnknownError)
      if (wasAsked) metrics.tiers.REDIS.errors++
      logger[wasAsked ? 'warn' : 'debug']({ err: outcome.cause, pets: questions.length }, 'cache error, falling back to postgres')
      return { hits: questions.map(() => undefined), fillUnder: 'no-fill' }
    }
    const isTrusted = grant?.isIntact(outcome.heartbeats) === true
    // Without trust nobody says whether a run that this process remembers has reached its end: only Redis ends those it keeps.
    const kept = grant === undefined || isTrusted ? outcome.found : outcome.found.map((one) => (one.source === 'MEMORY' ? NOTHING : one))
    const { found, isVerified } = isTrusted ? { found: kept, isVerified: true } : await compareWithPostgres(questions, kept, outcome.lineage)
    const hits = questions.map(({ petId }, i) => judge(petId, found[i] ?? NOTHING, asker, { isTrusted, isVerified }))
    const hitCount = hits.filter((one) => one !== undefined).length
    if (hitCount > 0) logger.debug({ pets: hitCount }, 'cache hit')
    if (hitCount < hits.length) logger.debug({ pets: hits.length - hitCount }, 'cache miss')
    return { hits, fillUnder: outcome.epoch }
  }

  /** Keep of what was found only what Postgres confirms. Where it cannot be asked: all of it, unverified, or nothing. */
  const compareWithPostgres = async (
    questions: readonly Question[],
    found: readonly Found[],
    lineage: string,
  ): Promise<{ found: Found[]; isVerified: boolean }> => {
    const nothing = { found: found.map(() => NOTHING), isVerified: true }
    if (found.every(({ run }) => run === undefined)) return nothing
    let current: Current
    const askedAt = monotonicNow()
    try {
      if (trust.postgresIsAway()) throw new Error('postgres did not answer when it was last asked')
      const asked = outbox.current(questions.map(({ petId }) => petId))
      current = await withDeadline('postgres: compare', COMPARE_DEADLINE_MS, asked)
    } catch (cause) {
      metrics.comparisons.inc({ outcome: 'postgres-away' })
      logger.warn({ err: cause, served: unverifiedAnswers === 'serve' }, 'no trust in the cache, and postgres cannot be asked')
      if (unverifiedAnswers !== 'serve') return nothing
      // Nobody can ask Postgres's clock now, so the one of this machine has to do.
      const unconfirmed = found.map(({ lifeLeftMs: _unknown, ...one }) => (one.run !== undefined && one.run.expiresAt <= now() ? NOTHING : one))
      return { found: unconfirmed, isVerified: false }
    }
    metrics.comparisons.inc({ outcome: 'compared' })
    // Versions of another lineage may be equal and mean something else.
    if (current.lineage !== lineage) return nothing
    const confirmed = found.map((one) => {
      const pet = current.pets.get(one.run?.petId ?? '')
      const isSame = one.run?.version === pet?.version && one.run?.epoch === current.epoch && one.fence?.ownerId === pet?.ownerId
      if (one.run === undefined || pet === undefined || !isSame) return NOTHING
      const lifeLeftMs = endOf({ askedAt, lifeLeftMs: one.run.expiresAt - current.now }) - monotonicNow()
      return lifeLeftMs > 0 ? { ...one, lifeLeftMs } : NOTHING
    })
    return { found: confirmed, isVerified: true }
  }

  /** Undefined: not for the cache to say. A fence that names another owner is enough to say no. */
  const judge = (petId: string, { fence, fenceText, run, lifeLeftMs = Infinity, source }: Found, asker: Asker, { isTrusted, isVerified }: Standing): Timed | undefined => {
    if (fence === undefined || !floors.allow(petId, fence.version, run?.epoch ?? Infinity)) return undefined
    if (fence.ownerId !== null && !maySee(asker, fence.ownerId)) return withoutEnd(NOT_FOUND)
    if (run === undefined) return undefined
    const answer = { kind: 'answered', run, source, isVerified, ...(isTrusted && fenceText !== undefined ? { fenceText } : {}) } as const
    return { answer, endsAt: monotonicNow() + lifeLeftMs }
  }

  /** The answers of Postgres or of a computation, whatever the cache holds. */
  const fromPostgres = async (questions: readonly Question[], asker: Asker, began: number, fillUnder?: FillUnder): Promise<Timed[]> => {
    if (questions.length === 0) return []
    let standings: PetStanding[]
    const askedAt = monotonicNow()
    try {
      standings = await runs.readStandings(unique(questions, 'petId'), unique(questions, 'conditionsHash'))
    } catch (cause) {
      metrics.tiers.POSTGRES.errors++
      return questions.map(() => withoutEnd({ kind: 'unavailable', cause }))
    }
    const pets = new Map(standings.map((standing) => [standing.petId, standing]))
    const stored = new Map(standings.map((standing) => [`${standing.petId}|${standing.conditionsHash}`, standing.run]))
    const toFill = new Map<string, ToFill>()

    const answers = await Promise.all(
      questions.map(async (question): Promise<Timed> => {
        const pet = pets.get(question.petId)
        if (pet === undefined || !maySee(asker, pet.ownerId)) return withoutEnd(NOT_FOUND)
        const key = `${question.petId}|${question.conditionsHash}`
        const held = stored.get(key)
        if (held !== undefined) {
          const endsAt = endOf({ askedAt, lifeLeftMs: held.lifeLeftMs })
          toFill.set(key, { run: held.run, ownerId: pet.ownerId, endsAt })
          return { answer: measure({ kind: 'answered', run: held.run, source: 'POSTGRES', isVerified: true }, began), endsAt }
        }
        const computed = await compute({ ...question, version: pet.version, epoch: pet.epoch, lineage: pet.lineage }).catch((cause: unknown) => {
          metrics.tiers.COMPUTED.errors++
          return { kind: 'unavailable', cause } as const
        })
        if (computed.kind === 'stored' && computed.isOurs) toFill.set(key, computed)
        return { answer: measure(toAnswer(computed, asker), began), endsAt: 'endsAt' in computed ? computed.endsAt : Infinity }
      }),
    )
    // A cache that has just failed a read would cost the reader a second deadline.
    if (fillUnder !== 'no-fill' && !trust.postgresIsAway()) await fill([...toFill.values()], fillUnder)
    return answers
  }

  return {
    answer,
    /** Past the cache: for a forced refresh, after its new version is drawn and delivered. */
    answerFresh: async (question: Question, asker: Asker): Promise<Answer> =>
      finished([question], (await fromPostgres([question], asker, monotonicNow())).map((one) => one.answer))[0] ?? NOT_FOUND,
  }
}

const withoutEnd = (answer: Answer): Timed => ({ answer, endsAt: Infinity })

function toAnswer(computed: Computed | { kind: 'unavailable'; cause: unknown }, asker: Asker): Answer {
  switch (computed.kind) {
    case 'gone':
      return { kind: 'not-found' }
    case 'unavailable':
      return computed
    case 'found':
    case 'stored':
    case 'one-off': {
      // The pet may have changed hands since its owner was looked up.
      if (!maySee(asker, computed.ownerId)) return { kind: 'not-found' }
      return { kind: 'answered', run: computed.run, source: computed.kind === 'found' ? 'POSTGRES' : 'COMPUTED', isVerified: true }
    }
  }
}

function maySee(asker: Asker, ownerId: string): boolean {
  return asker.isAdmin || asker.userId === ownerId
}

function unique(questions: readonly Question[], field: 'petId' | 'conditionsHash'): string[] {
  return [...new Set(questions.map((question) => question[field]))]
}
