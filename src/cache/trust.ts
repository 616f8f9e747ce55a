import type { Circuit } from '../lib/circuit.ts'
import { withDeadline } from '../lib/deadline.ts'
import type { Logger } from '../lib/logger.ts'
import { createDataOrigins } from './data-origins.ts'
import { createDeliveredFences, DELIVERED_AT_ONCE, serversOf, type Deliveries, type ReadDelivered } from './delivered-fences.ts'
import { decodeHeartbeat, heartbeatArguments } from './heartbeat.ts'
import { createFormerKeys } from './former-keys.ts'
import type { Keyspace } from './keyspace.ts'
import type { DatabaseState, LineageWatch } from './lineage-watch.ts'
import { policies } from './policies.ts'
import type { MasterState, RedisStore } from './redis.ts'

/** Whether a cache's word is enough. Where it is not, what it says is compared with Postgres. */
export type Trust = {
  /** Asked for before the cache is read. Undefined: there is no trust now. */
  hold(): Grant | undefined
  /** True while Postgres did not answer even the smallest question: comparing with it would only cost a deadline. */
  postgresIsAway(): boolean
  /** Resolves after the first check. */
  start(): Promise<void>
  close(): Promise<void>
}

/**
 * Asked again after the cache was read, with the heartbeats that were read along: true if no connection was lost in
 * between, and the data are those that were checked, or newer.
 */
export type Grant = { isIntact(heartbeats: readonly (string | null)[]): boolean }

/** What trust needs of the outbox; `db/outbox.ts` keeps it. `delivered`: newest first, up to the limit that was asked for. */
export type TrustLedger = {
  situation(deliveredSince: number | undefined, limit: number, overdueMs: number): Promise<Situation>
  database(): Promise<DatabaseState>
  deliveredBefore: ReadDelivered
  replay(deliveredSince: number, limit: number): Promise<number>
  /** Resolves if Postgres answers at all. */
  ping(): Promise<unknown>
}
/** `now` in milliseconds since 1970 on Postgres's clock. `overdue`: something is undelivered for longer than was asked. */
export type Situation = Deliveries & { now: number; pending: boolean; overdue: boolean; database: DatabaseState }

type Verdict = 'good' | 'behind' | 'postgres-away'

/** Milliseconds; a check that waits much longer grants nothing anyway. After both it is known that Postgres is away. */
const LEDGER_DEADLINE_MS = 600
const PING_DEADLINE_MS = 400
const ROUNDS = 4
const UNKNOWN_AFTER_MS = policies.deliveredRetentionMs - 60 * 60 * 1_000
/** Deliveries that are taken as undelivered at once. */
const REPLAYED_AT_ONCE = 1_000

/**
 * A fence is right only as far as its Redis has kept what it was told. Redis acknowledges before a replica has it and
 * before it is on disk; it restarts with yesterday's data, a lagging replica is promoted, two servers both believe that
 * they are the master, somebody flushes it. None of that is told to its clients. So every process asks, four times a second:
 *
 *   1 Redis     which server is this (run id, replication id), and until when were its data verified? That is its heartbeat,
 *               a key that each good check writes: `incarnation|time`. As a key it is lost, kept or rolled back with the data.
 *   2 Postgres  is anything undelivered for longer than a quarter of a second, and what was delivered since the heartbeat?
 *   3 Redis     are the fences of those deliveries there (see delivered-fences.ts)? Then the heartbeat is written; a Redis that refuses it (full,
 *               read-only) could not be invalidated either, and fails the check.
 *
 * A good check grants trust until `trustMs` after it began. A change that is neither delivered nor overdue when it began
 * was committed at most `overdueMs` before, so no trusted answer predates a change by more than their sum, which is
 * under one second. A connection that is lost ends trust at once: behind the next one may be another server.
 *
 * Where the heartbeat names another incarnation, the data came from elsewhere; where a fence is missing, something was
 * lost. Either way everything delivered since the heartbeat is delivered again before trust is granted. Without a
 * heartbeat, or with one that is older than the outbox remembers, nobody knows what was lost: all that may lie there is
 * dropped (data-origins.ts), fences first, so that no fill that began before can find a fence to hide behind.
 *
 * In step 2 Postgres also says which database it is, and how far it has come (see lineage-watch.ts). Where that is not
 * what it was, the check begins again in the keys of the new lineage. So within one lineage Postgres's clock never goes
 * back by more than `heartbeatMarginMs` makes up for, and what was delivered since a heartbeat lies behind it.
 */
