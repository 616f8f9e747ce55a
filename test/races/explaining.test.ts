import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ClearAllRecommendationCachesDocument, GenerateExplanationsDocument, RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { createKeyspace } from '../../src/cache/keyspace.ts'
import { createLeases } from '../../src/cache/leases.ts'
import { createRedisCache } from '../../src/cache/redis-cache.ts'
import { connectRedis, type RedisStore } from '../../src/cache/redis.ts'
import { noRunMemory } from '../../src/cache/run-memory.ts'
import { createCatalogue } from '../../src/db/catalogue.ts'
import { createComputeInputReader } from '../../src/db/compute-input.ts'
import { createExplanationStore, type Explain } from '../../src/db/explanations.ts'
import { createRunStore } from '../../src/db/runs.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { NO_CONDITIONS } from '../../src/domain/conditions.ts'
import { createCircuit } from '../../src/lib/circuit.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { createTurns } from '../../src/lib/turns.ts'
import { createComputation } from '../../src/recommend/computation.ts'
import { createRefreshAhead } from '../../src/recommend/refresh-ahead.ts'
import { bearer, KRW_RATES, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

const logger = createLogger('silent')
const metrics = createMetrics()
const monotonicNow = () => performance.now()
const circuit = createCircuit({ failuresToOpen: Infinity, probeMs: 1, probeMaxMs: 1, monotonicNow })

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
    values (${DEMO_USER_ID}, ${`explained ${pets++}`}, 'DOG', 30, current_date, 9) returning id`
  petId = String(row?.['id'])
})

const current = async () => {
  const [row] = await stage.database.sql`select recommendation_version v, epoch from pets, cache_epoch where id = ${petId}`
  return { version: Number(row?.['v']), epoch: Number(row?.['epoch']), lineage: stage.lineage }
}
const request = async () => ({ petId, conditionsHash: '', conditions: NO_CONDITIONS, ...(await current()) })
const versionOfRun = async (id: string) => Number((await stage.database.sql`select version from recommendation_runs where id = ${id}`)[0]?.['version'])

const ask = async (gateway: TestGateway = stage.gateway, headers: Record<string, string> = user) => {
  const { data, errors } = await gateway.ask(RecommendationsDocument, { petId }, headers)
  if (data == null) throw new Error(JSON.stringify(errors))
  return { ...data.recommendations, runId: data.recommendations.runId ?? '' }
}
const generate = async (locale: 'EN' | 'KO' = 'EN', gateway: TestGateway = stage.gateway) => {
  const { data, errors } = await gateway.ask(GenerateExplanationsDocument, { petId, locale }, user)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.generateExplanations.recommendations
}
const isExplained = ({ items }: { items: readonly { expertExplanation?: unknown }[] }) => items.length > 0 && items.every(({ expertExplanation }) => expertExplanation != null)

/** Until so many of this database's sessions wait for a lock. */
const waiting = (count: number) =>
  waitUntil(`${count} wait for a lock`, async () => {
    const [row] = await stage.database.sql`select count(*)::int n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    return Number(row?.['n']) >= count
  })

/** Holds what `statement` locks until it is let go. */
async function hold(...statements: ((sql: Stage['database']['sql']) => Promise<unknown>)[]) {
  const held = await stage.database.sql.reserve()
  await held`begin`
  for (const statement of statements) await statement(held)
  return {
    go: async (statement: (sql: Stage['database']['sql']) => Promise<unknown>) => void (await statement(held)),
    commit: async () => {
      await held`commit`
      held.release()
    },
  }
}
const holdRun = (runId: string) => hold((sql) => sql`select 1 from recommendation_runs where id = ${runId} for update`)

/** Its catalogue waits for `go`. */
function computationOfOurs() {
  const gate = Promise.withResolvers<void>()
  const entered = Promise.withResolvers<void>()
  const { db } = stage.database
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
  const computation = createComputation({ readInputs: createComputeInputReader(db), catalogue, runs, turns: createTurns({ sliceMs: 5, monotonicNow }), metrics, logger, monotonicNow })
  const leases = createLeases({ redis, circuit, keyspace: createKeyspace(stage.lineage), logger })
  const refreshAhead = createRefreshAhead({ compute: computation, leases, runs, fill: async () => {}, metrics, logger, now: Date.now, monotonicNow })
  return { go: gate.resolve, isComputing: entered.promise, computation, refreshAhead }
}

