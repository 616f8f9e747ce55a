import type { Sql } from 'postgres'

/** The run as a release stored it that knew no text of all items: item by item. In format 1, which had no explanations, where that is asked for. */
export async function storeAsBefore(sql: Sql, runId: string, format?: 1): Promise<void> {
  await sql`
    update recommendation_items i set document = (r.items::jsonb->(i.rank - 1)) - ${format === 1 ? 'explanations' : ''}::text
    from recommendation_runs r where r.id = ${runId} and i.run_id = r.id`
  await sql`update recommendation_runs set items = null, format = coalesce(${format ?? null}::smallint, format) where id = ${runId}`
}
