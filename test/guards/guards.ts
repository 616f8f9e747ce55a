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
const CACHEABLE_FIELDS = 'src/graphql/cacheable-fields.ts'
const CACHEABLE = 'test/graphql/cacheable-fields.test.ts'
const LIFETIMES = 'test/servers/lifetimes.test.ts'
const ENTITY_TAGS = 'test/gateway/entity-tags.test.ts'
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
const WAKE_UPS = 'src/cache/wake-ups.ts'
const RELAY_WAITS = 'test/races/relay-waits.test.ts'
const CLUSTER_SLOTS = 'test/servers/cluster-slots.test.ts'
const REDIS_DATABASE = 'test/servers/redis-database.test.ts'
const DELETED_USERS = 'drizzle/0004_deleted_users.sql'
const SIGN_UP = 'src/db/sign-up.ts'
const DEVICES = 'src/http/known-devices.ts'
const IDENTITIES = 'test/gateway/identities.test.ts'
const DELETIONS = 'test/gateway/deletions.test.ts'
const GONE_PETS = 'test/recommend/gone-pets.test.ts'
const KNOWN_DEVICES = 'test/http/known-devices.test.ts'
const OUTBOX_SQL = 'drizzle/0005_undelivered.sql'
const UNDELIVERED_ROWS = 'src/db/undelivered.ts'
const UNDELIVERED = 'test/servers/undelivered.test.ts'
const SLOW_OUTBOX = 'test/servers/slow-outbox.test.ts'
const MIGRATE = 'src/db/migrate.ts'
const ISOLATION = 'test/races/isolation.test.ts'
const HOSTILE_SESSION = 'test/races/hostile-session.test.ts'
const OTHER_WRITERS = 'test/db/other-writers.test.ts'
const CHECK_DATABASE = 'test/db/check-database.test.ts'
const FAIR = 'test/races/fair-stores.test.ts'
const READ_ONLY = 'src/db/read-only.ts'
const READ_ONLY_POSTGRES = 'test/servers/read-only-postgres.test.ts'
const GOES_BACK = 'test/servers/postgres-goes-back.test.ts'
const LINEAGES = 'test/races/lineages.test.ts'
const TRUNCATE = 'test/races/truncate.test.ts'
const STANDBY = 'test/servers/standby.test.ts'
const MARKS = 'src/domain/marks.ts'
const CLOCK_STEPS = 'test/servers/clock-steps.test.ts'

