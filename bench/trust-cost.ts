import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { policies } from '../src/cache/policies.ts'
import { cpuSeconds } from './support/cpu.ts'
import { table } from './support/figures.ts'
import { onStage, type Bench } from './support/stage.ts'

/*
  node bench/trust-cost.ts

  What one gateway costs while nobody asks it anything: transactions a second on Postgres (pg_stat_database, read from
  another database so that looking is not counted), commands a second on Redis (commandstats, without our own INFO), and
  the processor time of the process (/proc). A gateway without Redis shows what of it is not for trust.
*/

const RESTS_MS = 20_000
/** Until the first deliveries are too old to be looked for, and Postgres has published what its processes counted. */
const SETTLE_MS = policies.heartbeatMarginMs + 3_000

/** How often this looked itself. */
let looks = 0

await onStage('trust-cost', 40, async (bench) => {
  const maintenance = new URL(bench.databaseUrl)
  const databaseName = maintenance.pathname.slice(1)
  maintenance.pathname = '/postgres'
  const sql = postgres(maintenance.href, { max: 1 })
  bench.atEnd(() => sql.end())
  const transactions = async () => Number((await sql`select xact_commit + xact_rollback as count from pg_stat_database where datname = ${databaseName}`)[0]?.['count'])

  const rows = [['gateway', 'transactions/s on Postgres', 'commands/s on Redis', 'CPU of the gateway', 'CPU of Redis']]
  const details: string[] = []
  for (const [name, redisUrl] of [['with Redis', bench.redis.url], ['without Redis', undefined]] as const) {
    const gateway = await bench.gateway(redisUrl === undefined ? {} : { redisUrl })
    await delay(SETTLE_MS)
    const look = async () => ({ at: performance.now(), transactions: await transactions(), commands: await commands(bench), cpu: await cpuSeconds(gateway.pid), redisCpu: await cpuSeconds(bench.redis.pid) })
    const first = await look()
    await delay(RESTS_MS)
    const last = await look()
    const seconds = (last.at - first.at) / 1_000
    const share = (cpu: number) => `${((100 * cpu) / seconds).toFixed(2)} %`
    const counts = [...last.commands].map(([command, count]) => [command, count - (first.commands.get(command) ?? 0)] as const).filter(([, count]) => count > 0)
    const total = counts.reduce((sum, [, count]) => sum + count, 0)
    rows.push([name, ((last.transactions - first.transactions) / seconds).toFixed(1), (total / seconds).toFixed(1), share(last.cpu - first.cpu), share(last.redisCpu - first.redisCpu)])
    details.push(`${name}: ${counts.map(([command, count]) => `${command} ${(count / seconds).toFixed(1)}/s`).join(', ') || 'no commands'}`)
    await gateway.stop()
  }
  process.stdout.write(`\nOne gateway at rest for ${RESTS_MS / 1_000} s.\n\n${table(rows)}\n\n${details.join('\n')}\n`)
})

/** How often each was called by others than us: an INFO is counted when it has answered. */
async function commands({ redis }: Bench): Promise<Map<string, number>> {
  const text = await redis.client.info('commandstats')
  const counts = new Map([...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name = '', calls]) => [name, Number(calls)]))
  counts.set('info', (counts.get('info') ?? 0) - looks)
  looks++
  return counts
}
