import type { Patch } from './patched-copy.ts'

/**
 * Each guard of the protocol, how to take it out, and the tests that must then fail. `npm run guards` does so, one by one:
 * a test that stays green without its guard proves nothing. Some races are held off by several guards behind each other;
 * then all of them are taken out, and each is a line of its own where it alone keeps something.
 */
export type Guard = { name: string; patches: readonly Patch[]; file: string; tests: readonly string[] }

const FILL = 'src/cache/scripts/fill.lua'
const INVALIDATE = 'src/cache/scripts/invalidate.lua'
const TRUST = 'src/cache/trust.ts'
const COMPUTE = 'src/recommend/compute.ts'
const STORE = 'src/db/store-run.ts'
const ROWS = 'src/db/run-rows.ts'
const TRIGGERS = 'drizzle/0001_triggers.sql'

const FORGETS = 'test/races/redis-forgets.test.ts'
const COMPUTING = 'test/races/computing.test.ts'
const EXPLANATIONS = 'src/db/explanations.ts'
const EXPLAINING = 'test/races/explaining.test.ts'
const LATE = 'test/races/late.test.ts'
const CONTRACT = 'test/cache/cache-contract.test.ts'
const FILLS = 'test/recommend/fill-races.test.ts'
const DELIVERED = 'src/cache/delivered-fences.ts'
const DELIVERED_FENCES = 'test/cache/delivered-fences.test.ts'
const KEPT = 'src/http/kept-answers.ts'
const KEPT_ANSWERS = 'test/gateway/kept-answers.test.ts'
const OUTLIVES = 'test/gateway/nothing-outlives.test.ts'
const PLANNED_ANSWERS = 'test/gateway/planned-answers.test.ts'
const OVERRIDES = 'src/domain/overrides.ts'
const CORRECTIONS = 'test/domain/overrides.test.ts'
const POPULAR = 'test/gateway/popular-product.test.ts'
const SOCKET = 'src/db/postgres-socket.ts'
const LOST = 'test/db/lost-connections.test.ts'
const PETS = 'src/db/pets.ts'
const DEADLOCKS = 'test/races/deadlocks.test.ts'
const REFUSALS = 'test/http/short-refusals.test.ts'
const SLOW = 'test/http/slow-clients.test.ts'
const PLANS = 'test/db/plans.test.ts'
const DELETED_USERS = 'drizzle/0012_deleted_users.sql'
const SIGN_UP = 'src/db/sign-up.ts'
const DEVICES = 'src/http/known-devices.ts'
const IDENTITIES = 'test/gateway/identities.test.ts'
const DELETIONS = 'test/gateway/deletions.test.ts'
const GONE_PETS = 'test/recommend/gone-pets.test.ts'
const KNOWN_DEVICES = 'test/http/known-devices.test.ts'

export const PATCHES = {
  fillIgnoresFence: { file: FILL, from: 'if fence_version and (fence_epoch > epoch or fence_version > version) then', to: 'if false then' },
  fillStoresUnfenced: { file: FILL, from: 'if not fence_version or is_pending then', to: 'if false then' },
  invalidationLost: { file: INVALIDATE, from: 'if current and tonumber(current) >= version then return dropped_before(dropped_key, version) end', to: 'if version then return 0 end' },
  fenceGoesBack: { file: INVALIDATE, from: 'if current and tonumber(current) >= version then return dropped_before(dropped_key, version) end', to: '' },
  epochIgnored: { file: 'src/cache/recommendation-cache.ts', from: '    run.epoch === epoch &&\n', to: '' },
  alwaysTrusted: {
    file: TRUST,
    from: 'if (grant === undefined || monotonicNow() >= grant.until || grant.generation !== redis.generation()) return undefined\n',
    to: 'if (grant === undefined || grant.until >= 0) return { isIntact: () => true }\n',
  },
  fencesNotLookedFor: { file: TRUST, from: 'await fences.areThere(situation, since, { masters, generation })', to: 'await fences.areThere({ ...situation, delivered: [] }, since, { masters, generation })' },
  incarnationIgnored: {
    file: TRUST,
    from: 'const isAnother = masters.some(({ incarnation }, i) => beats[i]?.incarnation !== incarnation)',
    to: 'const isAnother = masters.some(({ incarnation }, i) => beats[i]?.incarnation === `not ${incarnation}`)',
  },
  overdueIgnored: { file: TRUST, from: 'if (situation.overdue || (isAnother && situation.pending))', to: 'if (isAnother && situation.pending)' },
  closesOnPing: { file: TRUST, from: "if (verdict !== 'good' && !circuit.isClosed())", to: "if (verdict === 'postgres-away' && !circuit.isClosed() && closed)" },
  breakerSwallows: {
    file: 'src/cache/redis-cache.ts',
    from: '    invalidate: async (invalidations) => {\n      try {',
    to: "    invalidate: async (invalidations) => {\n      if (!circuit.isClosed()) return { kind: 'cleared', keysDropped: 0, epochCreated: false }\n      try {",
  },
  floorsForgotten: { file: 'src/recommend/floors.ts', from: 'return version >= floorOf(id) && epoch >= newestEpoch', to: 'return version >= 0 && epoch >= 0 && floorOf(id) >= 0 && newestEpoch >= 0' },
  relayIdle: { file: 'src/cache/relay.ts', from: 'outcome = await outbox.deliverBatch(limit, deliver)', to: 'outcome = await outbox.deliverBatch(0, deliver)' },
  noLease: { file: 'src/cache/leases.ts', from: 'if (!circuit.isClosed()) return', to: 'if (circuit.isClosed()) return' },
} as const satisfies Record<string, Patch>

