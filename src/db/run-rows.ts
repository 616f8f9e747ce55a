import { and, eq, getTableColumns, isNull, not, sql } from 'drizzle-orm'
import { decodeItems, RUN_FORMAT } from '../domain/run-codec.ts'
import { RUN_LIFE_MS, STRATEGY, type StoredRun } from '../domain/run.ts'
import { cacheEpoch } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'
import { recommendationItems, recommendationRuns } from './tables/runs.ts'

/** What is asked of a stored run wherever it is read, and what becomes of its row. */

const LIFE = sql.raw(`interval '${RUN_LIFE_MS} milliseconds'`)
/** A run may be from the future by so much: clocks go back a little that are kept right. */
const CLOCK_TOLERANCE = sql.raw(`interval '1 second'`)
/** Stored by a clock that was set back since: nobody knows how old it is, and its seven days would be longer. */
export const isFromTheFuture = sql`${recommendationRuns.createdAt} - ${CLOCK_TOLERANCE} > now()`
/** What Postgres's clock leaves of it. */
export const lifeLeftMs = sql<number>`least((extract(epoch from ${recommendationRuns.createdAt} + ${LIFE} - now()) * 1000)::float8, ${sql.raw(String(RUN_LIFE_MS))})`
/**
 * The items of a run, best first, as text. What an older release stored, and may still be storing beside us, is put
 * together from its items; nothing is looked up for a run that has its text (docs/decisions/021).
 */
export const itemsText = sql<string>`coalesce(${recommendationRuns.items}, (
  select coalesce(json_agg(${recommendationItems.document} order by ${recommendationItems.rank})::text, '[]')
  from ${recommendationItems} where ${recommendationItems.runId} = ${recommendationRuns.id}))`
const { items: _items, ...columnsWithoutItems } = getTableColumns(recommendationRuns)
/** A run without what makes it long: that is read once, as `itemsText`. */
export const runColumns = columnsWithoutItems

/**
 * The one condition that makes a stored run an answer; Postgres's clock decides about its age. Asked of runs, pets and the epoch side by side.
 * The age is so written that no index is asked for it: the one of what is current finds the run itself, the one by age would find all of a week.
 */
export const valid = and(
  eq(recommendationRuns.petId, pets.id),
  eq(recommendationRuns.version, pets.recommendationVersion),
  eq(recommendationRuns.epoch, cacheEpoch.epoch),
  eq(recommendationRuns.strategy, STRATEGY.name),
  eq(recommendationRuns.strategyVersion, STRATEGY.version),
  eq(recommendationRuns.format, RUN_FORMAT),
  isNull(recommendationRuns.supersededAt),
  not(isFromTheFuture),
  sql`${recommendationRuns.createdAt} + ${LIFE} > now()`,
)

/** Undefined where the items are not of the run's format, or of one that nobody reads. */
export function toStoredRun(
  row: Omit<typeof recommendationRuns.$inferSelect, 'items'>,
  text: string,
  left: number,
  lineage: string,
): { run: StoredRun; lifeLeftMs: number } | undefined {
  const items = decodeItems(text, row.format)
  if (items === undefined) return undefined
  const { id, petId, conditionsHash, version, epoch, strategy, strategyVersion, emptyReason } = row
  const createdAt = row.createdAt.getTime()
  const run = { id, petId, version, epoch, lineage, strategy, strategyVersion, conditionsHash, createdAt, expiresAt: createdAt + RUN_LIFE_MS, emptyReason, items }
  return { run, lifeLeftMs: left }
}
