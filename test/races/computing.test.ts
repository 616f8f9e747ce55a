import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ClearRecommendationCacheDocument, RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { createKeyspace } from '../../src/cache/keyspace.ts'
import { createLeases } from '../../src/cache/leases.ts'
import { policies } from '../../src/cache/policies.ts'
import { connectRedis, type RedisStore } from '../../src/cache/redis.ts'
import { createCatalogue } from '../../src/db/catalogue.ts'
import { createComputeInputReader } from '../../src/db/compute-input.ts'
import { createRunStore } from '../../src/db/runs.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { NO_CONDITIONS } from '../../src/domain/conditions.ts'
import { createCircuit } from '../../src/lib/circuit.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { createTurns } from '../../src/lib/turns.ts'
import { createComputation } from '../../src/recommend/computation.ts'
import { createCompute } from '../../src/recommend/compute.ts'
import { createRefreshAhead } from '../../src/recommend/refresh-ahead.ts'
import { bearer, KRW_RATES, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

const logger = createLogger('silent')
const metrics = createMetrics()
const monotonicNow = () => performance.now()

let stage: Stage
let other: TestGateway
let redis: RedisStore
let petId: string
let user: Record<string, string>
let pets = 0
beforeAll(async () => {
  stage = await setStage()
  other = await stage.another()
  redis = await connectRedis({ kind: 'standalone', url: stage.redis.url }, logger)
  user = await bearer(DEMO_USER_ID)
})
afterAll(async () => {
  await redis.close()
  await stage.close()
})
beforeEach(async () => {
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${DEMO_USER_ID}, ${`computed ${pets++}`}, 'DOG', 30, current_date, 9) returning id`
  petId = String(row?.['id'])
})

const current = async () => {
  const [row] = await stage.database.sql`select recommendation_version v, epoch from pets, cache_epoch where id = ${petId}`
  return { version: Number(row?.['v']), epoch: Number(row?.['epoch']), lineage: stage.lineage }
}
const currentRuns = async () => stage.database.sql`select id, version from recommendation_runs where pet_id = ${petId} and superseded_at is null order by created_at`
const touch = () => stage.database.sql`select touch_pets(array[${petId}::uuid])`
const ask = async (gateway: TestGateway = stage.gateway) => (await gateway.ask(RecommendationsDocument, { petId }, user)).data?.recommendations

/** A process of which the test holds the reins: its catalogue waits for `go`. */
function processOfOurs() {
  const gate = Promise.withResolvers<void>()
  const entered = Promise.withResolvers<void>()
  const { db } = stage.database
  const circuit = createCircuit({ failuresToOpen: Infinity, probeMs: 1, probeMaxMs: 1, monotonicNow: () => performance.now() })
  const real = createCatalogue({ db, krwRates: KRW_RATES })
  const catalogue = {
    at: async (version: number, lineage: string) => {
      const loaded = await real.at(version, lineage)
      entered.resolve()
      await gate.promise
      return loaded
    },
  }
  const runs = createRunStore(db)
  const leases = createLeases({ redis, circuit, keyspace: createKeyspace(stage.lineage), logger })
  const computation = createComputation({ readInputs: createComputeInputReader(db), catalogue, runs, turns: createTurns({ sliceMs: 5, monotonicNow }), metrics, logger, monotonicNow })
  const compute = createCompute({ compute: computation, admit: (work) => work(), leases, runs, logger, monotonicNow })
  const refreshAhead = createRefreshAhead({ compute: computation, leases, runs, fill: async () => {}, metrics: createMetrics(), logger, now: Date.now, monotonicNow })
  return { go: gate.resolve, isComputing: entered.promise, compute, computation, refreshAhead, leases }
}
const request = async () => ({ petId, conditionsHash: '', conditions: NO_CONDITIONS, ...(await current()) })

const computationsOf = async (gateway: TestGateway): Promise<number> => {
  const text = await (await fetch(`${gateway.url}/metrics`)).text()
  return [...text.matchAll(/^petfood_computations_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
}

test('two processes miss together: a thousand first readers of a pet make one computation', async () => {
  const all = async () => (await computationsOf(stage.gateway)) + (await computationsOf(other))
  const before = await all()
  const answers = await Promise.all(Array.from({ length: 1_000 }, (_, i) => ask(i % 2 === 0 ? stage.gateway : other)))
  expect(new Set(answers.map((one) => one?.runId)).size).toBe(1)
  expect(answers[0]?.runId).toEqual(expect.any(String))
  expect((await all()) - before).toBe(1)
}, 60_000)

test('lease holder dies: a waiter takes over when the lease has run out, well before it would have given up', async () => {
  const holder = new Redis(stage.redis.url)
  const dying = await connectRedis({ kind: 'standalone', url: stage.redis.url }, logger)
  const { version, epoch } = await current()
  const taken = await createLeases({ redis: dying, circuit: createCircuit({ failuresToOpen: Infinity, probeMs: 1, probeMaxMs: 1, monotonicNow: () => performance.now() }), keyspace: createKeyspace(stage.lineage), logger })
    .take({ petId, conditionsHash: '' }, epoch, version)
  expect(taken.kind).toBe('taken')
  await dying.close()
  const began = performance.now()
  expect((await ask())?.source).toBe('COMPUTED')
  const waited = performance.now() - began
  expect(waited).toBeGreaterThan(policies.leaseMs / 3)
  expect(waited).toBeLessThan(policies.leaseWaitMs)
  if (taken.kind === 'taken') await taken.lease.release()
  holder.disconnect()
})

test('zombie lease holder: whoever wakes after its lease ran out gives way to the run that was stored meanwhile', async () => {
  const zombie = processOfOurs()
  const slow = zombie.compute(await request())
  await zombie.isComputing
  await redis.unlink([stage.keys.lease(petId)])
  const quick = await ask(other)
  zombie.go()
  expect(await slow).toMatchObject({ kind: 'stored', run: { id: quick?.runId } })
  expect(await currentRuns()).toHaveLength(1)
})

test('zombie lease holder: it neither renews nor releases the lease that another took', async () => {
  const { leases } = processOfOurs()
  const asked = { petId, conditionsHash: '' }
  const first = await leases.take(asked, 1, 5)
  await redis.unlink([stage.keys.lease(petId)])
  const second = await leases.take(asked, 1, 5)
  if (first.kind !== 'taken' || second.kind !== 'taken') throw new Error('not taken')
  await first.lease.release()
  expect((await leases.take(asked, 1, 5)).kind).toBe('held')
  await second.lease.release()
  expect((await leases.take(asked, 1, 4)).kind).toBe('taken')
  // Whoever computes something newer does not wait for what nobody will ask for again.
  expect((await leases.take(asked, 1, 6)).kind).toBe('taken')
  expect((await leases.take(asked, 1, 5)).kind).toBe('held')
})

test('joining a flight across an invalidation: whoever asks after a change does not get what was begun before it', async () => {
  const ours = processOfOurs()
  const before = await request()
  const early = ours.compute(before)
  await ours.isComputing
  await touch()
  const after = await request()
  const late = ours.compute(after)
  ours.go()
  expect(after.version).toBeGreaterThan(before.version)
  expect(await late).toMatchObject({ kind: 'stored', run: { version: after.version } })
  // The early one was overtaken while it computed: it too answers with the state it found last.
  expect(await early).toMatchObject({ run: { version: after.version } })
  expect((await currentRuns()).map(({ version }) => Number(version))).toEqual([after.version])
})

test('refresh-ahead against an invalidation: what it made of the state before is neither stored nor cached', async () => {
  const { runId } = (await ask()) ?? {}
  await stage.database.sql`update recommendation_runs set created_at = now() - interval '6 days 12 hours' where id = ${runId ?? ''}`
  const ours = processOfOurs()
  const { version, epoch } = await current()
  const [held] = await createRunStore(stage.database.db).readStandings([petId], [''])
  if (held?.run === undefined) throw new Error('no run')
  ours.refreshAhead.consider(held.run.run, NO_CONDITIONS)
  await ours.isComputing
  await touch()
  ours.go()
  await ours.refreshAhead.close()
  const runs = await stage.database.sql`select id from recommendation_runs where pet_id = ${petId} and version = ${version} and epoch = ${epoch}`
  expect([...runs]).toEqual([{ id: runId }])
  // Nobody answered for this change: the relay delivers it.
  await waitUntil('the change is known', async () => (await ask())?.runId !== runId, { withinMs: 1_000 })
})

test('a read on the last day answers at once and has the run made anew, once across the processes, for the next reader', async () => {
  const { runId } = (await ask()) ?? {}
  await stage.database.sql`update recommendation_runs set created_at = now() - interval '6 days 12 hours' where id = ${runId ?? ''}`
  await stage.redisClient.flushall()
  const [here, there] = await Promise.all([ask(stage.gateway), ask(other)])
  expect([here?.runId, there?.runId]).toEqual([runId, runId])
  await waitUntil('the run was made anew', async () => (await currentRuns())[0]?.['id'] !== runId)
  const [fresh, ...more] = await currentRuns()
  expect(more).toEqual([])
  await waitUntil('the new one is answered', async () => (await ask(other))?.runId === fresh?.['id'])
  const all = await stage.database.sql`select count(*)::int as n from recommendation_runs where pet_id = ${petId}`
  expect(all[0]?.['n']).toBe(2)
})

test('torn snapshot: a run of a product that changed while it was made is not stored', async () => {
  const ours = processOfOurs()
  const outcome = ours.computation(await request())
  await ours.isComputing
  const [one] = await stage.database.sql`select id from products where is_active and species = 'DOG'`
  await stage.database.sql`update products set product_name = product_name || ' (new recipe)' where is_active and species = 'DOG'`
  ours.go()
  expect(one).toBeDefined()
  expect((await outcome).kind).toBe('superseded')
  expect(await currentRuns()).toEqual([])
})

test('cached run whose insert rolled back: nothing of it is answered or cached', async () => {
  const { sql } = stage.database
  await sql`create function refuse_run() returns trigger language plpgsql as $$ begin raise exception 'refused at commit'; end $$`
  await sql`create constraint trigger refuse_run after insert on recommendation_runs deferrable initially deferred for each row execute function refuse_run()`
  try {
    const { data, errors } = await stage.gateway.ask(RecommendationsDocument, { petId }, user)
    expect(data?.recommendations).toBeUndefined()
    expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR')
    expect(await stage.redisClient.exists(stage.keys.result(petId))).toBe(0)
  } finally {
    await sql`drop trigger refuse_run on recommendation_runs`
    await sql`drop function refuse_run`
  }
  expect((await ask())?.source).toBe('COMPUTED')
})

test('invalidation before commit: the old state that is read meanwhile is answered, but not cached under the new fence', async () => {
  await ask()
  const change = await stage.database.sql.reserve()
  await change`begin`
  await change`update pets set weight_kg = 17 where id = ${petId}`
  const [row] = await change`select recommendation_version v from pets where id = ${petId}`
  const ofPet = [stage.keys.fence(petId), stage.keys.result(petId), stage.keys.tags(petId), stage.keys.dropped(petId), stage.keys.beside(petId)]
  await redis.run('invalidate', ofPet, [policies.fenceLifeMs, policies.droppedLifeMs, Number(row?.['v']), DEMO_USER_ID])
  expect((await ask())?.source).toBe('POSTGRES')
  expect(await stage.redisClient.exists(stage.keys.result(petId))).toBe(0)
  await change`commit`
  change.release()
  expect((await ask(other))?.source).toBe('COMPUTED')
})

test('crash between commit and invalidation: whoever committed and died, no process answers the old state a second later', async () => {
  const first = await ask()
  await waitUntil('it is cached', async () => (await ask(other))?.source === 'REDIS')
  await stage.database.sql`update pets set weight_kg = 30 where id = ${petId}`
  const committed = performance.now()
  const reads: { began: number; runId: string | null | undefined }[] = []
  while (performance.now() < committed + 1_500) {
    const began = performance.now()
    reads.push({ began, runId: (await ask(other))?.runId })
  }
  for (const { began, runId } of reads) if (began > committed + 1_000) expect(runId).not.toBe(first?.runId)
})

test('negative answer outlives an insert: a pet is answered as soon as it is there, and again when it is made anew', async () => {
  const codeOf = async () => (await other.ask(RecommendationsDocument, { petId }, user)).errors?.[0]?.extensions.code
  await stage.database.sql`delete from pets where id = ${petId}`
  expect(await codeOf()).toBe('NOT_FOUND')
  await waitUntil('the fence says so', async () => (await stage.redisClient.get(stage.keys.fence(petId)))?.includes('||') === true)
  await stage.database.sql`
    insert into pets (id, user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${petId}, ${DEMO_USER_ID}, 'back again', 'DOG', 30, current_date, 9)`
  await waitUntil('it is answered', async () => (await codeOf()) === undefined, { withinMs: 1_000 })
})

test('a clear never lets a flight that began before it be answered after it', async () => {
  await ask()
  await stage.gateway.ask(ClearRecommendationCacheDocument, { petId }, user)
  expect(await currentRuns()).toEqual([])
  expect((await ask(other))?.source).toBe('COMPUTED')
})