export function createTrust({ redis, circuit, keyspace, watch, ledger, drain, monotonicNow, logger }: {
  redis: RedisStore
  circuit: Circuit
  keyspace: Keyspace
  watch: LineageWatch
  ledger: TrustLedger
  /** Deliver what is undelivered. */
  drain: () => Promise<void>
  monotonicNow: () => number
  logger: Logger
}): Trust {
  const fences = createDeliveredFences({ redis, keyspace, read: async (...page) => asked(() => ledger.deliveredBefore(...page)) })
  const former = createFormerKeys({ redis, watch, monotonicNow, logger })
  const origins = createDataOrigins()
  let granted: { until: number; generation: number; incarnations: ReadonlySet<string>; time: number; lineage: string } | undefined
  let replayedFor: string | undefined
  const isStillIn = (lineage: string) => keyspace.isKnown() && keyspace.current().lineage === lineage
  let postgres: 'answers' | 'slow' | 'away' = 'answers'
  let unanswered: Promise<unknown> = Promise.resolve()
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const check = async (): Promise<Verdict> => {
    const began = monotonicNow()
    const judge = watch.look()
    if (!keyspace.isKnown()) {
      const database = await asked(ledger.database)
      if (database === undefined || (await asked(() => judge(database, []))) === undefined) return 'postgres-away'
    }
    const generation = redis.generation()
    const { keys, lineage } = keyspace.current()
    const owners = redis.owners()
    const masters = await redis.masters(keys.heartbeat)
    if (!masters.every(({ isMaster }) => isMaster)) throw new Error('redis: connected to a replica')
    const beats = masters.map(({ heartbeat }) => decodeHeartbeat(heartbeat))
    const known = beats.filter((beat) => beat !== undefined)
    const oldest = known.length === 0 ? undefined : Math.min(...known.map(({ time }) => time))
    const since = oldest === undefined ? undefined : oldest - policies.heartbeatMarginMs

    const situation = await asked(() => ledger.situation(since, DELIVERED_AT_ONCE, policies.overdueMs))
    if (situation === undefined) return 'postgres-away'
    const verdict = await asked(() => judge(situation.database, known.map(({ marks }) => marks)))
    if (verdict === undefined) return 'postgres-away'
    if (verdict === 'moved') return 'behind'
    const unknown = masters.filter((_, i) => isOfUnknownAge(beats[i]?.time, situation.now))
    if (since === undefined || unknown.length > 0) {
      const suspects = origins.suspects(masters, owners, unknown)
      await dropDataOf(suspects)
      await beat(suspects, situation)
      return 'behind'
    }
    const isAnother = masters.some(({ incarnation }, i) => beats[i]?.incarnation !== incarnation)
    const who = serversOf(masters)
    if (isAnother && replayedFor !== who) {
      logger.warn({ since: new Date(since).toISOString() }, 'redis: another server or other data, delivering again what it may have lost')
      return replay(since, who)
    }
    if (situation.overdue || (isAnother && situation.pending)) return 'behind'
    const kept = await fences.areThere(situation, since, { masters, generation })
    if (kept === undefined) return 'postgres-away'
    if (!kept) {
      logger.warn({ since: new Date(since).toISOString() }, 'redis: a fence is missing, delivering again')
      return replay(since, who)
    }
    // Behind a connection that was made since may be another server, of which nothing is known.
    if (generation !== redis.generation()) return 'behind'
    await beat(masters, situation)
    if (generation !== redis.generation()) return 'behind'
    const incarnations = new Set(masters.map(({ incarnation }) => incarnation))
    const time = Math.floor(situation.now)
    fences.confirm(situation, { masters, generation }, time)
    granted = { until: began + policies.trustMs, generation, incarnations, time, lineage }
    replayedFor = undefined
    origins.confirm(masters, owners)
    void former.dropIfUnused()
    return 'good'
  }

  /**
   * Undefined where Postgres cannot say: that is no fault of Redis. Slow is not away: without an answer there is no
   * trust, but what the cache says is compared with a Postgres that answers small questions. A question that nobody waits for
   * any more still holds a connection, which those comparisons need: until it has ended no other is asked.
   */
  const asked = async <T>(question: () => Promise<T>): Promise<T | undefined> => {
    try {
      await withDeadline('trust: outbox, asked before', LEDGER_DEADLINE_MS, unanswered)
      const asking = question()
      unanswered = asking.catch(() => {})
      const answer = await withDeadline('trust: outbox', LEDGER_DEADLINE_MS, asking)
      postgres = 'answers'
      return answer
    } catch (error) {
      const pinged = withDeadline('trust: ping', PING_DEADLINE_MS, ledger.ping())
      const now = await pinged.then(() => 'slow' as const, () => 'away' as const)
      if (postgres !== now) logger.warn({ err: error, postgres: now }, 'no trust: the outbox cannot be read')
      postgres = now
      return undefined
    }
  }

  const replay = async (since: number, who: string): Promise<Verdict> => {
    // In batches: one statement over a day of deliveries would run into every deadline there is.
    try {
      while (!closed && (await ledger.replay(since, REPLAYED_AT_ONCE)) === REPLAYED_AT_ONCE);
      replayedFor = who
      return 'behind'
    } catch (error) {
      logger.warn({ err: error }, 'not delivered again, trying once more')
      return 'postgres-away'
    }
  }

  const dropDataOf = async (masters: readonly MasterState[]): Promise<void> => {
    const { patterns } = keyspace.current().keys
    const names = new Set(masters.map(({ name }) => name))
    let dropped = 0
    // Nobody's trust may rest on what is about to go.
    if (masters.length > 0) await redis.unlink(masters.map(({ heartbeatKey }) => heartbeatKey))
    for (const pattern of [...patterns.fences, ...patterns.results, ...patterns.kept]) {
      for await (const found of redis.scan(pattern, policies.sweepBatch, names)) {
        dropped += await redis.unlink(found)
        if (closed) throw new Error('stopped while dropping data of unknown age')
      }
    }
    if (dropped > 0) logger.warn({ dropped, masters: [...names] }, 'redis: data of unknown age, dropped')
  }

  const beat = (masters: readonly MasterState[], { now: time, database: { marks } }: Situation) =>
    Promise.all(masters.map(({ incarnation, heartbeatKey }) => redis.run('beat', [heartbeatKey], heartbeatArguments({ incarnation, time, marks }))))

  /** What is undelivered is delivered, what was lost is delivered again, until a check is good or it takes too many rounds. */
  const settle = async (): Promise<void> => {
    let verdict: Verdict = 'behind'
    for (let round = 0; round < ROUNDS && verdict === 'behind' && !closed; round++) {
      if (round > 0) await drain()
      verdict = await check().catch((error: unknown) => {
        granted = undefined
        throw error
      })
      if (verdict === 'behind') granted = undefined
    }
    // While it is open, the circuit closes on nothing less than a good check: what is undelivered must be delivered first.
    if (verdict !== 'good' && !circuit.isClosed()) throw new Error(`redis answers, but the check was not good: ${verdict}`)
  }

  /** Where Redis cannot be checked: what a process remembers of the catalogue, and computes with it, is of one database too. */
  const judgeWithoutRedis = async (): Promise<void> => {
    const judge = watch.look()
    const database = await asked(ledger.database)
    if (database !== undefined) await asked(() => judge(database, []))
  }

  const tick = async (): Promise<void> => {
    const began = monotonicNow()
    if ((await circuit.check(settle)) !== 'passed') await judgeWithoutRedis()
    if (!closed) timer = setTimeout(() => (running = tick()), Math.max(0, began + policies.trustCheckMs - monotonicNow()))
  }

  return {
    hold: () => {
      const grant = granted
      if (grant === undefined || monotonicNow() >= grant.until || grant.generation !== redis.generation()) return undefined
      if (!isStillIn(grant.lineage)) return undefined
      return {
        isIntact: (heartbeats) =>
          grant.generation === redis.generation() &&
          isStillIn(grant.lineage) &&
          heartbeats.every((text) => {
            const beat = decodeHeartbeat(text)
            return beat !== undefined && grant.incarnations.has(beat.incarnation) && beat.time >= grant.time
          }),
      }
    },
    postgresIsAway: () => postgres === 'away',
    start: () => (running = tick()),
    close: async () => {
      closed = true
      clearTimeout(timer)
      former.close()
      await running
    },
  }
}

/** Of data whose heartbeat says `time`; undefined: there is none. */
function isOfUnknownAge(time: number | undefined, now: number): boolean {
  return time === undefined || now - time > UNKNOWN_AFTER_MS
}
