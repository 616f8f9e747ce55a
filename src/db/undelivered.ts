import { sql, type SQL } from 'drizzle-orm'
import type { Db, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { inTransaction } from './transaction.ts'

/*
  How undelivered rows of the outbox are found, whatever the size of the outbox.

  Delivering a row is an update that sets `delivered_at`, so the row leaves the index of undelivered rows. But while an
  old snapshot is open (a dump, an idle transaction, a replication slot) Postgres can remove no entry from that index,
  and whoever looks for undelivered rows reads through all that were delivered since: millions of dead entries. "Ids
  above the last one" would skip them, and would be wrong: an id is drawn before the commit, so a smaller one may appear
  later.

  Transactions can be told apart exactly. Each row bears the transaction that made it undelivered (`txid`): the one that
  wrote it, or the one that took it as undelivered again (a trigger sees to that). A look returns, beside what it found,
  its own snapshot: the transactions that still ran, and the first id that was not given yet. Of all rows that the
  snapshot shows, the look has found those that are undelivered. So the next look, in whatever connection, need not read
  more than

    * the transactions of which undelivered rows were found, each from its first undelivered row on: all rows of
      a transaction appear at once, and one that is taken as undelivered again bears another transaction,
    * the transactions that still ran,
    * the transactions that had not begun.

  What is dead there was delivered since the last look. A transaction that idles for hours costs one probe of the index.
  Of more than MOST_APART transactions the last becomes the bound of all others: behind it nearly all is undelivered,
  not dead.

  Every such answer stays true, however late it comes and whoever uses it, as long as the outbox is the same. So each
  look says whose answer it builds on, and where the outbox has another identity (see `outbox_identity`) it is told
  nothing and looks anew, without any bound. The ids of a restored dump are those of another server: that first look
  finds them, and those from the future are above every bound.

  The first look reads through all that is dead, once. It has a minute for it, and all who look wait for the same one.
*/

/**
 * Where something undelivered can lie: in the transactions `apart`, ascending, each from an id on; and in every one
 * from `beyond` on, unless that is null.
 */
export type Bounds = { apart: readonly Apart[]; beyond: string | null }
export type Apart = { txid: string; id: number }

/**
 * What a look found: of each transaction that has undelivered rows the first of them, ascending. And the snapshot that
 * it was found in: what still ran, and the first id that was not given.
 */
export type Look = { found: readonly Apart[]; running: readonly string[]; next: string }

/** What one transaction wrote, by its smallest and largest id. Rows of others may lie between. */
export type OutboxRange = { txid: string; first: number; last: number }

export const MOST_APART = 200
const EVERYWHERE: Bounds = { apart: [], beyond: '0' }
/** Milliseconds. */
const FIRST_LOOK_MS = 60_000

export const boundsOfChange = ({ txid, first }: OutboxRange): Bounds => ({ apart: [{ txid, id: first }], beyond: null })

/** Where undelivered rows can be from now on. A look that found the most it may has not looked behind the last of them. */
export function boundsAfter({ found, running, next }: Look, most = MOST_APART): Bounds {
  const first = new Map([...found, ...running.map((txid) => ({ txid, id: 0 }))].map(({ txid, id }) => [txid, id]))
  const apart = [...first]
    .map(([txid, id]) => ({ txid, id }))
    .filter(({ txid }) => isBefore(txid, next))
    .sort((a, b) => (isBefore(a.txid, b.txid) ? -1 : 1))
  return { apart: apart.slice(0, most - 1), beyond: apart[most - 1]?.txid ?? next }
}

const isBefore = (a: string, b: string): boolean => BigInt(a) < BigInt(b)

type Found = { pending: boolean; overdue: boolean }
type Row = { identity: string | null; found: Apart[]; running: string[]; next: string; overdue: boolean }

/** `lookOf(bounds, known, overdueMs)` in the from-clause of a statement, and what is selected of it. */
const LOOK = sql`look.identity, look.is_overdue as overdue, pg_snapshot_xmax(look.snapshot)::text as next,
  (select coalesce(json_agg(running::text), '[]') from pg_snapshot_xip(look.snapshot) running) as running,
  (select coalesce(json_agg(json_build_object('txid', txid::text, 'id', id)), '[]')
    from unnest(look.found_txids, look.found_ids) found(txid, id)) as found`

const lookOf = (bounds: Bounds, known: string | null, overdueMs: number | null): SQL =>
  sql`look_at_outbox(${known}::text, ${arraysOf(bounds)}, ${MOST_APART}::int,
    now() - ${overdueMs}::float8 * interval '1 millisecond')`

/** As the functions of the outbox take them. */
export function arraysOf({ apart, beyond }: Bounds): SQL {
  const txids = sql.param(apart.map(({ txid }) => txid))
  const ids = sql.param(apart.map(({ id }) => id))
  return sql`${txids}::text[]::xid8[], ${ids}::bigint[], ${beyond}::text::xid8`
}

/** The id of the first undelivered row of a change. */
export async function firstUndeliveredOf(db: Db, range: OutboxRange): Promise<number | undefined> {
  const [row] = await db.execute<Row>(sql`select ${LOOK} from ${lookOf(boundsOfChange(range), null, null)} look`)
  return row?.found[0]?.id
}

export function createUndelivered(db: Db) {
  let known: { identity: string; bounds: Bounds } | undefined
  let firstLook: Promise<void> | undefined

  const take = (row: Row | undefined): void => {
    if (row === undefined) throw new Error('postgres: a statement without a row')
    if (row.identity === null) throw new Error('postgres: a standby, its snapshots do not tell which transactions run')
    known = { identity: row.identity, bounds: boundsAfter(row) }
  }

  const lookEverywhere = async (): Promise<void> => {
    const rows = await bounded(
      'first look at the outbox',
      inTransaction(
        db,
        async (tx: Transaction) => {
          await tx.execute(sql`select set_config('statement_timeout', ${String(FIRST_LOOK_MS)}, true)`)
          return tx.execute<Row>(sql`select ${LOOK} from ${lookOf(EVERYWHERE, null, null)} look`)
        },
        undefined,
        FIRST_LOOK_MS,
      ),
      FIRST_LOOK_MS,
    )
    take(rows[0])
  }

  return {
    /** Where something undelivered may lie, by the last look. */
    bounds: (): Bounds => known?.bounds ?? EVERYWHERE,
    /**
     * Whether anything is undelivered, and any of it older than `overdueMs`; with whatever `more` selects from the same
     * snapshot, as columns; `from`: what it selects from beside the look, one row.
     */
    look: async <More extends object>(what: string, overdueMs: number | null, more: SQL, from = sql``): Promise<More & Found> => {
      for (let tries = 2; ; tries--) {
        if (known === undefined) {
          firstLook ??= lookEverywhere().finally(() => (firstLook = undefined))
          await firstLook
        }
        const asked = known
        if (asked === undefined) continue
        const statement = sql`select ${LOOK}, ${more} from ${lookOf(asked.bounds, asked.identity, overdueMs)} look ${from}`
        const [row] = (await bounded(what, db.execute(statement))) as readonly (Row & More)[]
        if (row !== undefined && row.identity === asked.identity) {
          take(row)
          return { ...row, pending: row.found.length > 0 }
        }
        if (tries === 0) throw new Error('postgres: another outbox at each look')
        if (known === asked) known = undefined
      }
    },
  }
}