test('a computation of the version before is not stored in the place of an explained run', async () => {
  const ours = computationOfOurs()
  const outcome = ours.computation(await request())
  await ours.isComputing
  const { runId } = await ask()
  expect((await generate()).runId).toBe(runId)
  ours.go()
  expect((await outcome).kind).toBe('superseded')
  const rows = await stage.database.sql`select id from recommendation_runs where pet_id = ${petId}`
  expect([...rows]).toEqual([{ id: runId }])
  expect(isExplained(await ask(other))).toBe(true)
})

test('refresh-ahead of the version before is not stored either', async () => {
  const { runId } = await ask()
  await stage.database.sql`update recommendation_runs set created_at = now() - interval '6 days 12 hours' where id = ${runId}`
  const [held] = await createRunStore(stage.database.db).readStandings([petId], [''])
  if (held?.run === undefined) throw new Error('no run')
  const ours = computationOfOurs()
  ours.refreshAhead.consider(held.run.run, NO_CONDITIONS)
  await ours.isComputing
  const explained = await generate()
  ours.go()
  await ours.refreshAhead.close()
  expect(explained.runId).toBe(runId)
  // The gateway may by now have refreshed the explained run ahead of its end, which is under the new version.
  const { version } = held.run.run
  const ofBefore = await stage.database.sql`select id from recommendation_runs where pet_id = ${petId} and version = ${version}`
  expect([...ofBefore]).toEqual([])
})

test('a fill of the version before comes late: it is refused, and the explained run stays', async () => {
  await ask()
  const [held] = await createRunStore(stage.database.db).readStandings([petId], [''])
  if (held?.run === undefined) throw new Error('no run')
  await generate()
  const cache = createRedisCache({ redis, circuit, keyspace: createKeyspace(stage.lineage), memory: noRunMemory, metrics })
  expect(await cache.fill(held.run.run, DEMO_USER_ID, held.run.lifeLeftMs, randomUUID())).toEqual({ kind: 'superseded' })
  await waitUntil('it is a hit', async () => (await ask(other)).source === 'REDIS')
  expect(isExplained(await ask(other))).toBe(true)
})

test('two explain at once in two languages over two processes: both stay', async () => {
  const { runId } = await ask()
  const pet = await hold((sql) => sql`select 1 from pets where id = ${petId} for update`)
  const both = Promise.all([generate('EN'), generate('KO', other)])
  await waiting(2)
  await pet.commit()
  expect((await both).map((one) => [one.runId, isExplained(one)])).toEqual([[runId, true], [runId, true]])
  expect(isExplained(await ask())).toBe(true)
  expect(isExplained(await ask(stage.gateway, { ...user, 'accept-language': 'ko' }))).toBe(true)
})

test('a product that changes first retires the run: the new one is explained', async () => {
  const { runId, items } = await ask()
  const productId = items[0]?.product.id ?? ''
  const change = await hold((sql) => sql`update products set product_name = product_name || ' (first)' where id = ${productId}`)
  const explained = generate()
  await waiting(1)
  await change.commit()
  const { runId: fresh, ...rest } = await explained
  expect(fresh).not.toBe(runId)
  expect(isExplained(rest)).toBe(true)
  expect(rest.items.find(({ product }) => product.id === productId)?.product.productName).toMatch(/\(first\)$/)
  expect(await versionOfRun(runId)).toBeLessThan((await current()).version)
})

test('a product that changes while its run is explained retires what was stamped', async () => {
  const { runId, items } = await ask()
  const productId = items[0]?.product.id ?? ''
  const row = await holdRun(runId)
  const explained = generate()
  await waiting(1)
  const changed = stage.database.sql`update products set product_name = product_name || ' (then)' where id = ${productId}`.execute()
  await waiting(2)
  await row.commit()
  await changed
  expect(isExplained(await explained)).toBe(true)
  const { version } = await current()
  expect(await versionOfRun(runId)).toBeLessThan(version)
  await waitUntil('the change is known', async () => (await ask(other)).runId !== runId, { withinMs: 1_000 })
  expect((await ask(other)).items.find(({ product }) => product.id === productId)?.product.productName).toMatch(/\(then\)$/)
})

