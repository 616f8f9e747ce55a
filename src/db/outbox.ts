import { and, asc, between, desc, eq, getTableColumns, gt, isNull, lte, sql, type SQL } from 'drizzle-orm'
import { boundedRead } from './another-connection.ts'
import { isOneOf } from './any-of.ts'
import type { Db, DbConnection, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { createLineageStore, databaseState, toDatabaseState, type DatabaseState, type StateRow } from './lineage.ts'
import { theEpoch } from './one-row.ts'
import { cacheEpoch, cacheInvalidations } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'
import { inTransaction } from './transaction.ts'
import { arraysOf, boundsOfChange, createUndelivered, firstUndeliveredOf, type OutboxRange } from './undelivered.ts'

/** One thing that the cache must be told; the same shape as the cache's own, which this folder does not import. */
export type OutboxChange =
  | { kind: 'pet'; petId: string; version: number; ownerId: string | null }
  | { kind: 'product'; productId: string; revision: number }
  | { kind: 'epoch'; epoch: number }
/** `lineage`: of the database, when the entry was read. */
export type OutboxEntry = OutboxChange & { lineage: string }

/** Pets that are not there are not in the map. `now` in milliseconds since 1970, by Postgres's clock. */
export type Current = { lineage: string; now: number; epoch: number; pets: Map<string, { ownerId: string; version: number }> }

export type Outbox = ReturnType<typeof createOutbox>

/** `now` in milliseconds since 1970. `horizon`: of the transactions, the oldest that was not over. */
export type Situation = { now: number; horizon: string; pending: boolean; overdue: boolean; delivered: Delivered[]; database: DatabaseState }
/** `at`: milliseconds since 1970. */
export type Delivered = { id: number; at: number; entry: OutboxChange }

/** Of a transaction that wrote to the outbox: it was committed, and some of it or all was delivered. */
export type Listener = { changed(transaction: string): void; delivered(transaction: string): void; connected(): void }

const CHANNEL = 'cache_invalidations'

export function createOutbox({ db, sql: client }: Pick<DbConnection, 'db' | 'sql'>) {
  const undelivered = createUndelivered(db)
  /** Seconds since 1970. */
  let purgedUntil = -Infinity

  return {
    database: createLineageStore(db).read,

    /**
     * Hand up to `limit` undelivered entries to `deliver`, by transaction, and mark them if it returns true. Rows that
     * another process is delivering are skipped, not waited for. Where nothing is undelivered no transaction is begun.
     * Returns how many were delivered, or 'refused' where `deliver` returned false. With `range`: of these only.
     */
    deliverBatch: async (
      limit: number,
      deliver: (entries: OutboxEntry[]) => Promise<boolean>,
      range?: OutboxRange,
    ): Promise<number | 'refused'> => {
      if (range === undefined && !(await undelivered.look('outbox', null, sql`1 as one`)).pending) return 0
      const bounds = range === undefined ? undelivered.bounds() : boundsOfChange(range)
      return bounded(
        'outbox',
        inTransaction(db, async (tx) => {
          const taking = sql`select ${ENTRY} from take_undelivered(${arraysOf(bounds)}, ${limit}::int)`
          const rows = await tx.execute<OutboxRow>(taking)
          if (rows.length === 0) return 0
          const entries = rows.map((row) => ({ ...changeOf(row), lineage: row.lineage }))
          if (!(await deliver(entries))) return 'refused'
          const ids = rows.map(({ id }) => Number(id))
          await tx
            .update(cacheInvalidations)
            .set({ deliveredAt: sql`now()` })
            .where(and(sql`${cacheInvalidations.id} = any(${sql.param(ids)}::bigint[])`, isStillIn(rows[0]?.lineage ?? '')))
          return rows.length
        }),
      )
    },

    /**
     * Mark what a delivered entry covers: everything of that pet up to its version, or every epoch up to its own. Nothing
     * where the database is in another lineage by now: whatever is read there has not been told.
     */
    markDelivered: async (entries: readonly OutboxEntry[]): Promise<void> => {
      for (const entry of entries) {
        const covered = and(isNull(cacheInvalidations.deliveredAt), coveredBy(entry), isStillIn(entry.lineage))
        await bounded('mark delivered', markWhere(db, covered))
      }
    },

    /** What is undelivered of it, also what somebody else is delivering, from its first row on. Undefined: nothing. */
    restOf: async (range: OutboxRange): Promise<OutboxRange | undefined> => {
      const first = await bounded('delivered', firstUndeliveredOf(db, range))
      return first === undefined ? undefined : { ...range, first }
    },

    /** The page of a range that begins after an id, delivered or not. Undefined at its end. */
    entriesAfter: async (id: number, range: OutboxRange, limit: number): Promise<{ lastId: number; entries: OutboxEntry[] } | undefined> => {
      const page = and(gt(cacheInvalidations.id, id), within(range))
      const rows = await bounded('outbox page', db.select({ ...getTableColumns(cacheInvalidations), lineage: LINEAGE }).from(cacheInvalidations).where(page).orderBy(asc(cacheInvalidations.id)).limit(limit))
      const last = rows.at(-1)
      return last === undefined ? undefined : { lastId: last.id, entries: rows.map(toEntry) }
    },

    pendingCount: async (): Promise<number> => {
      await undelivered.look('pending', null, sql`1 as one`)
      const counted = sql`select count_undelivered(${arraysOf(undelivered.bounds())})::int as count`
      const [row] = await bounded('pending', db.execute<{ count: number }>(counted))
      return row?.count ?? 0
    },

    /**
     * What trust in the cache is founded on, in one statement: is anything undelivered, is any of it older than `overdueMs`,
     * and what was delivered after `since` (milliseconds since 1970 on Postgres's clock; undefined: nothing), the newest `limit` of it.
     */
    situation: async (since: number | undefined, limit: number, overdueMs: number): Promise<Situation> => {
      const newest = deliveredPage(NEWEST, since ?? Infinity, limit, undefined)
      const more = sql`
        (extract(epoch from now()) * 1000)::float8 as now, pg_snapshot_xmin(look.snapshot)::text as horizon,
        (select coalesce(json_agg(newest), '[]') from (${newest}) newest) as delivered, state.*`
      const state = sql`cross join (select ${databaseState} from cache_epoch) state`
      const row = await undelivered.look<MoreOfSituation>('situation', overdueMs, more, state)
      const { now, horizon, pending, overdue, delivered } = row
      return { now, horizon, pending, overdue, delivered: delivered.map(toDelivered), database: toDatabaseState(row) }
    },

    /**
     * The page that comes behind `last`, newest first, of what was delivered after `since`. With `seen`, a horizon, without what
     * those had delivered that were over then.
     */
    deliveredBefore: async (last: Delivered, since: number, limit: number, seen: string | undefined): Promise<Delivered[]> =>
      (await bounded('delivered', db.execute<DeliveredRow>(deliveredPage(last, since, limit, seen)))).map(toDelivered),

    /**
     * Take up to `limit` entries that were delivered after `since` as undelivered: the cache may have lost them. Rows that
     * somebody is writing are left: they are being delivered. Returns how many, so that the caller knows whether that was all.
     */
    replay: async (since: number, limit: number): Promise<number> => {
      const recent = db
        .select({ id: cacheInvalidations.id })
        .from(cacheInvalidations)
        .where(gt(cacheInvalidations.deliveredAt, new Date(since)))
        .limit(limit)
        .for('update', { skipLocked: true })
      const taken = await bounded(
        'replay outbox',
        db.update(cacheInvalidations).set({ deliveredAt: null }).where(sql`${cacheInvalidations.id} in (${recent})`).returning({ id: cacheInvalidations.id }),
      )
      return taken.length
    },

    /**
     * Forget what was delivered longer ago than `ms`. From where the last purge ended: while an old snapshot is open,
     * all that was purged is still there to be read, and nothing is delivered a day ago that was not so then.
     */
    purgeDelivered: async (ms: number): Promise<void> => {
      const end = sql`now() - ${ms} * interval '1 millisecond'`
      const old = sql`delivered_at >= to_timestamp(${purgedUntil}::float8) and delivered_at < ${end}`
      const purge = sql`
        with gone as (delete from cache_invalidations where ${old}) select extract(epoch from ${end})::float8 as until`
      const [row] = await bounded('purge outbox', db.execute<{ until: number }>(purge))
      purgedUntil = row?.until ?? purgedUntil
    },

    /** Rejects also where Postgres takes no writes: what it says is then worth nothing. */
    ping: async (): Promise<void> => {
      const [row] = await bounded('ping', db.execute<{ off: boolean }>(sql`select not current_setting('transaction_read_only')::boolean as off`))
      if (row?.off !== true) throw new Error('postgres takes no writes')
    },

    /** Versions and owners as Postgres has them now, in one statement: what the cache is compared with where its word is not enough. */
    current: async (petIds: readonly string[]): Promise<Current> => {
      const rows = await boundedRead('versions', async () =>
        db
          .select({
            now: sql<number>`(extract(epoch from now()) * 1000)::float8`.as('now_ms'),
            lineage: cacheEpoch.lineage, epoch: cacheEpoch.epoch, petId: pets.id, ownerId: pets.userId, version: pets.recommendationVersion,
          })
          .from(theEpoch)
          .leftJoin(pets, isOneOf(pets.id, petIds))
          .prepare('current_versions')
          .execute(),
      )
      const found = rows.flatMap(({ petId, ownerId, version }) =>
        petId === null || ownerId === null || version === null ? [] : [[petId, { ownerId, version }] as const],
      )
      // Without an epoch nothing that is cached counts, whenever it is.
      const [row] = rows
      return { lineage: row?.lineage ?? '', now: row?.now ?? Infinity, epoch: row?.epoch ?? 0, pets: new Map(found) }
    },

    /**
     * Report every notification, and every (re)connect of the listening connection: what was notified while it was away is
     * lost. One of another form than drizzle/0006_relay_wake_ups.sql gives it is taken for a change.
     */
    listen: async ({ changed, delivered, connected }: Listener): Promise<{ close(): Promise<void> }> => {
      const heard = (payload: string): void => {
        const [word, transaction = ''] = payload.split(' ')
        if (word === 'delivered') delivered(transaction)
        else changed(transaction)
      }
      const { unlisten } = await bounded('listen', client.listen(CHANNEL, heard, connected))
      return { close: () => bounded('unlisten', unlisten()) }
    },
  }
}

/** What of these pets is undelivered, the newest version of each: asked in the transaction of a change, after it. */
export async function pendingOf(tx: Transaction, petIds: readonly string[]): Promise<OutboxEntry[]> {
  // Sent before this function first waits: `touchPet` counts on it.
  // One look a pet, from its newest version backwards: beneath it lie all the versions that were delivered.
  const newest = tx
    .select()
    .from(cacheInvalidations)
    .where(and(isNull(cacheInvalidations.deliveredAt), sql`${cacheInvalidations.petId} = asked.id`))
    .orderBy(desc(cacheInvalidations.version))
    .limit(1)
    .as('newest')
  const { petId, productId, version, ownerId, epoch } = newest
  const rows = await tx
    .select({ petId, productId, version, ownerId, epoch, lineage: LINEAGE })
    .from(sql`unnest((select ${sql.param(petIds)}::uuid[])) as asked(id)`)
    .crossJoinLateral(newest)
    .prepare('pending_of')
    .execute()
  return rows.map(toEntry)
}

/** What this transaction has written, and of how many pets. */
export async function outboxRangeOf(tx: Transaction): Promise<{ pets: number; range: OutboxRange }> {
  const [row] = await tx
    .select({
      pets: sql<number>`count(distinct ${cacheInvalidations.petId})::int`,
      first: sql<number>`coalesce(min(${cacheInvalidations.id}), 0)::float8`,
      last: sql<number>`coalesce(max(${cacheInvalidations.id}), 0)::float8`,
      txid: sql<string>`pg_current_xact_id()::text`,
    })
    .from(cacheInvalidations)
    .where(and(isNull(cacheInvalidations.deliveredAt), sql`${cacheInvalidations.txid} = pg_current_xact_id()`))
  return { pets: row?.pets ?? 0, range: { txid: row?.txid ?? '0', first: row?.first ?? 0, last: row?.last ?? 0 } }
}

function within(range: OutboxRange): SQL {
  return between(cacheInvalidations.id, range.first, range.last)
}

/** Rows that a relay holds are left to it. */
async function markWhere(db: Db, where: SQL | undefined): Promise<void> {
  const free = db.select({ id: cacheInvalidations.id }).from(cacheInvalidations).where(where).for('update', { skipLocked: true })
  await db.update(cacheInvalidations).set({ deliveredAt: sql`now()` }).where(sql`${cacheInvalidations.id} in (${free})`).prepare('mark_delivered').execute()
}

function coveredBy(entry: OutboxEntry): SQL | undefined {
  switch (entry.kind) {
    case 'pet':
      return and(eq(cacheInvalidations.petId, entry.petId), lte(cacheInvalidations.version, entry.version))
    case 'product':
      return and(eq(cacheInvalidations.productId, entry.productId), lte(cacheInvalidations.version, entry.revision))
    case 'epoch':
      return lte(cacheInvalidations.epoch, entry.epoch)
  }
}

function toEntry(row: ChangeRow & { lineage: string }): OutboxEntry {
  return { ...toChange(row), lineage: row.lineage }
}

type ChangeRow = Pick<typeof cacheInvalidations.$inferSelect, 'petId' | 'productId' | 'version' | 'ownerId' | 'epoch'>

function toChange(row: ChangeRow): OutboxChange {
  if (row.petId !== null) return { kind: 'pet', petId: row.petId, version: row.version ?? 0, ownerId: row.ownerId }
  if (row.productId !== null) return { kind: 'product', productId: row.productId, revision: row.version ?? 0 }
  return { kind: 'epoch', epoch: row.epoch ?? 0 }
}

/** Statements outside drizzle's builder give bigint as text. */
type OutboxRow = {
  id: number | string
  pet_id: string | null
  product_id: string | null
  version: number | string | null
  owner_id: string | null
  epoch: number | string | null
  lineage: string
}
type DeliveredRow = OutboxRow & { at: number }
type MoreOfSituation = Pick<Situation, 'now' | 'horizon'> & { delivered: DeliveredRow[] } & StateRow

const isStillIn = (lineage: string) => sql`exists (select from cache_epoch where lineage::text = ${lineage})`
const LINEAGE = sql<string>`(select lineage::text from cache_epoch)`
const ENTRY = sql`id, pet_id, product_id, version, owner_id, epoch, ${LINEAGE} as lineage`

/** In front of everything. */
const NEWEST = { at: Infinity, id: 0 }

/** See the end of drizzle/0001_triggers.sql. By id as well as by time, which all of a batch have in common. */
function deliveredPage(last: Pick<Delivered, 'at' | 'id'>, since: number, limit: number, seen: string | undefined): SQL {
  return sql`
    select ${ENTRY}, (extract(epoch from delivered_at) * 1000)::float8 as at
    from invalidations_delivered(to_timestamp(${since / 1000}::float8), to_timestamp(${last.at / 1000}::float8), ${last.id}, ${seen ?? null}::text::xid8, ${limit})`
}

function toDelivered(row: DeliveredRow): Delivered {
  return { id: Number(row.id), at: row.at, entry: changeOf(row) }
}

function changeOf({ pet_id: petId, product_id: productId, owner_id: ownerId, version, epoch }: OutboxRow): OutboxChange {
  return toChange({ petId, productId, ownerId, version: Number(version), epoch: Number(epoch) })
}