const P = PATCHES

export const GUARDS: readonly Guard[] = [
  { name: 'a fill is refused under a newer fence', patches: [P.fillIgnoresFence], file: CONTRACT, tests: ['stale set after invalidation', 'fence expires under a paused filler'] },
  { name: 'the same, late by a partition', patches: [P.fillIgnoresFence], file: LATE, tests: ['command replayed after a reconnect', 'replica lag fills the cache'] },
  { name: 'the same, before the commit', patches: [P.fillIgnoresFence], file: COMPUTING, tests: ['invalidation before commit'] },
  { name: 'a fill without a fence stores nothing', patches: [P.fillStoresUnfenced], file: CONTRACT, tests: ['flush removes the fence'] },
  {
    name: 'what was unfenced is verified in Postgres',
    patches: [{ file: 'src/recommend/fill.ts', from: 'if (pet.version === one.run.version && one.run.epoch === epoch) standing.push(one)', to: 'if (pet.version > 0 && epoch > 0) standing.push(one)' }],
    file: FILLS,
    tests: ['flush removes the fence'],
  },
  { name: 'an invalidation never lowers a fence', patches: [P.fenceGoesBack], file: CONTRACT, tests: ['outbox delivered out of order'] },
  { name: 'a run of the epoch before is a miss', patches: [P.epochIgnored], file: CONTRACT, tests: ['clear-all against a set'] },
  {
    name: 'an epoch written where there was none is confirmed',
    patches: [{ file: 'src/recommend/deliver.ts', from: 'if (outcome.epochCreated) await confirmEpoch()', to: 'if (outcome.epochCreated && entries.length > 1) await confirmEpoch()' }],
    file: FILLS,
    tests: ['an epoch written where there was none'],
  },
  {
    name: 'a paused filler gives no time back',
    patches: [{ file: 'src/recommend/fill.ts', from: 'const left = lifeLeftMs - (monotonicNow() - since)', to: 'const left = lifeLeftMs - 0 * (monotonicNow() - since)' }],
    file: FILLS,
    tests: ['lifetime extended by a back-fill'],
  },
  { name: 'trust, after a restart with an old snapshot', patches: [P.alwaysTrusted, P.incarnationIgnored, P.fencesNotLookedFor], file: FORGETS, tests: ['old snapshot loaded at restart'] },
  { name: 'trust, after the promotion of a lagging replica', patches: [P.alwaysTrusted, P.incarnationIgnored, P.fencesNotLookedFor], file: FORGETS, tests: ['lagging replica promoted'] },
  { name: 'trust looks for the fences of what was delivered', patches: [P.fencesNotLookedFor], file: FORGETS, tests: ['split brain'] },
  { name: 'what was looked for on another connection is looked for again', patches: [{ file: DELIVERED, from: 'looked.generation !== generation || ', to: '' }], file: DELIVERED_FENCES, tests: ['behind a connection that was lost'] },
  { name: 'what another server held is looked for again', patches: [{ file: DELIVERED, from: ' || looked.servers !== serversOf(masters)', to: '' }, { file: DELIVERED, from: ' && beat.incarnation === incarnation', to: '' }], file: DELIVERED_FENCES, tests: ['of another server'] },
  { name: 'data whose heartbeat went back are looked at again', patches: [{ file: DELIVERED, from: ' && beat.time >= time', to: '' }], file: DELIVERED_FENCES, tests: ['where the heartbeat is one of before'] },
  { name: 'what is seen is told by transactions, not by time', patches: [{ file: 'src/db/outbox.ts', from: 'pg_snapshot_xmin(', to: 'pg_snapshot_xmax(' }], file: DELIVERED_FENCES, tests: ['what a transaction delivers that was open'] },
  { name: 'trust and the circuit wait for what is undelivered', patches: [P.alwaysTrusted, P.closesOnPing, P.relayIdle], file: FORGETS, tests: ['delete lost in a partition'] },
  { name: 'an open circuit does not keep invalidations back', patches: [P.breakerSwallows], file: FORGETS, tests: ['open breaker swallows an invalidation'] },
  { name: 'the relay and trust know of a change that nobody delivered', patches: [P.relayIdle, P.overdueIgnored], file: COMPUTING, tests: ['crash between commit and invalidation'] },
  { name: 'the lease lets one process compute', patches: [P.noLease], file: COMPUTING, tests: ['two processes miss together'] },
  {
    name: 'a lease runs out',
    patches: [{ file: 'src/cache/scripts/lease.lua', from: ", 'PX', ARGV[5])", to: ')' }],
    file: COMPUTING,
    tests: ['lease holder dies'],
  },
  { name: 'the second run of a version gives way', patches: [{ file: STORE, from: '    .onConflictDoNothing()\n', to: '' }], file: COMPUTING, tests: ['zombie lease holder: whoever wakes'] },
  { name: 'a lease is released by its own token only', patches: [{ file: 'src/cache/scripts/lease.lua', from: "if token ~= ARGV[2] then return 'lost' end", to: '' }], file: COMPUTING, tests: ['zombie lease holder: it neither'] },
  {
    name: 'a flight is one of a version',
    patches: [{ file: COMPUTE, from: 'await singleFlight(`${request.petId}|${request.conditionsHash}|${version}|${epoch}`', to: 'await singleFlight(`${request.petId}|${request.conditionsHash}`' }, { file: STORE, from: ' && pet?.version === run.version', to: ' && pet !== undefined' }],
    file: COMPUTING,
    tests: ['joining a flight across an invalidation'],
  },
  { name: 'a run is stored only at the version it was made from', patches: [{ file: STORE, from: ' && pet?.version === run.version', to: ' && pet !== undefined' }], file: COMPUTING, tests: ['refresh-ahead against an invalidation'] },
  {
    name: 'a run is stored only if its products are as they were',
    patches: [{ file: STORE, from: 'held.every(({ id, revision }) => revisions.get(id) === revision)', to: 'held.every(({ id }) => revisions.has(id))' }],
    file: COMPUTING,
    tests: ['torn snapshot'],
  },
  {
    name: 'only what was committed is answered or cached',
    patches: [{
      file: 'src/recommend/computation.ts',
      from: 'const outcome = await runs.store(run, { catalogueVersion, revisions }, replacedAtAgeMs)',
      to: "const outcome = await runs.store(run, { catalogueVersion, revisions }, replacedAtAgeMs).catch(() => ({ kind: 'stored' as const, run: { ...run, id: crypto.randomUUID() }, lifeLeftMs: RUN_LIFE_MS }))",
    }],
    file: COMPUTING,
    tests: ['cached run whose insert rolled back'],
  },
  {
    name: 'what is explained gets a new version, and its run with it',
    patches: [{ file: EXPLANATIONS, from: '        await tx.execute(sql`select touch_pets(array[${petId}::uuid])`)\n', to: '' }],
    file: EXPLAINING,
    tests: ['a fill of the version before', 'a computation of the version before', 'refresh-ahead of the version before'],
  },
  {
    name: 'the run of an explained pet is stamped with its new version',
    patches: [{ file: EXPLANATIONS, from: '        await restamp(tx, pet, run.epoch)\n', to: '' }],
    file: EXPLAINING,
    tests: ['two explain at once', 'a run of another release'],
  },
  {
    name: 'only a valid run is explained',
    patches: [{ file: EXPLANATIONS, from: 'and(valid, eq(recommendationRuns.conditionsHash', to: 'and(eq(recommendationRuns.petId, pets.id), isNull(recommendationRuns.supersededAt), eq(recommendationRuns.conditionsHash' }, { file: EXPLANATIONS, from: '        eq(recommendationRuns.version, pet.version),\n', to: '' }],
    file: EXPLAINING,
    tests: ['a product that changes first'],
  },
  {
    name: 'what explains waits for whoever holds the pet',
    patches: [{ file: 'src/db/pets.ts', from: "where(visibleTo(actor, petId)).for('no key update')\n  if", to: 'where(visibleTo(actor, petId))\n  if' }],
    file: EXPLAINING,
    tests: ['a product that changes first'],
  },
  {
    name: 'a run is locked before it is explained',
    patches: [{ file: EXPLANATIONS, from: "    .for('no key update', { of: recommendationRuns })\n", to: '' }],
    file: EXPLAINING,
    tests: ['nothing is said to have been written'],
  },
  {
    name: 'what was overtaken is explained again',
    patches: [{ file: 'src/recommend/explainer.ts', from: 'const ATTEMPTS = 4', to: 'const ATTEMPTS = 1' }],
    file: EXPLAINING,
    tests: ['a clear-all between'],
  },
  { name: 'an invalidation raises the fence', patches: [P.invalidationLost], file: COMPUTING, tests: ['negative answer outlives an insert'] },
  {
    name: 'a run of other rules is a miss',
    patches: [{ file: 'src/cache/recommendation-cache.ts', from: '    run.strategy === STRATEGY.name &&\n    run.strategyVersion === STRATEGY.version\n', to: '    STRATEGY.version > 0\n' }],
    file: LATE,
    tests: ['two releases side by side: a run by'],
  },
  {
    name: 'a catalogue is of one moment',
    patches: [{ file: 'src/db/catalogue.ts', from: "{ isolationLevel: 'repeatable read' }", to: 'undefined' }],
    file: 'test/db/catalogue.test.ts',
    tests: ['what is committed between two pages'],
  },
  {
    name: 'computations take turns',
    patches: [{ file: 'src/lib/turns.ts', from: '(line = line.then(() => setImmediate()))', to: 'setImmediate()' }],
    file: 'test/lib/turns.test.ts',
    tests: ['a turn of the event loop sees one slice'],
  },
  {
    name: 'what the release before reads of a run ends when it is explained',
    patches: [{ file: EXPLANATIONS, from: '.set({ document: null })', to: '.set({ rank: sql`rank` })' }],
    file: 'test/races/two-releases.test.ts',
    tests: ['is explained its release finds nothing'],
  },
  { name: 'a stored run of other rules is none', patches: [{ file: ROWS, from: '  eq(recommendationRuns.strategyVersion, STRATEGY.version),\n', to: '' }], file: LATE, tests: ['two releases side by side: each finds'] },
  {
    name: "Postgres's clock says what is left of a run",
    patches: [{ file: ROWS, from: 'sql`${recommendationRuns.createdAt} + ${LIFE} > now()`,\n)', to: 'sql`${recommendationRuns.createdAt} + ${LIFE} > to_timestamp(${sql.raw(String(1))})`,\n)' }],
    file: LATE,
    tests: ['clock skew'],
  },
  {
    name: 'versions come from one sequence',
    patches: [{ file: TRIGGERS, from: "    NEW.recommendation_version := nextval('recommendation_version_seq');", to: "    NEW.recommendation_version := CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE OLD.recommendation_version + 1 END;" }],
    file: 'test/db/triggers.test.ts',
    tests: ['version goes back'],
  },
  {
    name: 'what is undelivered is told by its flag, not by its id',
    patches: [{ file: 'src/db/outbox.ts', from: '.where(and(isNull(cacheInvalidations.deliveredAt), within(range)))\n            .orderBy', to: '.where(and(isNull(cacheInvalidations.deliveredAt), within(range), sql`${cacheInvalidations.id} > coalesce((select max(id) from cache_invalidations where delivered_at is not null), 0)`))\n            .orderBy' }],
    file: 'test/db/triggers.test.ts',
    tests: ['outbox id gap'],
  },
  {
    name: 'a kept answer is compared with the fences it was made under',
    patches: [{ file: KEPT, from: 'read.fenceTexts[i] === fenceText && ', to: '' }],
    file: KEPT_ANSWERS,
    tests: ['what a change has overtaken', 'a pet that has changed hands', 'without its fence in Redis', 'whatever is asked and changed in between'],
  },
  { name: 'outlives: a planned operation lets go of what it read', patches: [{ file: 'src/http/plan-lane.ts', from: '    releaseContext(context)\n', to: '' }], file: OUTLIVES, tests: ['nothing is held of a context'] },
  { name: 'outlives: an executed operation lets go of what it read', patches: [{ file: 'src/http/yoga.ts', from: '      releaseContext(contextValue)\n', to: '' }], file: OUTLIVES, tests: ['nothing is held of a context'] },
  { name: 'parts: what is shared cannot be changed', patches: [{ file: 'src/lib/interned.ts', from: '      freeze(value)\n', to: '' }], file: 'test/domain/run-codec.test.ts', tests: ['nobody can change these'] },
  { name: 'parts: each belongs to an item', patches: [{ file: 'src/domain/run-parts.ts', from: "  if (isUsed.includes(false)) throw new Error('more parts than items have')\n", to: '' }], file: 'test/domain/run-codec.test.ts', tests: ['changed or left over'] },
  { name: 'parts: nothing is remembered of one that nobody shares', patches: [{ file: 'src/graphql/plan/part-texts.ts', from: ' || !isShared(part)', to: '' }], file: 'test/graphql/part-texts.test.ts', tests: ['nobody shares'] },
  { name: 'parts: what is written is remembered for its language', patches: [{ file: 'src/graphql/plan/part-texts.ts', from: 'texts[locale]', to: 'texts.EN' }], file: 'test/graphql/part-texts.test.ts', tests: ['once in each language'] },
  { name: 'a kept answer is compared with the epoch', patches: [{ file: KEPT, from: '(epoch === 0 || epoch === read.epoch) && ', to: '' }], file: 'test/http/kept-answers.test.ts', tests: ['the epoch of its run is over'] },
  {
    name: 'only what fences tell everything of is kept',
    patches: [{ file: 'src/graphql/covered-fields.ts', from: '      isCovered = false\n', to: '' }],
    file: KEPT_ANSWERS,
    tests: ['what no fence tells of'],
  },
  {
    name: 'a remembered pet is used only at the version of its fence',
    patches: [{ file: 'src/recommend/pet-summaries.ts', from: 'return pet?.version === version ? pet : undefined', to: 'return pet' }],
    file: PLANNED_ANSWERS,
    tests: ['a pet that another process changed'],
  },
  {
    name: 'a plan changes nothing',
    patches: [{ file: 'src/graphql/plan/compile.ts', from: "if (mayChange && args[CHANGES] !== false) throw new OffPlanError('no reading')", to: '' }],
    file: 'test/graphql/plan.test.ts',
    tests: ['a forced refresh by variable'],
  },
  {
    name: 'what was begun on the short way is charged once',
    patches: [{ file: 'src/http/rate-limits.ts', from: ' || record.begun !== undefined', to: '' }],
    file: PLANNED_ANSWERS,
    tests: ['each field of the root is a point'],
  },
  {
    name: 'fences are read under trust that is held until after',
    patches: [{ file: 'src/cache/fence-reader.ts', from: ' || !grant.isIntact(heartbeats)', to: '' }],
    file: 'test/cache/fence-reader.test.ts',
    tests: ['trust that was lost while the fences were read'],
  },
  {
    name: 'a busy process reads what has arrived before it gives up',
    patches: [{ file: 'src/lib/deadline.ts', from: 'else setImmediate(() => reject(new DeadlineError(what, ms)))', to: 'else reject(new DeadlineError(what, ms))' }],
    file: 'test/lib/deadline.test.ts',
    tests: ['an answer that arrived in time'],
  },
  { name: 'a deadline begins when the question could be asked', patches: [{ file: 'src/lib/deadline.ts', from: '++turns < TURNS', to: '++turns < 1' }, { file: 'src/lib/deadline.ts', from: 'ms / TURNS', to: 'ms' }], file: 'test/lib/deadline.test.ts', tests: ['too busy to ask before'] },
  {
    name: 'what is dismissed is looked for in all evidence of a label',
    patches: [{ file: OVERRIDES, from: 'correctedAllergens(allergenEvidence(label), allergens)', to: 'correctedAllergens(features.allergens, allergens)' }],
    file: CORRECTIONS,
    tests: ['an ingredient that was dismissed does not hide another that holds the same'],
  },
  {
    name: 'what is dismissed is an ingredient, not an allergen',
    patches: [{ file: OVERRIDES, from: 'allergen === one.allergen && ingredient === one.ingredient && ', to: 'allergen === one.allergen && ingredient !== undefined && ' }],
    file: CORRECTIONS,
    tests: ['hide nothing that an ingredient of the next label brings in'],
  },
  {
    name: 'a dismissed trace is no dismissed food',
    patches: [{ file: OVERRIDES, from: "(confidence === 'high' || one.confidence === 'low')", to: 'confidence !== undefined' }],
    file: CORRECTIONS,
    tests: ['a trace that was dismissed is listed as food'],
  },
  {
    name: 'what an admin declared stays',
    patches: [{ file: OVERRIDES, from: "if (!declared.includes(allergen) || evidence?.confidence === 'high')", to: "if (declared.length >= 0 || evidence?.confidence === 'high')" }],
    file: CORRECTIONS,
    tests: ['stay, whatever the next label says'],
  },
  {
    name: 'what a relay was quicker to drop counts for whoever made the change',
    patches: [{ file: INVALIDATE, from: 'if dropped > 0 then', to: 'if false then' }],
    file: CONTRACT,
    tests: ['told again, it drops nothing and says the same'],
  },
  {
    name: 'one script raises the fences of all its pets',
    patches: [{ file: INVALIDATE, from: 'for i = 1, #KEYS / 5 do', to: 'for i = 1, 1 do' }],
    file: POPULAR,
    tests: ['an allergen that is added is known to the very next answer'],
  },
  {
    name: 'what is remembered counts by its fence alone',
    patches: [{ file: 'src/cache/redis-cache.ts', from: 'if (isStanding && isNewest(held, fence) && held.expiresAt > now)', to: 'if (fence !== undefined)' }],
    file: POPULAR,
    tests: ['an allergen that is added is known to the very next answer'],
  },
  {
    name: 'a change of a product is told to who holds it now, not to who held it once',
    patches: [{ file: 'drizzle/0007_bulk_invalidation.sql', from: 'AND pets.recommendation_version = runs.version\n  WHERE items', to: '\n  WHERE items' }],
    file: 'test/gateway/update-product.test.ts',
    tests: ['exactly the pets whose current recommendation holds the product'],
  },
  {
    name: 'a change of a product is told to who holds it',
    patches: [{ file: 'drizzle/0007_bulk_invalidation.sql', from: 'array(SELECT pets_holding(changed) UNION SELECT pets_with_empty_runs())', to: 'array(SELECT pets_with_empty_runs())' }],
    file: 'test/races/update-product.test.ts',
    tests: ['reads, computations and fills that go on while a product is changed'],
  },
  { name: 'a startup message waits for no timer', patches: [{ file: 'src/db/startup-message.ts', from: "' '.repeat(1_024)", to: "' '.repeat(4)" }], file: LOST, tests: ['a connection that ends while a statement'] },
  { name: 'a startup message is sent alone', patches: [{ file: SOCKET, from: 'return startup ?? written', to: 'return written' }], file: LOST, tests: ['a connection that ends while a statement'] },
  {
    name: "the server's last words are no message",
    patches: [{ file: SOCKET, from: 'const { chunk, fatal } = this.#watch(received)', to: 'const { chunk, fatal } = { ...this.#watch(received), chunk: received, fatal: undefined }' }],
    file: LOST,
    tests: ['with what Postgres ended', 'a connection lost under a statement and refused'],
  },
  { name: 'an end is told in a turn of its own', patches: [{ file: SOCKET, from: 'setImmediate(() => this.destroy(reason))', to: 'this.destroy(reason)' }], file: LOST, tests: ['a transaction whose connection ends right behind'] },
  { name: 'an end that was not asked for is an error', patches: [{ file: SOCKET, from: 'this.#leave(this.#mayEnd ?', to: 'this.#leave(this.#mayEnd || true ?' }], file: 'test/db/connecting.test.ts', tests: ['a proxy with no server behind it'] },
  {
    name: 'hostile: an id is a UUID before anything is asked with it',
    patches: [{ file: 'src/graphql/input.ts', from: 'if (!isId(text)) throw', to: "if (text === '') throw" }],
    file: 'test/hostile/hostile-input.test.ts',
    tests: ['ten thousand hostile requests'],
  },
  {
    name: 'hostile: the address of a photo is printable',
    patches: [{ file: 'src/graphql/pet-input.ts', from: "  .refine(isPrintable, 'Expected a URL without control characters or broken Unicode.')\n", to: '' }],
    file: 'test/hostile/hostile-input.test.ts',
    tests: ['NUL and half a character'],
  },
  { name: 'hostile: refusals are cut', patches: [{ file: 'src/http/short-errors.ts', from: 'if (isShort) return error', to: 'if (isShort || message) return error' }], file: REFUSALS, tests: ['a long value', 'unknown fields of a variable'] },
  { name: 'hostile: values in variables are counted', patches: [{ file: 'src/http/limit-operations.ts', from: 'holdsMoreValues(variables, limits.values)', to: 'holdsMoreValues(variables, Infinity)' }], file: REFUSALS, tests: ['variables are bounded'] },
  { name: 'hostile: connections of one address are counted', patches: [{ file: 'src/http/connections-per-address.ts', from: 'if (count >= most) {', to: 'if (count >= Infinity + most) {' }], file: SLOW, tests: ['one address has so many connections'] },
  { name: 'hostile: bodies on their way are counted together', patches: [{ file: 'src/http/read-body.ts', from: 'if (held > allBytes && bytes > smallBytes)', to: 'if (held > Infinity && bytes > smallBytes + allBytes)' }], file: SLOW, tests: ['bodies on their way'] },
  { name: 'hostile: small bodies are read whatever the others hold', patches: [{ file: 'src/http/read-body.ts', from: 'if (held > allBytes && bytes > smallBytes)', to: 'if (held > allBytes && smallBytes > 0)' }], file: SLOW, tests: ['bodies on their way'] },
  { name: 'hostile: who connects while we are busy waits in the kernel', patches: [{ file: 'src/http/server.ts', from: 'backlog: limits.backlog', to: 'backlog: Math.min(511, limits.backlog)' }], file: SLOW, tests: ['many who connect while the process is busy'] },
  { name: 'deadlocks: the owner is locked before a pet that is written twice', patches: [{ file: PETS, from: 'await lockPetAndUser(tx, actor, petId)', to: 'await lockPet(tx, actor, petId)' }], file: DEADLOCKS, tests: ["a pet's weight and allergies"] },
  { name: 'deadlocks: several pets are locked in the order of their ids', patches: [{ file: PETS, from: 'await lockUserAndPets(tx, owner)\n      const dethroned', to: 'await lockUser(tx, owner)\n      const dethroned' }], file: DEADLOCKS, tests: ['who becomes the primary pet'] },
  { name: 'a Redis client that has given up begins anew', patches: [{ file: 'src/cache/redis-connection.ts', from: "redis.on('end', revive)", to: "redis.off('end', revive)" }], file: 'test/cache/redis-connection.test.ts', tests: ['a client that has given up'] },
  { name: 'a full memory takes in what is offered again', patches: [{ file: 'src/cache/run-memory.ts', from: 'if (isKnown || held.has(key)', to: 'if (bytes > 0 || isKnown || held.has(key)' }], file: 'test/cache/run-memory.test.ts', tests: ['what is asked for once'] },
  { name: 'plans: no array is looked into by the planner', patches: [{ file: 'src/db/any-of.ts', from: 'any((select ${array}::uuid[])::uuid[])', to: 'any(${array}::uuid[])' }], file: PLANS, tests: ['what is read on every request'] },
  {
    name: 'plans: a table of one row is one row',
    patches: [{ file: 'src/db/one-row.ts', from: 'sql`max(${cacheEpoch.epoch})`.as', to: 'sql`${cacheEpoch.epoch}`.as' }],
    file: PLANS,
    tests: ['what is read on every request'],
  },
  { name: 'plans: runs are asked for pet by pet', patches: [{ file: 'src/db/runs.ts', from: "      .limit(sql.placeholder('most'))\n", to: '' }], file: PLANS, tests: ['of few runs, and before anything was counted'] },
  { name: 'plans: the same conditions are no array', patches: [{ file: 'src/db/runs.ts', from: 'hashes.length === 1\n', to: 'hashes.length === 0\n' }], file: PLANS, tests: ['what is read on every request'] },
  {
    name: 'identities: a moved device is notified',
    patches: [{ file: DELETED_USERS, from: 'WHEN (NEW.id <> OLD.id OR NEW.device_uid IS DISTINCT FROM OLD.device_uid)', to: 'WHEN (NEW.id <> OLD.id)' }],
    file: IDENTITIES,
    tests: ['a device that was moved to another user', 'devices that were swapped', 'a device that was taken from its user'],
  },
  {
    name: 'identities: a deleted user is notified',
    patches: [{ file: DELETED_USERS, from: 'CREATE TRIGGER users_notify_deleted AFTER DELETE', to: 'CREATE TRIGGER users_notify_deleted AFTER INSERT' }],
    file: IDENTITIES,
    tests: ['the device of a deleted user', 'the device of a user who was merged'],
  },
  {
    name: 'identities: a writer in replica mode is heard',
    patches: [{ file: DELETED_USERS, from: 'ENABLE ALWAYS TRIGGER users_notify_changed', to: 'ENABLE TRIGGER users_notify_changed' }],
    file: IDENTITIES,
    tests: ['in replica mode'],
  },
  { name: 'identities: truncated users are recorded', patches: [{ file: DELETED_USERS, from: 'INSERT INTO deleted_users (id) SELECT id FROM users ON CONFLICT DO NOTHING', to: 'NULL' }], file: IDENTITIES, tests: ['a truncated table of users'] },
  { name: 'identities: an id that was given up is recorded', patches: [{ file: DELETED_USERS, from: 'WHEN (NEW.id <> OLD.id) EXECUTE', to: 'WHEN (NEW.id IS NULL) EXECUTE' }], file: IDENTITIES, tests: ['is not made again by a token'] },
  { name: 'identities: every connect of the listener forgets all', patches: [{ file: 'src/db/notified-ids.ts', from: 'notified, () => onId(undefined)', to: 'notified, () => {}' }], file: IDENTITIES, tests: ['while nobody could listen'] },
  {
    name: 'identities: who was deleted is looked for after the insert',
    patches: [{ file: SIGN_UP, from: 'if (deleted.length > 0) throw', to: 'if (deleted.length > 1) throw' }],
    file: IDENTITIES,
    tests: ['is not made again by a token', 'a deletion that runs at the same moment'],
  },
  { name: 'identities: a user who is refused is forgotten', patches: [{ file: 'src/graphql/user-deleted.ts', from: 'services.forgetUser(viewer.userId)', to: 'services.now()' }], file: IDENTITIES, tests: ['was never told of a deletion'] },
  { name: 'identities: a device is known for five minutes', patches: [{ file: DEVICES, from: 'if (monotonicNow() - known.lookedUpAt < DEVICE_KNOWN_FOR_MS) return', to: 'if (known.lookedUpAt < Infinity) return' }], file: KNOWN_DEVICES, tests: ['within five minutes', 'begin with the look-up'] },
  { name: 'identities: an overtaken look-up is not kept', patches: [{ file: DEVICES, from: 'if (changes === before)', to: 'if (changes >= before)' }], file: KNOWN_DEVICES, tests: ['overtook is not kept'] },
  { name: 'identities: a user has one device', patches: [{ file: DEVICES, from: 'if (former !== undefined) userOf.delete(former)', to: 'if (former === uid) userOf.delete(former)' }], file: KNOWN_DEVICES, tests: ['forgotten with both'] },
  {
    name: 'identities: a demo user who was deleted stays deleted',
    patches: [{ file: 'src/demo/seed-demo.ts', from: 'DEMO_USERS.filter(({ id }) => !deleted.some((one) => one.id === id))', to: 'DEMO_USERS.filter(({ id }) => id !== deleted.join())' }],
    file: 'test/demo/seed-demo.test.ts',
    tests: ['a demo user who was deleted'],
  },
  {
    name: 'deletions: what is kept beside a pet goes with it',
    patches: [{ file: INVALIDATE, from: "if owner == '' then drop_beside(beside_key) end", to: '' }],
    file: DELETIONS,
    tests: ['leaves its fence in Redis and nothing else', 'delivered after the return of the pet'],
  },
  { name: 'deletions: what is kept beside a pet is written down', patches: [{ file: 'src/cache/scripts/keep.lua', from: "local added = redis.pcall('SADD', KEYS[3], KEYS[2])", to: "local added = redis.pcall('SADD', KEYS[3], 'another')" }], file: DELETIONS, tests: ['leaves its fence in Redis and nothing else'] },
  { name: 'deletions: all processes are notified', patches: [{ file: DELETED_USERS, from: 'CREATE TRIGGER pets_notify_gone AFTER DELETE', to: 'CREATE TRIGGER pets_notify_gone AFTER INSERT' }], file: DELETIONS, tests: ['every process drops what it remembers'] },
  { name: 'deletions: deleted pets are looked for when listening begins again', patches: [{ file: 'src/recommend/gone-pets.ts', from: 'if (petId === undefined) return checkSoon()', to: 'if (petId === undefined) return' }], file: GONE_PETS, tests: ['when listening begins again'] },
  { name: 'deletions: and once an hour', patches: [{ file: 'src/recommend/gone-pets.ts', from: 'setInterval(checkSoon, policy.checkMs)', to: 'setInterval(workSoon, policy.checkMs)' }], file: GONE_PETS, tests: ['within the hour'] },
  { name: 'deadlocks: what was rolled back for another is run again', patches: [{ file: 'src/db/transaction.ts', from: 'const RUNS = 3', to: 'const RUNS = 1' }], file: DEADLOCKS, tests: ['a change that Postgres rolls back'] },
]
