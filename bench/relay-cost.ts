import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { z } from 'zod'
import { table } from './support/figures.ts'
import type { GatewayProcess } from './support/gateway-process.ts'
import { onStage, type Bench } from './support/stage.ts'

/*
  node bench/relay-cost.ts

  What one change costs Postgres in transactions (pg_stat_database) with 1, 4 and 8 gateways, less what the same gateways
  cost at rest in the same time. A change made in psql is one transaction by itself; one made through a gateway is one as
  well, and another that marks it as delivered. The rest is relays that look.
*/

const GATEWAYS = [1, 4, 8]
const CHANGES = 40
/** Longer than any relay waits, so that each change is alone. */
const PAUSE_MS = 250
const REST_MS = 10_000
/** Until Postgres has published what its processes counted. */
const PUBLISHED_MS = 2_000

const reply = z.object({ data: z.object({ updatePet: z.object({ invalidation: z.literal('CLEARED') }) }) })

await onStage('relay-cost', 1, async (bench) => {
  const maintenance = new URL(bench.databaseUrl)
  const databaseName = maintenance.pathname.slice(1)
  maintenance.pathname = '/postgres'
  const sql = postgres(maintenance.href, { max: 1 })
  bench.atEnd(() => sql.end())
  const transactions = async () => {
    await delay(PUBLISHED_MS)
    const [row] = await sql`select xact_commit + xact_rollback as count from pg_stat_database where datname = ${databaseName}`
    return { at: performance.now(), count: Number(row?.['count']) }
  }

  const gateways: GatewayProcess[] = []
  const rows = [['gateways', 'at rest, a second', 'for a change in psql', 'for a change through a gateway']]
  for (const count of GATEWAYS) {
    while (gateways.length < count) gateways.push(await bench.gateway({ redisUrl: bench.redis.url, logLevel: 'warn' }))
    const first = await transactions()
    await delay(REST_MS)
    const rested = await transactions()
    const restPerMs = (rested.count - first.count) / (rested.at - first.at)
    const costs: string[] = []
    for (const change of [changeInPsql, changeThroughGateway]) {
      const before = await transactions()
      for (let i = 0; i < CHANGES; i++) {
        await change(bench, gateways, i)
        await delay(PAUSE_MS)
      }
      const after = await transactions()
      costs.push(((after.count - before.count - restPerMs * (after.at - before.at)) / CHANGES).toFixed(1))
    }
    rows.push([String(count), (1_000 * restPerMs).toFixed(1), ...costs])
  }
  process.stdout.write(`\n${CHANGES} changes, one every ${PAUSE_MS} ms. Transactions:\n\n${table(rows)}\n`)
})

async function changeInPsql({ database, petIds }: Bench, _gateways: readonly GatewayProcess[], i: number): Promise<void> {
  await database.sql`update pets set weight_kg = ${4 + i / 100} where id = ${petIds[0] ?? ''}`
}

async function changeThroughGateway({ tokens, petIds }: Bench, gateways: readonly GatewayProcess[], i: number): Promise<void> {
  const response = await fetch(`${gateways[i % gateways.length]?.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.user}` },
    body: JSON.stringify({ query: `mutation { updatePet(input: { petId: "${petIds[0]}", weightKg: ${5 + i / 100} }) { invalidation } }` }),
  })
  reply.parse(await response.json())
}
