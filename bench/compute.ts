import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { askAll, documentsOf } from './support/checked.ts'
import { keepOffServerCore } from './support/cores.ts'
import { ms, spread, table } from './support/figures.ts'
import type { GatewayProcess } from './support/gateway-process.ts'
import { insertHouseholds } from './support/households.ts'
import { describeMachine } from './support/machine.ts'
import { createOperations } from './support/operations.ts'
import { useRealProducts } from './support/real-products.ts'
import { onStage } from './support/stage.ts'

/*
  npm run bench:compute [-- --n 200] [--products 100000] [--against ../another-checkout]

  A computation for one pet over the real catalogue, then over a large one made of its copies: over HTTP by the
  first ask of a pet and by a forced refresh, one client, and what of it the gateway's own log line says (reading, scoring, storing). Beside it somebody asks
  /health/live all the time, which does nothing but wait for the event loop: its slowest answer is the longest pause, and
  the first reader of a new catalogue has a row of its own. `--against`: the gateway of another checkout, which must know the
  same tables, is measured before this one, on the same catalogues.
*/

const HOUSEHOLDS = 10
const PETS_EACH = 20
const PAUSE_MS = 2

const { values } = parseArgs({ options: { n: { type: 'string', default: '200' }, products: { type: 'string', default: '100000' }, against: { type: 'string' } } })
const [n, products] = [Number(values.n), Number(values.products)]
if (!(n >= 1) || !(products >= 1)) throw new Error('Expected --n and --products of at least 1.')

keepOffServerCore()
await onStage('compute', 0, async (bench) => {
  const { sql } = bench.database
  const catalogue = await useRealProducts(bench.database)
  const households = await insertHouseholds(bench.database, HOUSEHOLDS, PETS_EACH)
  const people = await Promise.all(households.map(async (household) => ({ ...household, token: await bench.sign(household.userId) })))
  const { singlePet, forcedRefresh } = createOperations('all')
  const rows = [['catalogue', 'what', 'n', 'p50 ms over HTTP', 'p99', 'p50 ms in the log', 'longest pause of the event loop, ms', 'pause p99']]

  const measure = async (name: string, gateway: GatewayProcess, what: string, times: number, ask: (petId: string) => string) => {
    const took: number[] = []
    const logged = gateway.log.length
    const pauses = await watchWhile(gateway.url, async () => {
      for (let i = 0; i < times; i++) {
        const { token, petIds } = people[i % people.length] ?? { token: '', petIds: [] }
        const began = performance.now()
        const answers = await askAll(gateway.url, [{ token, body: ask(petIds[Math.floor(i / people.length) % PETS_EACH] ?? '') }])
        took.push(performance.now() - began)
        if (answers.flatMap(documentsOf).some(({ source }) => source !== 'COMPUTED')) throw new Error('an answer was not computed')
      }
    })
    const inLog = gateway.log.slice(logged).filter(({ msg }) => msg === 'computed').map(({ fields }) => Number(fields['ms']))
    const [http, log, pause] = [spread(took), spread(inLog), spread(pauses)]
    rows.push([name, what, String(http.n), ms(http.p50), ms(http.p99), ms(log.p50), ms(pause.max), ms(pause.p99)])
  }
  const measureBoth = async (name: string, times: number) => {
    if (values.against !== undefined) {
      const theirs = `${name}; ${basename(values.against)}`
      await measureAll(theirs, times, { folder: resolve(values.against) }).catch((error: unknown) => rows.push([theirs, `no figures: ${String(error).slice(0, 60)}`, '-', '-', '-', '-', '-', '-']))
    }
    await measureAll(name, times)
  }
  const measureAll = async (name: string, times: number, which: { folder?: string } = {}) => {
    const gateway = await bench.gateway({ redisUrl: bench.redis.url, logLevel: 'info', variables: { FORCE_REFRESH_PER_MINUTE: '1000' }, pinned: true, ...which })
    const resting = spread(await watchWhile(gateway.url, () => new Promise((resolve) => setTimeout(resolve, 2_000))))
    rows.push([name, 'at rest', '-', '-', '-', '-', ms(resting.max), ms(resting.p99)])
    await measure(name, gateway, 'first, the catalogue is read', 1, forcedRefresh)
    // All runs are over, and the relay has time to say so.
    await sql`update cache_epoch set epoch = epoch + 1`
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await measure(name, gateway, 'first ask of a pet', Math.min(times, HOUSEHOLDS * PETS_EACH), singlePet)
    await measure(name, gateway, 'forced refresh', times, forcedRefresh)
    await gateway.stop()
  }
  await measureBoth(catalogue, n)

  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`set local statement_timeout = 0`
    const [held] = await tx`select count(*)::int as count from products where is_active`
    const copies = Math.ceil(products / Number(held?.['count'])) - 1
    await tx`
      insert into products select (jsonb_populate_record(p, jsonb_build_object('id', md5(p.id::text || i)::uuid, 'source_id', p.source_id || ' copy ' || i, 'product_name', p.product_name || ' ' || i))).*
      from products p, generate_series(1, ${copies}::int) i where p.is_active and p.source_id not like '% copy %'`
    await tx`
      insert into offers select (jsonb_populate_record(o, jsonb_build_object('id', md5(o.id::text || i)::uuid, 'product_id', md5(o.product_id::text || i)::uuid))).*
      from offers o join products p on p.id = o.product_id and p.is_active and p.source_id not like '% copy %', generate_series(1, ${copies}::int) i`
  })
  await sql`analyze`
  const [counted] = await sql`select count(*)::int as count from products where is_active`
  await measureBoth(`${String(counted?.['count'])} products, copies of those`, Math.max(5, Math.floor(n / 10)))

  process.stdout.write(`\n${await describeMachine(bench, { isPinned: true })}. One client; the row "at rest" says what of a pause is the machine's and the watcher's.\n\n${table(rows)}\n`)
})

/** Milliseconds of each answer of /health/live, asked over one connection all through `work`. */
async function watchWhile(url: string, work: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      const began = performance.now()
      await (await fetch(`${url}/health/live`)).text()
      took.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  })()
  try {
    await work()
  } finally {
    isOver = true
    await watching
  }
  return took
}
