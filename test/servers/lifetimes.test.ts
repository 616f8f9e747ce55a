import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { unsharedLeases } from '../../src/cache/leases.ts'
import { policies } from '../../src/cache/policies.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { conditionsHash, NO_CONDITIONS } from '../../src/domain/conditions.ts'
import { DEFAULT_PREFERENCES, type Pet } from '../../src/domain/pet.ts'
import { encodeMarks, NO_MARKS } from '../../src/domain/marks.ts'
import { RUN_LIFE_MS, STRATEGY, type StoredRun } from '../../src/domain/run.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { createTurns } from '../../src/lib/turns.ts'
import { createComputation } from '../../src/recommend/computation.ts'
import { createCompute } from '../../src/recommend/compute.ts'
import { createFloors } from '../../src/recommend/floors.ts'
import { createLadder } from '../../src/recommend/ladder.ts'
import { createMatchScores } from '../../src/recommend/match-scores.ts'
import { inLineage, LINEAGE } from '../support/lineage.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

/** A run states when it ends, seven days after Postgres stored it. Nothing gives it time beyond that. */

/** A lease of something newer than any version, so that nobody takes it. */
const HELD_BY_ANOTHER = `another|${Number.MAX_SAFE_INTEGER}|${Number.MAX_SAFE_INTEGER}`
const CONDITIONS = 'conditions: { maxDailyAmountG: 900 }'
const logger = createLogger('silent')
const metrics = createMetrics()

let stage: Stage
let pets = 0
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

let petId: string
let siblingId: string
const createPet = async () => {
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${DEMO_USER_ID}, ${`ending ${pets++}`}, 'DOG', 30, current_date, 9) returning id`
  return String(row?.['id'])
}
beforeEach(async () => {
  petId = await createPet()
  siblingId = await createPet()
})

const sleeper = { 'x-device-uid': 'demo-device' }
const FIELDS = '{ source runId expiresAt }'
const shown = z.record(z.string(), z.object({ source: z.string(), runId: z.string(), expiresAt: z.string() }))
const askText = async (text: string) => {
  const { data, errors } = await stage.gateway.askText(text, {}, sleeper)
  expect(errors).toBeUndefined()
  return shown.parse(data)
}
const theRun = (more: string) => `ofPet: recommendations(petId: "${petId}"${more === '' ? '' : `, ${more}`}) ${FIELDS}`
const ask = async (more: string) => (await askText(`{ ${theRun(more)} }`))['ofPet']

const nowInPostgres = async () => {
  const [row] = await stage.database.sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`
  return Number(row?.['now'])
}
/** The pet's run has so long to live; Redis has forgotten it, or `isCached` with just that life. Returns its id. */
async function runWithLifeLeft(ms: number, more: string, isCached: boolean): Promise<string> {
  let runId = ''
  const age = async (answer: Awaited<ReturnType<typeof ask>>) => {
    runId = answer?.runId ?? ''
    await stage.database.sql`update recommendation_runs set created_at = now() - interval '7 days' + ${ms} * interval '1 millisecond' where id = ${runId}`
    // The fence too: it tells when the run was made, and that was later.
    await stage.redisClient.unlink(stage.keys.fence(petId), ...(await resultKeys()))
  }
  await age(await ask(more))
  if (!isCached) return runId
  // Somebody else holds the right to refresh it ahead: a process that finds it so leaves it alone for a minute.
  const hash = conditionsHash({ ...NO_CONDITIONS, maxDailyAmountG: more === '' ? null : 900 })
  await stage.redisClient.set(stage.keys.lease(petId, hash), HELD_BY_ANOTHER, 'PX', 60_000)
  await waitUntil('it is cached', async () => {
    const answer = await ask(more)
    // On a busy machine it may have ended before.
    if (answer?.runId !== runId) await age(answer)
    return answer?.runId === runId && answer.source === 'REDIS'
  })
  await stage.redisClient.unlink(stage.keys.lease(petId, hash))
  return runId
}
const resultKeys = () => stage.redisClient.keys(`*result*{${petId}}*`)
const endOfRun = async (runId: string) => {
  const [row] = await stage.database.sql`select (extract(epoch from created_at + interval '7 days') * 1000)::float8 as "end" from recommendation_runs where id = ${runId}`
  return Number(row?.['end'])
}

/** While this runs another process holds the right to compute a run of the sibling, and whoever asks for one waits. */
const whileSiblingIsSlow = async (within: () => Promise<void>): Promise<void> => {
  await stage.redisClient.set(stage.keys.lease(siblingId), HELD_BY_ANOTHER, 'PX', 60_000)
  await within()
  await stage.redisClient.unlink(stage.keys.lease(siblingId))
}