test('a clear-all between reading and writing retires the run: what is made after it is explained', async () => {
  const { runId } = await ask()
  const row = await holdRun(runId)
  const explained = generate()
  await waiting(1)
  await stage.database.sql`update cache_epoch set epoch = epoch + 1`
  await row.commit()
  const answer = await explained
  expect(answer.runId).not.toBe(runId)
  expect(isExplained(answer)).toBe(true)
})

test('a run that is swept while it is to be explained is made anew and explained', async () => {
  const { runId } = await ask()
  // As the sweep does: the run's row first, then, by the cascade, its items. Whoever held the items by now would deadlock.
  const sweep = await holdRun(runId)
  const explained = generate()
  await waiting(1)
  await sweep.go((sql) => sql`delete from recommendation_runs where id = ${runId}`)
  await sweep.commit()
  const answer = await explained
  expect(answer.runId).not.toBe(runId)
  expect(isExplained(answer)).toBe(true)
})

test('of a run that is swept while it is to be explained nothing is said to have been written', async () => {
  const { runId } = await ask()
  const sweep = await holdRun(runId)
  const owner = { userId: DEMO_USER_ID, isAdmin: false }
  const explain: Explain = (items) => items.map(() => ({ text: 'Suits.', confidence: 1, citations: [], generatedAt: 0, model: 'test' }))
  const outcome = createExplanationStore(stage.database.db).explainRun(owner, petId, 'EN', explain)
  await waiting(1)
  await sweep.go((sql) => sql`delete from recommendation_runs where id = ${runId}`)
  await sweep.commit()
  expect(await outcome).toEqual({ kind: 'no-run' })
})

test('a run that is just being stored is waited for, and it is the one that is explained', async () => {
  const { runId } = await ask()
  const fresh = randomUUID()
  const store = await hold(
    (sql) => sql`select 1 from pets where id = ${petId} for share`,
    (sql) => sql`update recommendation_runs set superseded_at = now() where id = ${runId}`,
    (sql) => sql`
      insert into recommendation_runs (id, pet_id, version, epoch, strategy, strategy_version, format, items)
      select ${fresh}, pet_id, version, epoch, strategy, strategy_version, format, items from recommendation_runs where id = ${runId}`,
    (sql) => sql`insert into recommendation_items (run_id, rank, product_id) select ${fresh}, rank, product_id from recommendation_items where run_id = ${runId}`,
  )
  const explained = generate()
  await waiting(1)
  await store.commit()
  const answer = await explained
  expect(answer.runId).toBe(fresh)
  expect(isExplained(answer)).toBe(true)
})

test('a run of another release holds under the new version as it did under the old', async () => {
  const { runId } = await ask()
  const theirs = randomUUID()
  await stage.database.sql`
    insert into recommendation_runs (id, pet_id, version, epoch, strategy, strategy_version, format)
    select ${theirs}, pet_id, version, epoch, strategy, strategy_version, 1 from recommendation_runs where id = ${runId}`
  await generate()
  const { version } = await current()
  expect([await versionOfRun(runId), await versionOfRun(theirs)]).toEqual([version, version])
})

test('explaining and clearing everything at once never wait for each other in a ring', { timeout: 60_000 }, async () => {
  const admin = await bearer(DEMO_USER_ID, true)
  for (let round = 0; round < 8; round++) {
    await ask()
    const outcomes = await Promise.all([
      stage.gateway.ask(GenerateExplanationsDocument, { petId, locale: 'EN' }, user),
      other.ask(GenerateExplanationsDocument, { petId, locale: 'KO' }, user),
      stage.gateway.ask(ClearAllRecommendationCachesDocument, {}, admin),
    ])
    for (const { errors } of outcomes) expect(errors).toBeUndefined()
    expect([isExplained(await generate('EN')), isExplained(await generate('KO', other))]).toEqual([true, true])
  }
})

test('with Redis paused the explanations are there for this process at once, and for others when it is back', async () => {
  const { runId } = await ask()
  await stage.redis.pause()
  try {
    const answer = await generate()
    expect([answer.runId, isExplained(answer)]).toEqual([runId, true])
    expect(isExplained(await ask())).toBe(true)
  } finally {
    await stage.redis.resume()
  }
  await waitUntil('the other process shows them', async () => isExplained(await ask(other)))
})