export const PATCHES = {
  clockGoesBack: { file: MARKS, from: "(name === 'clock' ? CLOCK_TOLERANCE_MS : 0)", to: "(name === 'clock' ? Infinity : 0)" },
  futureIsNotOverdue: { file: OUTBOX_SQL, from: 'overdue_after timestamptz := now() + (now() - overdue_before);', to: "overdue_after timestamptz := 'infinity';" },
  fillIgnoresFence: { file: FILL, from: 'if fence_version and (fence_epoch > epoch or fence_version > version) then', to: 'if false then' },
  fillStoresUnfenced: { file: FILL, from: 'if not fence_version or is_pending then', to: 'if false then' },
  invalidationLost: { file: INVALIDATE, from: 'if current and tonumber(current) >= version then return dropped_before(dropped_key, version) end', to: 'if version then return 0 end' },
  fenceGoesBack: { file: INVALIDATE, from: 'if current and tonumber(current) >= version then return dropped_before(dropped_key, version) end', to: '' },
  epochIgnored: { file: 'src/cache/recommendation-cache.ts', from: '    run.epoch === epoch &&\n', to: '' },
  epochOfFenceIgnored: { file: 'src/cache/fence.ts', from: ' && fence.epoch === epoch ?', to: ' && fence.epoch >= 0 * (epoch ?? 0) ?' },
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
    from: '    invalidate: async (invalidations) => {\n      if (!keyspace.isKnown()) return isUnknown\n',
    to: "    invalidate: async (invalidations) => {\n      if (!circuit.isClosed()) return { kind: 'cleared', keysDropped: 0, epochCreated: false }\n",
  },
  floorsForgotten: { file: 'src/recommend/floors.ts', from: 'return version >= floorOf(id) && epoch >= newestEpoch', to: 'return version >= 0 && epoch >= 0 && floorOf(id) >= 0 && newestEpoch >= 0' },
  relayIdle: { file: 'src/cache/relay.ts', from: 'outcome = await outbox.deliverBatch(limit, deliver)', to: 'outcome = await outbox.deliverBatch(0, deliver)' },
  runningForgotten: { file: UNDELIVERED_ROWS, from: '...running.map((txid) => ({ txid, id: 0 }))', to: '...running.slice(running.length).map((txid) => ({ txid, id: 0 }))' },
  lineageIgnored: { file: 'src/cache/keys.ts', from: "lineage.replaceAll('-', '').slice(0, LINEAGE_DIGITS)", to: "'0'.repeat(lineage.length - lineage.length + LINEAGE_DIGITS)" },
  fenceLineageIgnored: { file: 'src/cache/fence.ts', from: '`${lineage}|${text}`', to: '`${lineage.length}|${text}`' },
  wentBackIgnored: { file: 'src/cache/lineage-watch.ts', from: 'if (!isHome || wentBack.length > 0) return', to: 'if (!isHome && wentBack.length > 100) return' },
  isolationIgnored: { file: TRIGGERS, from: "IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN", to: 'IF false THEN' },
  truncateIgnored: { file: TRIGGERS, from: 'CREATE FUNCTION pets_retired() RETURNS trigger LANGUAGE plpgsql\nSET search_path = pg_catalog, public, pg_temp AS $$\nBEGIN\n  PERFORM retire_all();', to: 'CREATE FUNCTION pets_retired() RETURNS trigger LANGUAGE plpgsql\nSET search_path = pg_catalog, public, pg_temp AS $$\nBEGIN\n' },
  standbyUnheard: { file: READ_ONLY, from: "  in_hot_standby: 'a standby, which is read-only',\n", to: '' },
  standbyBelieved: { file: READ_ONLY, from: 'if (row?.is_read_only === false) return', to: 'if (row !== undefined) return' },
  standbyJudged: { file: 'src/db/lineage.ts', from: 'if (isStandby) throw', to: 'if (isStandby && lineage.length === 0) throw' },
  devicesNotForgotten: { file: DEVICES, from: 'if (uid !== undefined) userOf.delete(uid)', to: 'if (uid === userId) userOf.delete(uid)' },
  pendingBelieved: { file: 'src/cache/fence.ts', from: 'fence.pendingFill === undefined && ', to: '' },
  noLease: { file: 'src/cache/leases.ts', from: 'if (!circuit.isClosed() || !keyspace.isKnown()) return', to: 'if (circuit.isClosed() || !keyspace.isKnown()) return' },
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
  { name: 'a run of the epoch before is a miss', patches: [P.epochIgnored, P.epochOfFenceIgnored], file: CONTRACT, tests: ['clear-all against a set'] },
  {
    name: 'a pending fence is no fence for a reader',
    patches: [{ file: 'src/cache/fence.ts', from: 'fence.pendingFill === undefined && ', to: '' }],
    file: CONTRACT,
    tests: ['a pending fence is no fence for a reader', 'flush removes the fence: a fill then'],
  },
  {
    name: 'an invalidation takes the place of a fence that is pending',
    patches: [{ file: INVALIDATE, from: "if current and string.sub(run, 1, 1) == '~' and tonumber(current) == version then current = nil end", to: '' }],
    file: CONTRACT,
    tests: ['an invalidation of the version that a fill has left pending'],
  },
  {
    name: 'a run is stored in its own lineage only',
    patches: [{ file: 'src/cache/redis-cache.ts', from: "if (run.lineage !== space.lineage) return { kind: 'superseded' }", to: '' }],
    file: CONTRACT,
    tests: ['a run of another lineage is not stored'],
  },
  {
    name: 'an invalidation is applied in its own lineage only',
    patches: [{ file: 'src/cache/redis-cache.ts', from: 'if (!areOf(keyspace.current().lineage, invalidations))', to: 'if (!areOf(keyspace.current().lineage, []))' }],
    file: CONTRACT,
    tests: ['an invalidation of another lineage is refused'],
  },
  {
    name: 'an epoch written where there was none is confirmed',
    patches: [{ file: 'src/recommend/deliver.ts', from: 'if (outcome.epochCreated) await confirmEpoch()', to: 'if (outcome.epochCreated && entries.length > 1) await confirmEpoch()' }],
    file: FILLS,
    tests: ['an epoch written where there was none'],
  },
  {
    name: 'a paused filler gives no time back',
    patches: [{ file: 'src/recommend/fill.ts', from: '(endsAt - monotonicNow())', to: '(endsAt - 0 * monotonicNow())' }],
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
    patches: [{ file: COMPUTE, from: 'await singleFlight(`${request.petId}|${request.conditionsHash}|${version}|${epoch}|${lineage}`', to: 'await singleFlight(`${request.petId}|${request.conditionsHash}`' }, { file: STORE, from: ' && pet?.version === run.version', to: ' && pet !== undefined' }],
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
    patches: [{ file: TRIGGERS, from: "    NEW.recommendation_version := pg_catalog.nextval('public.recommendation_version_seq');", to: "    NEW.recommendation_version := CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE OLD.recommendation_version + 1 END;" }],
    file: 'test/db/triggers.test.ts',
    tests: ['version goes back'],
  },
  { name: 'undelivered: what still ran is asked for again', patches: [P.runningForgotten], file: 'test/db/triggers.test.ts', tests: ['outbox id gap'] },
  { name: 'undelivered: what still ran is asked for again, by trust too', patches: [P.runningForgotten], file: UNDELIVERED, tests: ['drew its id early', 'what a savepoint wrote'] },
  { name: 'undelivered: in whatever order transactions end', patches: [P.runningForgotten], file: 'test/db/undelivered-bounds.test.ts', tests: ['in whatever order they end'] },
  {
    name: 'undelivered: a look is bounded by the last one',
    patches: [{ file: UNDELIVERED_ROWS, from: 'bounds: boundsAfter(row) }', to: 'bounds: EVERYWHERE }' }],
    file: UNDELIVERED,
    tests: ['a look and a batch read what is new', 'idles for long'],
  },
  {
    name: 'undelivered: what was found is asked for again',
    patches: [{ file: UNDELIVERED_ROWS, from: 'new Map([...found, ...running', to: 'new Map([...found.slice(found.length), ...running' }],
    file: UNDELIVERED,
    tests: ['what a relay could not deliver', 'of very many transactions that wait'],
  },
  {
    name: 'undelivered: behind the last that was looked at anything may be',
    patches: [{ file: UNDELIVERED_ROWS, from: 'beyond: apart[most - 1]?.txid ?? next', to: 'beyond: next' }],
    file: 'test/db/undelivered-bounds.test.ts',
    tests: ['in whatever order they end'],
  },
  {
    name: 'undelivered: what is taken as undelivered again looks new',
    patches: [{ file: OUTBOX_SQL, from: 'WHEN (NEW.delivered_at IS NULL AND', to: 'WHEN (false AND' }],
    file: UNDELIVERED,
    tests: ['taken as undelivered again', 'logical replication'],
  },
  {
    name: 'undelivered: also where other triggers do not run',
    patches: [{ file: OUTBOX_SQL, from: 'ALTER TABLE cache_invalidations ENABLE ALWAYS TRIGGER invalidations_stamp;', to: 'SELECT 1;' }],
    file: UNDELIVERED,
    tests: ['logical replication'],
  },
  {
    name: 'undelivered: another outbox is looked at anew',
    patches: [{ file: OUTBOX_SQL, from: 'IF pg_is_in_recovery() THEN\n    RETURN NULL;', to: "IF pg_is_in_recovery() IS NOT NULL THEN\n    RETURN 'the same';" }],
    file: UNDELIVERED,
    tests: ['while somebody looks', 'started again', 'recovered from a crash'],
  },
  {
    name: 'undelivered: a server that crashed may give ids again',
    patches: [{ file: OUTBOX_SQL, from: 'extract(epoch FROM pg_stat_get_bgwriter_stat_reset_time())', to: "'0'" }],
    file: UNDELIVERED,
    tests: ['recovered from a crash'],
  },
  {
    name: 'undelivered: the planner is held to the index',
    patches: [{ file: OUTBOX_SQL, from: 'WHERE delivered_at IS NULL AND (txid, id) > (last_txid, last_id) ORDER BY txid, id LIMIT 1;', to: 'WHERE delivered_at IS NULL AND txid > last_txid ORDER BY id LIMIT 1;' }],
    file: UNDELIVERED,
    tests: ['a look and a batch read what is new'],
  },
  {
    name: 'undelivered: a row belongs to the whole transaction',
    patches: [{ file: 'src/db/outbox.ts', from: 'sql`${cacheInvalidations.txid} = pg_current_xact_id()`', to: 'sql`${cacheInvalidations}.xmin = pg_current_xact_id()::xid`' }],
    file: UNDELIVERED,
    tests: ['what a savepoint wrote'],
  },
  {
    name: 'undelivered: a change of very many pets is not read from its beginning again',
    patches: [{ file: 'src/recommend/after-bulk-commit.ts', from: '      rest = left\n', to: '' }],
    file: 'test/recommend/after-bulk-commit.test.ts',
    tests: ['behind those that are delivered'],
  },
  {
    name: 'undelivered: nor is what was purged',
    patches: [{ file: 'src/db/outbox.ts', from: '      purgedUntil = row?.until ?? purgedUntil\n', to: '' }],
    file: UNDELIVERED,
    tests: ['what was purged is not read again'],
  },
  {
    name: 'slow is not away',
    patches: [{ file: TRUST, from: "() => 'slow' as const", to: "() => 'away' as const" }],
    file: SLOW_OUTBOX,
    tests: ['hits are compared, and none is unverified'],
  },
  {
    name: 'slow checks leave the connections to comparisons',
    patches: [{ file: TRUST, from: 'unanswered = asking.catch(() => {})', to: 'asking.catch(() => {})' }],
    file: SLOW_OUTBOX,
    tests: ['hits are compared, and none is unverified'],
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
  { name: 'a kept answer is compared with the epoch', patches: [{ file: KEPT, from: 'epoch === read.epoch && ', to: '' }], file: 'test/http/kept-answers.test.ts', tests: ['the epoch of its run is over'] },
  {
    name: 'only what fences tell everything of is kept',
    patches: [{ file: 'src/graphql/covered-fields.ts', from: '      isCovered = false\n', to: '' }],
    file: KEPT_ANSWERS,
    tests: ['what no fence tells of'],
  },
  {
    name: 'cacheable: a field that nobody decided about is not',
    patches: [{ file: CACHEABLE_FIELDS, from: 'fields[fieldName] : undefined', to: 'fields[fieldName] : fields && []' }],
    file: CACHEABLE,
    tests: ['that somebody adds tomorrow is not cacheable until somebody decides so'],
  },
  {
    name: 'cacheable: an argument that nobody decided about makes a field not',
    patches: [{ file: 'src/graphql/covered-fields.ts', from: ' && given.every((one) => allowed.includes(one.name.value))', to: ' && given.length >= 0' }],
    file: CACHEABLE,
    tests: ['an argument that somebody adds tomorrow'],
  },
  {
    name: 'cacheable: every field of the schema is decided',
    patches: [{ file: CACHEABLE_FIELDS, from: "citations generatedAt model'", to: "citations generatedAt'" }],
    file: CACHEABLE,
    tests: ['of every field of the schema it is decided'],
  },
  {
    name: 'lifetimes: what ends while a sibling is waited for is asked for once more',
    patches: [{ file: 'src/recommend/ladder.ts', from: ' || one.endsAt <= monotonicNow()', to: '' }],
    file: LIFETIMES,
    tests: ['that ends while a sibling of the same operation is computed'],
  },
  {
    name: 'lifetimes: a life is counted from when Postgres said it',
    patches: [{ file: 'src/recommend/ladder.ts', from: 'const endsAt = endOf({ askedAt, lifeLeftMs: held.lifeLeftMs })', to: 'const endsAt = askedAt + 60_000 + held.lifeLeftMs' }],
    file: LIFETIMES,
    tests: ['what waited for a slow sibling is not kept longer than it lives'],
  },
  {
    name: 'lifetimes: what Redis returns is compared with its end',
    patches: [{ file: 'src/cache/redis-cache.ts', from: ' && (lifeLeftMs === undefined || lifeLeftMs > 0)', to: '' }, { file: 'src/recommend/ladder.ts', from: ' || one.endsAt <= monotonicNow()', to: '' }],
    file: LIFETIMES,
    tests: ['a result that Redis holds for longer than the run lives'],
  },
  {
    name: 'lifetimes: without trust a cached run is compared with the clock of Postgres',
    patches: [{ file: 'src/recommend/ladder.ts', from: 'return lifeLeftMs > 0 ? { ...one, lifeLeftMs } : NOTHING', to: 'return lifeLeftMs > 0 ? { ...one, lifeLeftMs } : one' }],
    file: LIFETIMES,
    tests: ['without trust it is the clock of Postgres'],
  },
  {
    name: 'lifetimes: where Postgres is away too a cached run is compared with the clock here',
    patches: [{ file: 'src/recommend/ladder.ts', from: 'one.run.expiresAt <= now()', to: 'one.run.expiresAt <= 0 * now()' }],
    file: LIFETIMES,
    tests: ['where Postgres cannot be asked either'],
  },
  {
    name: 'lifetimes: of a run that is found before computing',
    patches: [{ file: 'src/recommend/compute.ts', from: 'endOf({ ...now.run, askedAt: now.askedAt })', to: 'endOf({ ...now.run, askedAt: monotonicNow() })' }],
    file: LIFETIMES,
    tests: ['that was found after waiting for a place'],
  },
  {
    name: 'lifetimes: of a run that is stored',
    patches: [{ file: 'src/recommend/computation.ts', from: 'endOf({ askedAt, lifeLeftMs: outcome.lifeLeftMs })', to: 'endOf({ askedAt: askedAt * 0 + monotonicNow(), lifeLeftMs: outcome.lifeLeftMs })' }],
    file: LIFETIMES,
    tests: ['is counted from before it was stored'],
  },
  {
    name: 'lifetimes: of a match score',
    patches: [{ file: 'src/recommend/match-scores.ts', from: ' && !isOver', to: ' && isOver !== undefined' }],
    file: LIFETIMES,
    tests: ['a match score that Redis holds for longer than its hour'],
  },
  {
    name: 'tags: made from the bytes, not from the fences that they were made under',
    patches: [
      { file: 'src/http/kept-lane.ts', from: 'etagOf(key, answer.body, tierNames)', to: 'etagOf(key, JSON.stringify(covered?.pets ?? answer.body), tierNames)' },
    ],
    file: ENTITY_TAGS,
    tests: ['equal tags stand for equal bytes', 'is not told at midnight that nothing changed', 'a run under conditions that has ended', "another release's words are another response"],
  },
  {
    name: 'tags: what tells the tier is looked for only where it is nothing else',
    patches: [{ file: 'src/graphql/tier-names.ts', from: 'ofTiers.difference(ofOthers)', to: 'ofTiers.union(ofOthers.intersection(ofTiers))' }],
    file: 'test/graphql/tier-names.test.ts',
    tests: ['a pet may be called MEMORY'],
  },
  {
    name: 'tags: the tier is no part of them',
    patches: [{ file: 'src/http/entity-tags.ts', from: ".replaceAll(tierNames, '\"$1\":null')", to: '' }],
    file: ENTITY_TAGS,
    tests: ['whichever tier answers, the tag is the same'],
  },
  {
    name: 'a remembered pet is used only at the version of its fence',
    patches: [{ file: 'src/recommend/pet-summaries.ts', from: 'const isSame = known?.pet.version === version && ', to: 'const isSame = known !== undefined && version > 0 && ' }],
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
    patches: [{ file: 'src/cache/redis-cache.ts', from: 'if (isStanding && held.lineage === lineage && isNewest(held, fence) && isAlive)', to: 'if (lifeLeftMs !== undefined)' }],
    file: POPULAR,
    tests: ['an allergen that is added is known to the very next answer'],
  },
  {
    name: 'a change of a product is told to who holds it now, not to who held it once',
    patches: [{ file: TRIGGERS, from: 'AND pets.recommendation_version = runs.version\n  WHERE items', to: '\n  WHERE items' }],
    file: 'test/gateway/update-product.test.ts',
    tests: ['exactly the pets whose current recommendation holds the product'],
  },
  {
    name: 'a change of a product is told to who holds it',
    patches: [{ file: TRIGGERS, from: 'array(SELECT pets_holding(changed || renamed) UNION SELECT pets_with_empty_runs())', to: 'array(SELECT pets_with_empty_runs())' }],
    file: 'test/races/update-product.test.ts',
    tests: ['reads, computations and fills that go on while a product is changed'],
  },
  { name: 'a startup message waits for no timer', patches: [{ file: 'src/db/startup-message.ts', from: "' '.repeat(1_024)", to: "' '.repeat(4)" }], file: LOST, tests: ['a connection that ends while a statement'] },
  { name: 'a startup message is sent alone', patches: [{ file: SOCKET, from: 'return startup ?? written', to: 'return written' }], file: LOST, tests: ['a connection that ends while a statement'] },
  {
    name: "the server's last words are no message",
    patches: [{ file: SOCKET, from: 'const { chunk, reason } = this.#watch(received)', to: 'const { chunk, reason } = { ...this.#watch(received), chunk: received, reason: undefined }' }],
    file: LOST,
    tests: ['with what Postgres ended', 'a connection lost under a statement and refused'],
  },
  { name: 'an end is told in a turn of its own', patches: [{ file: SOCKET, from: 'setImmediate(() => this.destroy(reason))', to: 'this.destroy(reason)' }], file: LOST, tests: ['a transaction whose connection ends right behind'] },
  { name: 'an end that was not asked for is an error', patches: [{ file: SOCKET, from: 'this.leave(this.#mayEnd ?', to: 'this.leave(this.#mayEnd || true ?' }], file: 'test/db/connecting.test.ts', tests: ['a proxy with no server behind it'] },
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
    tests: ['leaves its fence in Redis and nothing else', 'delivered once more after the return of the pet'],
  },
  { name: 'deletions: what is kept beside a pet is written down', patches: [{ file: 'src/cache/scripts/keep.lua', from: "local added = redis.pcall('SADD', KEYS[3], KEYS[2])", to: "local added = redis.pcall('SADD', KEYS[3], 'another')" }], file: DELETIONS, tests: ['leaves its fence in Redis and nothing else'] },
  { name: 'deletions: all processes are notified', patches: [{ file: DELETED_USERS, from: 'CREATE TRIGGER pets_notify_gone AFTER DELETE', to: 'CREATE TRIGGER pets_notify_gone AFTER INSERT' }], file: DELETIONS, tests: ['every process drops what it remembers'] },
  { name: 'deletions: deleted pets are looked for when listening begins again', patches: [{ file: 'src/recommend/gone-pets.ts', from: 'if (petId === undefined) return checkSoon()', to: 'if (petId === undefined) return' }], file: GONE_PETS, tests: ['when listening begins again'] },
  { name: 'deletions: and once an hour', patches: [{ file: 'src/recommend/gone-pets.ts', from: 'setInterval(checkSoon, policy.checkMs)', to: 'setInterval(workSoon, policy.checkMs)' }], file: GONE_PETS, tests: ['within the hour'] },
  {
    name: 'a connection that is lost while the driver asks for types ends no process',
    patches: [{ file: 'src/db/lost-type-question.ts', from: 'if (!isOfTypeQuestion(error)) throw error', to: 'if (onLost !== isOfTypeQuestion) throw error' }],
    file: 'test/db/lost-type-question.test.ts',
    tests: ['a process outlives a connection'],
  },
  { name: 'deadlocks: what was rolled back for another is run again', patches: [{ file: 'src/db/transaction.ts', from: 'const RUNS = 3', to: 'const RUNS = 1' }], file: DEADLOCKS, tests: ['a change that Postgres rolls back'] },
  {
    name: 'a connection ends with a SELECT that was refused',
    patches: [{ file: 'src/cache/redis-in-database.ts', from: '      this.stream.destroy()\n', to: '' }],
    file: REDIS_DATABASE,
    tests: [
      'a refused SELECT writes nothing into database 0, and is logged once by name',
      'a SELECT that is refused on a reconnect writes nothing into database 0',
      'behind Sentinels a refused SELECT writes nothing into database 0 either',
    ],
  },
  {
    name: 'a URL that names no number is refused',
    patches: [{ file: 'src/cache/redis-target.ts', from: " && namesDatabase(url)\n", to: '\n' }],
    file: REDIS_DATABASE,
    tests: ['names a database of Redis'],
  },
  {
    name: 'a server that does not say which one it is is refused',
    patches: [
      { file: 'src/cache/server-identity.ts', from: "if (runId === undefined) return { missing: 'run_id' }\n", to: '' },
      { file: 'src/cache/server-identity.ts', from: "if (replicationId === undefined) return { missing: 'master_replid' }\n", to: '' },
      { file: 'src/cache/server-identity.ts', from: "if (role === undefined) return { missing: 'role' }\n", to: '' },
    ],
    file: 'test/servers/nameless-redis.test.ts',
    tests: ['is refused by name and never swept'],
  },
  {
    name: 'writers: above READ COMMITTED everything is retired',
    patches: [{ file: TRIGGERS, from: "IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN", to: 'IF false THEN' }],
    file: ISOLATION,
    tests: [
      'a product that a pet was answered with', 'preferences count for a pet', 'an empty answer since the snapshot', 'raises the epoch once',
      'a concern of a pet that was entered',
    ],
  },
  {
    name: 'writers: a change of a product retires above READ COMMITTED',
    patches: [{ file: TRIGGERS, from: '    PERFORM wait_for_stores(changed || renamed);\n    PERFORM retire_all_above_read_committed();\n', to: '    PERFORM wait_for_stores(changed || renamed);\n' }],
    file: ISOLATION,
    tests: ['a product that a pet was answered with', 'an empty answer since the snapshot'],
  },
  {
    name: 'writers: a pet that the snapshot does not know retires everything',
    patches: [{ file: TRIGGERS, from: 'IF touch_pets(ids) < cardinality(ids) THEN', to: 'IF touch_pets(ids) < 0 THEN' }],
    file: ISOLATION,
    tests: ['a concern of a pet that was entered'],
  },
  {
    name: 'writers: everything is retired once a transaction',
    patches: [{ file: TRIGGERS, from: 'UPDATE cache_epoch SET epoch = epoch + 1 WHERE xmin <> pg_current_xact_id()::xid;', to: 'UPDATE cache_epoch SET epoch = epoch + 1;' }],
    file: ISOLATION,
    tests: ['raises the epoch once'],
  },
  {
    name: 'writers: the session is ours',
    patches: [{ file: 'src/db/client.ts', from: '    ...SESSION,\n', to: '' }],
    file: HOSTILE_SESSION,
    tests: ['what a role or a database has set otherwise'],
  },
  {
    name: 'writers: replica mode has triggers of its own',
    patches: [{ file: TRIGGERS, from: 'ALTER TABLE pets ENABLE REPLICA TRIGGER pets_replicated;', to: 'ALTER TABLE pets DISABLE TRIGGER pets_replicated;' }],
    file: HOSTILE_SESSION,
    tests: ['what is written in replica mode'],
  },
  {
    name: 'writers: a raised epoch is told in replica mode',
    patches: [{ file: TRIGGERS, from: 'ALTER TABLE cache_epoch ENABLE ALWAYS TRIGGER epoch_record_invalidation;', to: '' }],
    file: HOSTILE_SESSION,
    tests: ['what is written in replica mode'],
  },
  {
    name: 'writers: preferences change for the former owner too',
    patches: [{ file: TRIGGERS, from: 'array(SELECT user_id FROM new_rows UNION SELECT user_id FROM old_rows)', to: 'array(SELECT user_id FROM new_rows)' }],
    file: OTHER_WRITERS,
    tests: ['preferences that are given to another user'],
  },
  {
    name: 'writers: a pet is gone under its old id',
    patches: [{ file: TRIGGERS, from: 'WHEN (OLD.id <> NEW.id) EXECUTE', to: 'WHEN (OLD.id = NEW.id) EXECUTE' }],
    file: OTHER_WRITERS,
    tests: ['a pet whose id changes'],
  },
  {
    name: 'writers: a product is gone under its old id',
    patches: [{ file: TRIGGERS, from: 'array(SELECT id FROM old_rows EXCEPT SELECT id FROM new_rows)', to: "'{}'" }],
    file: OTHER_WRITERS,
    tests: ['a product whose id changes'],
  },
  {
    name: 'writers: a trigger does not follow the search_path',
    patches: [{ file: TRIGGERS, from: 'CREATE FUNCTION pets_record_changes() RETURNS trigger LANGUAGE plpgsql\nSET search_path = pg_catalog, public, pg_temp AS $$', to: 'CREATE FUNCTION pets_record_changes() RETURNS trigger LANGUAGE plpgsql AS $$' }],
    file: OTHER_WRITERS,
    tests: ['is told to our outbox'],
  },
  {
    name: 'writers: a number that is not above the one before is refused',
    patches: [{ file: TRIGGERS, from: 'IF NEW.recommendation_version <= OLD.recommendation_version THEN', to: 'IF false THEN' }],
    file: OTHER_WRITERS,
    tests: ['that is not above the one before is refused', 'another session kept in stock'],
  },
  {
    name: 'writers: so is a number of something removed',
    patches: [{ file: TRIGGERS, from: 'IF drawn <= floor THEN', to: 'IF false THEN' }],
    file: OTHER_WRITERS,
    tests: ['that is not above the one before is refused'],
  },
  {
    name: 'writers: a gateway looks at triggers and sequences before it starts',
    patches: [{ file: MIGRATE, from: '    await assertAsMade(db)\n', to: '' }],
    file: CHECK_DATABASE,
    tests: ['triggers that were switched off', 'nor on a sequence'],
  },
  {
    name: 'writers: sequences that are behind are aligned',
    patches: [{ file: MIGRATE, from: '    await alignSequences(db)\n', to: '' }],
    file: CHECK_DATABASE,
    tests: ['a copy without the values'],
  },
  {
    name: 'a database of an unreleased version is refused',
    patches: [{ file: MIGRATE, from: '    assertOurs(applied)\n', to: '' }],
    file: 'test/db/migrate.test.ts',
    tests: ['a database that an unreleased version made'],
  },
  {
    name: 'stores: a store waits behind a writer',
    patches: [{ file: TRIGGERS, from: 'PERFORM pg_advisory_xact_lock_shared(72033461, key)', to: 'PERFORM (72033461, key)' }],
    file: FAIR,
    tests: ['a change of a product waits for the stores', 'a run that was stored first'],
  },
  {
    name: 'stores: an empty run waits behind a writer',
    patches: [{ file: TRIGGERS, from: 'PERFORM pg_advisory_xact_lock_shared(72033461, 256);', to: '' }],
    file: FAIR,
    tests: ['so does a new product wait', 'a run that was stored first'],
  },
  {
    name: 'stores: a writer waits for stores',
    patches: [{ file: TRIGGERS, from: '    PERFORM wait_for_stores(changed || renamed);\n', to: '' }],
    file: FAIR,
    tests: ['a change of a product waits for the stores', 'a run that was stored first'],
  },
  {
    name: 'stores: a store gives way before Postgres looks for a deadlock',
    patches: [{ file: TRIGGERS, from: "SET lock_timeout = '500ms'", to: "SET lock_timeout = '0'" }],
    file: FAIR,
    tests: ['a store gives way to a transaction'],
  },
  {
    name: 'stores: a pet that is being changed is not waited for',
    patches: [{ file: STORE, from: ".for('share', { skipLocked: true })", to: ".for('share')" }],
    file: FAIR,
    tests: ['a store does not wait for a pet'],
  },
  {
    name: 'stores: nothing is held against clearing all',
    patches: [{ file: STORE, from: '.from(cacheEpoch).prepare', to: ".from(cacheEpoch).for('share').prepare" }],
    file: FAIR,
    tests: ['clearing all waits for no store'],
  },
  {
    name: 'read-only: a standby is asked nothing',
    patches: [{ file: READ_ONLY, from: "  in_hot_standby: 'a standby, which is read-only',\n", to: '' }],
    file: READ_ONLY_POSTGRES,
    tests: ['a standby is asked nothing'],
  },
  {
    name: 'read-only: what a standby says is neither believed nor kept',
    patches: [
      { file: READ_ONLY, from: "  in_hot_standby: 'a standby, which is read-only',\n", to: '' },
      { file: READ_ONLY, from: 'if (row?.is_read_only === false) return', to: 'if (row !== undefined) return' },
    ],
    file: STANDBY,
    tests: ['whose name leads to a standby', 'on a standby hits are marked', 'a standby that lags fills nothing'],
  },
  {
    name: 'read-only: a primary that was told to be is left',
    patches: [
      {
        file: READ_ONLY,
        from: "  default_transaction_read_only: 'read-only: default_transaction_read_only is on',\n",
        to: '',
      },
    ],
    file: READ_ONLY_POSTGRES,
    tests: ['a primary that is told to take no writes', 'whose transactions are read-only'],
  },
  {
    name: 'read-only: a refused write is an outage, not a fault of ours',
    patches: [{ file: 'src/db/errors.ts', from: '  READ_ONLY_CODE,\n])', to: '])' }],
    file: STANDBY,
    tests: ['behind a pooler that does not say so'],
  },
  {
    name: 'read-only: a server that reports nothing is asked',
    patches: [
      { file: READ_ONLY, from: 'if (row?.is_read_only === false) return', to: 'if (row !== undefined) return' },
    ],
    file: STANDBY,
    tests: ['behind a pooler that does not say so'],
  },
  {
    name: 'read-only: a server that was left is not heard',
    patches: [
      {
        file: 'src/db/reasons-to-leave.ts',
        from: 'if (isOver) return',
        to: 'if (isOver && chunk.length < 0) return',
      },
    ],
    file: 'test/db/reasons-to-leave.test.ts',
    tests: ['why a server is left is found'],
  },
  {
    name: 'read-only: all connections are left at once',
    patches: [
      {
        file: 'src/db/sockets.ts',
        from: 'for (const one of open) one.leave',
        to: 'for (const one of [...open].slice(1)) one.leave',
      },
    ],
    file: READ_ONLY_POSTGRES,
    tests: ['whoever leaves all connections'],
  },
  {
    name: 'read-only: a start says where DATABASE_URL leads',
    patches: [
      {
        file: 'src/db/migrate.ts',
        from: 'if (isReadOnly(error)) throw',
        to: "if (isReadOnly(error) && url === '') throw",
      },
    ],
    file: READ_ONLY_POSTGRES,
    tests: ['a start on a standby ends'],
  },
  {
    name: 'a relay that was only notified waits',
    patches: [{ file: WAKE_UPS, from: 'waiting.set(transaction, later(least + random() * (most - least), wake))', to: 'if (random() + least + most > 0) wake()' }],
    file: RELAY_WAITS,
    tests: ['with eight gateways one relay looks for a change made in psql'],
  },
  {
    name: 'what was delivered is waited for no longer',
    patches: [{ file: WAKE_UPS, from: '      waiting.get(transaction)?.()\n      waiting.delete(transaction)\n', to: '      waiting.has(transaction)\n' }],
    file: RELAY_WAITS,
    tests: ['with eight gateways one relay looks for a change made in psql'],
  },
  {
    name: 'a delivery ends no other wait',
    patches: [{ file: WAKE_UPS, from: '      waiting.get(transaction)?.()\n', to: '      forget()\n' }],
    file: RELAY_WAITS,
    tests: ['the delivery of one change does not end the wait for another'],
  },
  {
    name: 'a relay that is woken while it reads, reads again',
    patches: [{ file: 'src/cache/relay.ts', from: '    again = true\n', to: '' }],
    file: RELAY_WAITS,
    tests: ['a change whose maker dies is delivered by a relay that waited'],
  },
  {
    name: 'a master without a heartbeat says nothing of the data of others',
    patches: [{ file: 'src/cache/data-origins.ts', from: 'if (verified === undefined) return masters', to: 'if (verified === undefined || unknown.length > 0) return masters' }],
    file: CLUSTER_SLOTS,
    tests: ['a slot that moves with its heartbeat costs at most what lay on its former master'],
  },
  {
    name: 'slots of a server that is another one since make their owner a suspect',
    patches: [{ file: 'src/cache/data-origins.ts', from: '...gained])', to: '])' }, { file: 'src/cache/data-origins.ts', from: '      const gained = owners', to: '      owners' }],
    file: CLUSTER_SLOTS,
    tests: ['data of unknown age are looked for at'],
  },
  {
    name: 'a master with few slots has a heartbeat',
    patches: [{ file: 'src/cache/redis-connection.ts', from: 'if (slot === -1) throw', to: 'if (slot !== -2) throw' }],
    file: CLUSTER_SLOTS,
    tests: ['a master that joins with a single slot costs nothing of the others'],
  },
  {
    name: 'lineage: a database that went back is noticed',
    patches: [{ file: 'src/cache/lineage-watch.ts', from: 'if (!isHome || wentBack.length > 0) {', to: "if (!isHome && lineage === '') {" }],
    file: GOES_BACK,
    tests: ['a failover that lost commits', 'a snapshot of its data put back', 'a restore to a point in time', 'rows and sequences of a dump put back', 'an epoch that was set back'],
  },
  {
    name: 'lineage: how far it had come is compared',
    patches: [{ file: 'src/cache/lineage-watch.ts', from: 'if (!isHome || wentBack.length > 0) {', to: 'if (!isHome) {' }],
    file: GOES_BACK,
    tests: ['a snapshot of its data put back', 'rows and sequences of a dump put back', 'an epoch that was set back'],
  },
  {
    name: 'lineage: what the outbox holds of a future that was forgotten is told to nobody',
    patches: [{ file: 'src/db/lineage.ts', from: "if (isInPart) await bounded('forget versions'", to: "if (isInPart && former === '') await bounded('forget versions'" }],
    file: GOES_BACK,
    tests: ['rows and sequences of a dump put back'],
  },
  {
    name: 'lineage: floors end with it',
    patches: [{ file: 'src/app.ts', from: '    floors.forget()\n', to: '' }],
    file: GOES_BACK,
    tests: ['an epoch that was set back'],
  },
  {
    name: 'lineage: the keys of the former one are dropped',
    patches: [{ file: 'src/cache/former-keys.ts', from: '=== former.heartbeats) await drop', to: '!== former.heartbeats) await drop' }],
    file: GOES_BACK,
    tests: ['the keys of the former lineage are dropped'],
  },
  {
    name: 'lineage: a change before the move is a floor after it',
    patches: [{ file: 'src/recommend/floors.ts', from: 'if (aside !== undefined && isCurrent(aside.lineage)) {', to: 'if (aside !== undefined && floorMs < 0) {' }],
    file: 'test/recommend/floors.test.ts',
    tests: ['before the cache is of it'],
  },
  {
    name: 'lineage: a change of another one ends the use of Redis',
    patches: [{ file: 'src/cache/lineage-watch.ts', from: 'if (keyspace.current().lineage !== lineage) keyspace.leave()', to: 'if (keyspace.current().lineage !== lineage) return' }],
    file: 'test/cache/lineage-watch.test.ts',
    tests: ['leaves Redis alone until a check knows'],
  },
  {
    name: 'lineage: marks of the former one draw no second',
    patches: [{ file: 'src/cache/lineage-watch.ts', from: 'isKnown && lookedIn === lineage', to: 'isKnown && lookedIn !== undefined' }],
    file: 'test/cache/lineage-watch.test.ts',
    tests: ['draws no second one by its marks'],
  },
  {
    name: 'lineage: a copy is another database',
    patches: [{ file: 'src/cache/lineage-watch.ts', from: 'if (!isHome || wentBack.length > 0) {', to: 'if (wentBack.length > 0) {' }],
    file: LINEAGES,
    tests: ['a copy of the database on the same Redis'],
  },
  {
    name: 'lineage: keys carry it',
    patches: [{ file: 'src/cache/keys.ts', from: "${NAMESPACE}:${lineage.replaceAll('-', '').slice(0, LINEAGE_DIGITS)}", to: "${NAMESPACE}:${lineage.slice(0, 0 * LINEAGE_DIGITS)}" }],
    file: LINEAGES,
    tests: ['a copy of the database on the same Redis', 'do not spend each other'],
  },
  {
    name: 'lineage: a catalogue is of one',
    patches: [{ file: 'src/db/catalogue.ts', from: 'one.lineage === lineage && one.version >= version', to: 'one.version >= version && lineage.length > 0' }],
    file: 'test/db/catalogue.test.ts',
    tests: ['the catalogue of another lineage'],
  },
  {
    name: 'no floor ends while Postgres cannot be asked',
    patches: [{ file: 'src/recommend/floors.ts', from: '    if (!mayForget()) turnAt = now + floorMs\n', to: '    void mayForget\n' }],
    file: 'test/recommend/floors.test.ts',
    tests: ['no floor ends while Postgres cannot be asked'],
  },
  {
    name: 'truncate: profiles and scores are of an epoch',
    patches: [
      { file: 'src/recommend/pet-summaries.ts', from: ' && epoch === read.epoch', to: '' },
      { file: 'src/recommend/match-scores.ts', from: 'kept?.epoch === read.epoch && ', to: '' },
      { file: 'src/cache/fence.ts', from: ' && fence.epoch === epoch', to: '' },
      { file: 'src/http/kept-answers.ts', from: 'epoch === read.epoch && floors.allow(petId, version, epoch)', to: 'epoch > 0 && floors.allow(petId, version, Infinity)' },
    ],
    file: TRUNCATE,
    tests: ['pets that were truncated'],
  },
  {
    name: 'clock: a database whose clock was set back begins a new lineage',
    patches: [PATCHES.clockGoesBack],
    file: CLOCK_STEPS,
    tests: ["a heartbeat ahead of Postgres's clock", "Postgres's clock is set back and passes its former time again"],
  },
  {
    name: 'clock: an undelivered row from the future is overdue',
    patches: [PATCHES.futureIsNotOverdue],
    file: UNDELIVERED,
    tests: ['a row from the future'],
  },
  {
    name: 'clock: neither its step nor a row from the future is noticed',
    patches: [PATCHES.clockGoesBack, PATCHES.futureIsNotOverdue],
    file: CLOCK_STEPS,
    tests: ["Postgres's clock is set back while a change is undelivered"],
  },
  {
    name: 'clock: a run from the future is no answer',
    patches: [{ file: ROWS, from: '  not(isFromTheFuture),\n', to: '' }],
    file: CLOCK_STEPS,
    tests: ["a run that was stored while Postgres's clock was days ahead"],
  },
  {
    name: 'clock: a run from the future makes room',
    patches: [{ file: STORE, from: 'and(sameVersion, or(isOld, isFromTheFuture))', to: 'and(sameVersion, or(isOld, and(isOld, isFromTheFuture)))' }],
    file: CLOCK_STEPS,
    tests: ["a run that was stored while Postgres's clock was days ahead"],
  },
]