test.each([
  ['Postgres', '', false],
  ['Postgres, under conditions', CONDITIONS, false],
  ['Redis', '', true],
  ['Redis, under conditions', CONDITIONS, true],
])('a run from %s that ends while a sibling of the same operation is computed is not answered after its end', async (_from, more, isCached) => {
  const runId = await runWithLifeLeft(3_500, more, isCached)
  const end = await endOfRun(runId)
  let asking: Promise<z.output<typeof shown>> = Promise.resolve({})
  await whileSiblingIsSlow(async () => {
    asking = askText(`{ ${theRun(more)} sibling: recommendations(petId: "${siblingId}") ${FIELDS} }`)
    await waitUntil('the run has ended', async () => (await nowInPostgres()) > end)
  })
  const { ofPet } = await asking
  expect(ofPet?.runId).not.toBe(runId)
  expect(Date.parse(ofPet?.expiresAt ?? '')).toBeGreaterThan(await nowInPostgres())
})

test.each(['', CONDITIONS])('what waited for a slow sibling is not kept longer than it lives (%s)', async (more) => {
  const runId = await runWithLifeLeft(6_000, more, false)
  const end = await endOfRun(runId)
  let asking: Promise<z.output<typeof shown>> = Promise.resolve({})
  await whileSiblingIsSlow(async () => {
    asking = askText(`{ ${theRun(more)} sibling: recommendations(petId: "${siblingId}") ${FIELDS} }`)
    await waitUntil('half of its life is over', async () => (await nowInPostgres()) > end - 3_000)
  })
  const stated = Date.parse((await asking)['ofPet']?.expiresAt ?? '')
  for (const key of await resultKeys()) expect(await stage.redisClient.pttl(key)).toBeLessThanOrEqual(stated - (await nowInPostgres()) + 100)
})

test.each(['', CONDITIONS])('a result that Redis holds for longer than the run lives is not answered after its end (%s)', async (more) => {
  const runId = await runWithLifeLeft(3_500, more, true)
  for (const key of await resultKeys()) await stage.redisClient.persist(key)
  const end = await endOfRun(runId)
  await waitUntil('the run has ended', async () => (await nowInPostgres()) > end)
  const answer = await ask(more)
  expect(answer?.runId).not.toBe(runId)
  expect(Date.parse(answer?.expiresAt ?? '')).toBeGreaterThan(await nowInPostgres())
})

const OWNER = DEMO_USER_ID
const PET: Pet = {
  id: OWNER, ownerId: OWNER, name: 'Bori', species: 'DOG', breedCode: null, sex: 'UNKNOWN', isNeutered: null, birthdate: null, approxAgeMonths: 30, approxAgeRecordedOn: '2026-11-24',
  weightKg: 10, bodyConditionScore: 5, healthConcerns: [], foodAllergies: [], otherAllergies: null, photoUrl: null, isPrimary: false, version: 1, createdAt: 1, updatedAt: 1,
}
const held = (expiresAt: number): StoredRun => ({
  id: '11111111-2222-4333-8444-555555555555', petId: OWNER, version: 1, epoch: 1, lineage: LINEAGE, strategy: STRATEGY.name, strategyVersion: STRATEGY.version,
  conditionsHash: '', createdAt: 1, expiresAt, emptyReason: 'NO_MATCH', items: [],
})

/** Without trust, a cache that holds a run which ends at 1,000 says so to a ladder; Postgres has a newer one. */
async function untrusted({ postgresSays, clockHere }: { postgresSays: number | undefined; clockHere: number }) {
  const ladder = createLadder({
    cache: {
      isAway: () => false,
      read: async () => ({ kind: 'read', lineage: LINEAGE, epoch: 1, heartbeats: [], found: [{ fence: { epoch: 1, version: 1, ownerId: OWNER, runId: null, createdAt: null }, run: held(1_000), source: 'REDIS' }] }),
      fill: async () => ({ kind: 'superseded' }),
      invalidate: async () => ({ kind: 'cleared', keysDropped: 0, epochCreated: false }),
      inspect: async () => ({ kind: 'inspected', held: undefined }),
      forget: () => {},
      async *sweep() {},
      close: async () => {},
    },
    trust: { hold: () => undefined, postgresIsAway: () => postgresSays === undefined },
    floors: createFloors({ floorMs: 1_000, mayForget: () => true, keyspace: inLineage(), monotonicNow: () => 0 }),
    runs: { readStandings: async () => [{ petId: OWNER, ownerId: OWNER, version: 1, epoch: 1, lineage: LINEAGE, conditionsHash: '', run: { run: held(9_000), lifeLeftMs: 8_000 } }] },
    outbox: { current: async () => ({ lineage: LINEAGE, now: postgresSays ?? 0, epoch: 1, pets: new Map([[OWNER, { ownerId: OWNER, version: 1 }]]) }) },
    compute: async () => ({ kind: 'gone' }),
    fill: async () => {},
    refreshAhead: { consider: () => {} },
    metrics, logger, now: () => clockHere, monotonicNow: () => 0, unverifiedAnswers: 'serve',
  })
  const [answer] = await ladder.answer([{ petId: OWNER, conditionsHash: '', conditions: NO_CONDITIONS }], { userId: OWNER, isAdmin: false })
  return answer?.kind === 'answered' ? answer.source : answer?.kind
}

