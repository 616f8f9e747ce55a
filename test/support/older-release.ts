import type { Sql } from 'postgres'
import { pack, unpack } from '../../src/cache/payload.ts'
import { decodeItems, decodeRun, RUN_FORMAT } from '../../src/domain/run-codec.ts'
import type { Stage } from './stage.ts'

async function itemsOf(sql: Sql, runId: string) {
  const [row] = await sql<{ items: string }[]>`select items from recommendation_runs where id = ${runId}`
  const items = decodeItems(row?.items ?? '')
  if (items === undefined) throw new Error(`run ${runId} cannot be read`)
  return items
}

/** The run as a release stored it that knew no text of all items: item by item. In format 1, which had no explanations, where that is asked for. */
export async function storeItemByItem(sql: Sql, runId: string, format?: 1): Promise<void> {
  for (const { explanations, ...item } of await itemsOf(sql, runId)) {
    const document = JSON.stringify(format === 1 ? item : { ...item, explanations })
    await sql`update recommendation_items set document = ${document}::text::jsonb where run_id = ${runId} and rank = ${item.rank}`
  }
  await sql`update recommendation_runs set items = null, format = coalesce(${format ?? null}::smallint, format) where id = ${runId}`
}

/** The run as a release stored it that knew no parts: as one JSON. */
export async function storeWhole(sql: Sql, runId: string): Promise<void> {
  await sql`update recommendation_runs set items = ${JSON.stringify(await itemsOf(sql, runId))} where id = ${runId}`
}

/** The same in Redis. */
export async function keepWhole({ redisClient, keys, lineage }: Stage, petId: string): Promise<void> {
  const value = await redisClient.getBuffer(keys.result(petId))
  const run = value === null ? undefined : decodeRun(unpack(value)?.text ?? '', lineage)
  if (run === undefined) throw new Error(`nothing that can be read is kept of ${petId}`)
  const { lineage: _, ...written } = run
  await redisClient.set(keys.result(petId), pack(`${RUN_FORMAT}${JSON.stringify(written)}`), 'KEEPTTL')
}
