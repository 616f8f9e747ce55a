import { sql } from 'drizzle-orm'
import type { Db } from './client.ts'

/*
  Is this database as our migrations made it? What must hold for a change to be seen is in its triggers and sequences,
  and whoever restores, copies or repairs a database can lose either without a word from Postgres:

    * pg_restore --disable-triggers, or a restore that ended half way, leaves triggers switched off, or on in another
      mode.
    * A copy without sequences (blue/green, a subscription, COPY into a fresh schema) draws versions that were drawn
      before.
    * ALTER SEQUENCE ... CACHE lets each session keep numbers in stock, so that a later change has the smaller version.
*/

/** Each column that a sequence fills, as far as a new number must lie above what is there. */
const DRAWN = sql`(
  select 'recommendation_version_seq' as name, greatest(
    (select max(recommendation_version) from pets),
    (select max(version) from cache_invalidations where pet_id is not null)) as newest
  union all
  select 'product_revision_seq', greatest(
    (select max(revision) from products),
    (select max(version) from cache_invalidations where product_id is not null))
  union all
  select 'cache_invalidations_id_seq', (select max(id) from cache_invalidations)
  union all
  select 'admin_audit_id_seq', (select max(id) from admin_audit)
)`

type Sequence = { name: string; isAsMade: boolean; isBehind: boolean | null }

/** What is not as it was made: a sentence for each, with what to do. Nothing else is asked of the role than to read. */
export async function faultsOf(db: Db): Promise<string[]> {
  const faults: string[] = []
  for (const look of [faultsOfSession, faultsOfRows, faultsOfTriggers, faultsOfSequences]) faults.push(...(await look(db)))
  return faults
}

/** Throws one sentence after the other. */
export async function assertAsMade(db: Db): Promise<void> {
  const faults = await faultsOf(db)
  if (faults.length > 0) throw new Error(`The database is not as its migrations made it. ${faults.join(' ')}`)
}

/**
 * Put each sequence that is behind above all that was drawn from it. Never back: whoever draws meanwhile is refused
 * by the triggers rather than given a number twice. Takes the owner of the sequences.
 */
export async function alignSequences(db: Db): Promise<void> {
  const behind = (await readSequences(db)).filter(({ isBehind }) => isBehind === true)
  for (const { name } of behind) {
    await db.execute(sql`
      select setval(${`public.${name}`}::text::regclass, drawn.newest) from ${DRAWN} drawn
      where drawn.name = ${name}
        and drawn.newest > coalesce(pg_sequence_last_value(${`public.${name}`}::text::regclass), 0)`)
  }
}

async function faultsOfSession(db: Db): Promise<string[]> {
  const [row] = await db.execute<{ role: string }>(sql`select current_setting('session_replication_role') as role`)
  if (row?.role === 'origin') return []
  return [
    `Its default for session_replication_role is ${row?.role}, under which a gateway's changes draw no versions: ` +
      'ALTER ROLE or ALTER DATABASE ... RESET session_replication_role.',
  ]
}

async function faultsOfRows(db: Db): Promise<string[]> {
  const [row] = await db.execute<{ epochs: number; states: number }>(
    sql`
      select (select count(*)::int from cache_epoch) as epochs,
        (select count(*)::int from catalogue_state) as states`,
  )
  const missing = [...(row?.epochs === 1 ? [] : ['cache_epoch']), ...(row?.states === 1 ? [] : ['catalogue_state'])]
  return missing.map(
    (table) => `${table} has lost its row: restore it from a backup, or insert one whose number is above all before it.`,
  )
}

async function faultsOfTriggers(db: Db): Promise<string[]> {
  const rows = await db.execute<{ name: string; table: string; isThere: boolean }>(sql`
    select wanted.name, wanted.on_table as "table", found.oid is not null as "isThere"
    from gateway_triggers() wanted
    left join pg_trigger found
      on found.tgname = wanted.name and found.tgrelid = to_regclass('public.' || wanted.on_table)
    where found.oid is null or found.tgenabled::text <> wanted.mode
    order by wanted.on_table, wanted.name`)
  const named = (some: readonly { name: string; table: string }[]) =>
    some.map(({ name, table }) => `${name} on ${table}`).join(', ')
  const off = rows.filter(({ isThere }) => isThere)
  const gone = rows.filter(({ isThere }) => !isThere)
  return [
    ...(off.length === 0
      ? []
      : [
          `Triggers are not enabled as they must be: ${named(off)}. ` +
            'Run SELECT enable_gateway_triggers() as the owner of the tables. It retires all that is cached, since what ' +
            'was written meanwhile was not seen (ENABLE TRIGGER ALL loses the mode of some).',
        ]),
    ...(gone.length === 0
      ? []
      : [`Triggers are missing: ${named(gone)}. Restore the schema as \`npm run migrate\` makes it.`]),
  ]
}

async function faultsOfSequences(db: Db): Promise<string[]> {
  return (await readSequences(db)).flatMap(({ name, isAsMade, isBehind }) => [
    ...(isAsMade
      ? []
      : [
          `Sequence ${name} was altered: run ALTER SEQUENCE ${name} INCREMENT 1 CACHE 1 NO CYCLE, ` +
            'then let every session connect anew.',
        ]),
    ...(isBehind === true
      ? [`Sequence ${name} is behind what was drawn from it: run \`npm run migrate\` as the owner of the tables.`]
      : []),
  ])
}

/**
 * A sequence is read after the snapshot was taken, so whatever the snapshot shows was drawn by then. One that the role
 * may not read is not judged.
 */
async function readSequences(db: Db): Promise<Sequence[]> {
  return db.execute<Sequence>(sql`
    select drawn.name,
      seqincrement = 1 and seqcache = 1 and not seqcycle as "isAsMade",
      case when has_sequence_privilege(seqrelid, 'USAGE,SELECT')
        then coalesce(drawn.newest, 0) > coalesce(pg_sequence_last_value(seqrelid), 0) end as "isBehind"
    from ${DRAWN} drawn join pg_sequence on seqrelid = to_regclass('public.' || drawn.name)
    order by drawn.name`)
}