test('without trust it is the clock of Postgres, asked along with the version, that says whether a cached run has ended', async () => {
  expect(await untrusted({ postgresSays: 999, clockHere: 5_000 })).toBe('REDIS')
  expect(await untrusted({ postgresSays: 1_000, clockHere: 0 })).toBe('POSTGRES')
})

test('where Postgres cannot be asked either, the clock here says it', async () => {
  expect(await untrusted({ postgresSays: undefined, clockHere: 999 })).toBe('REDIS')
  expect(await untrusted({ postgresSays: undefined, clockHere: 1_000 })).toBe('POSTGRES')
})

test('the life of a run that was found after waiting for a place is counted from that look', async () => {
  let clock = 0
  const compute = createCompute({
    compute: async () => ({ kind: 'gone' }),
    admit: (work) => {
      clock += policies.placeWaitMs
      return work()
    },
    leases: unsharedLeases,
    runs: {
      readStandings: async () => {
        const standing = { petId: OWNER, ownerId: OWNER, version: 1, epoch: 1, lineage: LINEAGE, conditionsHash: '', run: { run: held(9_000), lifeLeftMs: 7_000 } }
        // The answer of Postgres takes its time too.
        clock += 100
        return [standing]
      },
    },
    logger, monotonicNow: () => clock,
  })
  const computed = await compute({ petId: OWNER, conditionsHash: '', conditions: NO_CONDITIONS, version: 1, epoch: 1, lineage: LINEAGE })
  expect(computed).toMatchObject({ kind: 'found', endsAt: policies.placeWaitMs + 7_000 })
})

test.each([['stored', RUN_LIFE_MS], ['gave-way', 7_000]] as const)('the life of a run that was %s is counted from before it was stored', async (kind, lifeLeftMs) => {
  let clock = 0
  const computation = createComputation({
    readInputs: async () => new Map([[OWNER, { pet: PET, preferences: DEFAULT_PREFERENCES, epoch: 1, lineage: LINEAGE, catalogueVersion: 1, now: 0, today: '2026-11-24' }]]),
    catalogue: { at: async () => ({ lineage: LINEAGE, version: 1, products: [], revisions: new Map() }) },
    runs: {
      store: async () => {
        // Waiting for locks.
        clock += 4_000
        return { kind, run: held(9_000), lifeLeftMs }
      },
    },
    turns: createTurns({ sliceMs: 5, monotonicNow: () => clock }), metrics, logger, monotonicNow: () => clock,
  })
  expect(await computation({ petId: OWNER, conditionsHash: '', conditions: NO_CONDITIONS, version: 1, epoch: 1, lineage: LINEAGE })).toMatchObject({ kind: 'stored', endsAt: lifeLeftMs })
})

test('a match score that Redis holds for longer than its hour is not answered after it', async () => {
  const calculatedAt = 1_800_000_000_000
  const margin = policies.trustMs + policies.commandDeadlineMs
  const scoreAt = async (heartbeat: number) => {
    const score = { matchScore: 1, safetyScore: 1, fitnessScore: 1, scoreComponents: [], reasons: [], calculatedAt }
    const scores = createMatchScores({
      values: {
        read: async () => ({
          lineage: LINEAGE, epoch: 1,
          heartbeats: [`1|aa.bb|${heartbeat}|${encodeMarks(NO_MARKS)}`],
          found: [{ fence: { epoch: 1, version: 1, ownerId: OWNER, runId: null, createdAt: null }, fenceText: '', value: { format: 2, strategyVersion: STRATEGY.version, epoch: 1, petVersion: 1, revision: 1, score }, revision: 1 }],
        }),
        keep: async () => {},
      },
      trust: { hold: () => ({ isIntact: () => true }) },
      floors: createFloors({ floorMs: 1_000, mayForget: () => true, keyspace: inLineage(), monotonicNow: () => 0 }),
      readInputs: async () => new Map(),
      products: { readProduct: async () => undefined, readProducts: async () => new Map() },
      deliver: async () => ({ invalidation: 'CLEARED', keysDropped: 0 }),
    })
    return (await scores.score(OWNER, OWNER, { userId: OWNER, isAdmin: false })).kind
  }
  expect(await scoreAt(calculatedAt + policies.profileLifeMs - margin - 1)).toBe('scored')
  expect(await scoreAt(calculatedAt + policies.profileLifeMs - margin)).toBe('no-pet')
})
