import { and, asc, between, desc, eq, gt, isNull, lte, sql, type SQL } from 'drizzle-orm'
import { boundedRead } from './another-connection.ts'
import { isOneOf } from './any-of.ts'
import type { Db, DbConnection, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { theEpoch } from './one-row.ts'
import { cacheEpoch, cacheInvalidations } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'
import { inTransaction } from './transaction.ts'

/** One thing that the cache must be told; the same shape as the cache's own, which this folder does not import. */
export type OutboxEntry =
  | { kind: 'pet'; petId: string; version: number; ownerId: string | null }
  | { kind: 'product'; productId: string; revision: number }
  | { kind: 'epoch'; epoch: number }

/** What one transaction wrote, by its smallest and largest id. Rows of others may lie between. */
export type OutboxRange = { first: number; last: number }

/** Pets that are not there are not in the map. */
export type Current = { epoch: number; pets: Map<string, { ownerId: string; version: number }> }

export type Outbox = ReturnType<typeof createOutbox>

/** `now` in milliseconds since 1970. `horizon`: of the transactions, the oldest that was not over. */
export type Situation = { now: number; horizon: string; pending: boolean; overdue: boolean; delivered: Delivered[] }
/** `at`: milliseconds since 1970. */
export type Delivered = { id: number; at: number; entry: OutboxEntry }

/** Of a transaction that wrote to the outbox: it was committed, and some of it or all was delivered. */
export type Listener = { changed(transaction: string): void; delivered(transaction: string): void; connected(): void }

const CHANNEL = 'cache_invalidations'

export function createOutbox({ db, sql: client }: Pick<DbConnection, 'db' | 'sql'>) {
  return {
    /**
     * Hand up to `limit` undelivered entries to `deliver`, oldest first, and mark them if it returns true. Rows another
     * process is delivering are skipped, not waited for. What is undelivered is told by its flag alone: ids are drawn
     * before the commit, so a smaller one may still appear after a larger one was seen.
     * Returns how many were delivered, or 'refused' where `deliver` returned false. With `range`: of these only.
     */
    deliverBatch: (limit: number, deliver: (entries: OutboxEntry[]) => Promise<boolean>, range?: OutboxRange): Promise<number | 'refused'> =>
      bounded(
        'outbox',
        inTransaction(db, async (tx) => {
          const rows = await tx
            .select()
            .from(cacheInvalidations)
            .where(and(isNull(cacheInvalidations.deliveredAt), within(range)))
            .orderBy(asc(cacheInvalidations.id))
            .limit(limit)
            .for('update', { skipLocked: true })
          if (rows.length === 0) return 0
          if (!(await deliver(rows.map(toEntry)))) return 'refused'
          const ids = rows.map(({ id }) => id)
          await tx
            .update(cacheInvalidations)
            .set({ deliveredAt: sql`now()` })
            .where(sql`${cacheInvalidations.id} = any(${sql.param(ids)}::bigint[])`)
          return rows.length
        }),
      ),

    /** Mark what a delivered entry covers: everything of that pet up to its version, or every epoch up to its own. */
    markDelivered: async (entries: readonly OutboxEntry[]): Promise<void> => {
      for (const entry of entries) {
        await bounded('mark delivered', markWhere(db, and(isNull(cacheInvalidations.deliveredAt), coveredBy(entry))))
      }
    },

    /** False also while somebody else is delivering some of it. */
    isDelivered: async (range: OutboxRange): Promise<boolean> => {
      const undelivered = and(isNull(cacheInvalidations.deliveredAt), within(range))
      const rows = await bounded('delivered', db.select({ id: cacheInvalidations.id }).from(cacheInvalidations).where(undelivered).limit(1))
      return rows.length === 0
    },

    /** The page of a range that begins after an id, delivered or not. Undefined at its end. */
    entriesAfter: async (id: number, range: OutboxRange, limit: number): Promise<{ lastId: number; entries: OutboxEntry[] } | undefined> => {
      const page = and(gt(cacheInvalidations.id, id), within(range))
      const rows = await bounded('outbox page', db.select().from(cacheInvalidations).where(page).orderBy(asc(cacheInvalidations.id)).limit(limit))
      const last = rows.at(-1)
      return last === undefined ? undefined : { lastId: last.id, entries: rows.map(toEntry) }
    },

    pendingCount: async (): Promise<number> => {
      const [row] = await bounded(
        'pending',
        db.select({ count: sql<number>`count(*)::int` }).from(cacheInvalidations).where(isNull(cacheInvalidations.deliveredAt)),
      )
      return row?.count ?? 0
    },

    /**
     * What trust in the cache is founded on, in one statement: is anything undelivered, is any of it older than `overdueMs`,
     * and what was delivered after `since` (milliseconds since 1970 on Postgres's clock; undefined: nothing), the newest `limit` of it.
     */
    situation: async (since: number | undefined, limit: number, overdueMs: number): Promise<Situation> => {
      const undelivered = db.select({ one: sql`1` }).from(cacheInvalidations).where(isNull(cacheInvalidations.deliveredAt))
      const [row] = await bounded(
        'situation',
        db.execute<Omit<Situation, 'delivered'> & { delivered: DeliveredRow[] }>(sql`
          select (extract(epoch from now()) * 1000)::float8 as now, pg_snapshot_xmin(pg_current_snapshot())::text as horizon,
            exists(${undelivered}) as pending,
            exists(select 1 from cache_invalidations where delivered_at is null and created_at < now() - ${overdueMs} * interval '1 millisecond') as overdue,
            (select coalesce(json_agg(newest), '[]') from (${deliveredPage(NEWEST, since ?? Infinity, limit, undefined)}) newest) as delivered`),
      )
      if (row === undefined) throw new Error('postgres: a statement without a row')
      return { ...row, delivered: row.delivered.map(toDelivered) }
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

    /** Forget what was delivered longer ago than `ms`. */
    purgeDelivered: async (ms: number): Promise<void> => {
      const old = sql`${cacheInvalidations.deliveredAt} < now() - ${ms} * interval '1 millisecond'`
      await bounded('purge outbox', db.delete(cacheInvalidations).where(old))
    },

    /** Versions and owners as Postgres has them now, in one statement: what the cache is compared with where its word is not enough. */
    current: async (petIds: readonly string[]): Promise<Current> => {
      const rows = await boundedRead('versions', async () =>
        db
          .select({ epoch: cacheEpoch.epoch, petId: pets.id, ownerId: pets.userId, version: pets.recommendationVersion })
          .from(theEpoch)
          .leftJoin(pets, isOneOf(pets.id, petIds))
          .prepare('current_versions')
          .execute(),
      )
      const found = rows.flatMap(({ petId, ownerId, version }) =>
        petId === null || ownerId === null || version === null ? [] : [[petId, { ownerId, version }] as const],
      )
      return { epoch: rows[0]?.epoch ?? 0, pets: new Map(found) }
    },

    /**
     * Report every notification, and every (re)connect of the listening connection: what was notified while it was away is
     * lost. One of another form than drizzle/0003_relay_wake_ups.sql gives it is taken for a change.
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
  const rows = await tx
    .selectDistinctOn([cacheInvalidations.petId])
    .from(cacheInvalidations)
    .where(and(isNull(cacheInvalidations.deliveredAt), isOneOf(cacheInvalidations.petId, petIds)))
    .orderBy(asc(cacheInvalidations.petId), desc(cacheInvalidations.version))
    .prepare('pending_of')
    .execute()
  return rows.map(toEntry)
}

/** What this transaction has written, and of how many pets. The row's own xmin says whose it is. */
export async function outboxRangeOf(tx: Transaction): Promise<{ pets: number; range: OutboxRange }> {
  const [row] = await tx
    .select({
      pets: sql<number>`count(distinct ${cacheInvalidations.petId})::int`,
      first: sql<number>`coalesce(min(${cacheInvalidations.id}), 0)::float8`,
      last: sql<number>`coalesce(max(${cacheInvalidations.id}), 0)::float8`,
    })
    .from(cacheInvalidations)
    .where(and(isNull(cacheInvalidations.deliveredAt), sql`${cacheInvalidations}.xmin = pg_current_xact_id()::xid`))
  return { pets: row?.pets ?? 0, range: { first: row?.first ?? 0, last: row?.last ?? 0 } }
}

function within(range: OutboxRange | undefined): SQL | undefined {
  return range === undefined ? undefined : between(cacheInvalidations.id, range.first, range.last)
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

function toEntry(row: Pick<typeof cacheInvalidations.$inferSelect, 'petId' | 'productId' | 'version' | 'ownerId' | 'epoch'>): OutboxEntry {
  if (row.petId !== null) return { kind: 'pet', petId: row.petId, version: row.version ?? 0, ownerId: row.ownerId }
  if (row.productId !== null) return { kind: 'product', productId: row.productId, revision: row.version ?? 0 }
  return { kind: 'epoch', epoch: row.epoch ?? 0 }
}

type DeliveredRow = {
  id: number | string
  at: number
  pet_id: string | null
  product_id: string | null
  version: number | string | null
  owner_id: string | null
  epoch: number | string | null
}

/** In front of everything. */
const NEWEST = { at: Infinity, id: 0 }

/** See the end of drizzle/0001_triggers.sql. By id as well as by time, which all of a batch have in common. */
function deliveredPage(last: Pick<Delivered, 'at' | 'id'>, since: number, limit: number, seen: string | undefined): SQL {
  return sql`
    select id, (extract(epoch from delivered_at) * 1000)::float8 as at, pet_id, product_id, version, owner_id, epoch
    from invalidations_delivered(to_timestamp(${since / 1000}::float8), to_timestamp(${last.at / 1000}::float8), ${last.id}, ${seen ?? null}::text::xid8, ${limit})`
}

/** Statements outside drizzle's builder give bigint as text. */
function toDelivered(row: DeliveredRow): Delivered {
  const { at, pet_id: petId, product_id: productId, owner_id: ownerId } = row
  return { id: Number(row.id), at, entry: toEntry({ petId, productId, ownerId, version: Number(row.version), epoch: Number(row.epoch) }) }
}
