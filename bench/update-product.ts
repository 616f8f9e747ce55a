import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { UpdateProductDocument } from '../schema/generated/graphql.ts'
import { RUN_FORMAT } from '../src/domain/run-codec.ts'
import { STRATEGY } from '../src/domain/run.ts'
import { keysIn } from '../test/support/lineage.ts'
import { besideStores } from './support/beside-stores.ts'
import { createClient, type Asked } from './support/client.ts'
import type { GatewayProcess } from './support/gateway-process.ts'
import { ms, spread, table } from './support/figures.ts'
import { onStage, type Bench } from './support/stage.ts'

/*
  node bench/update-product.ts [--pets 100000]

  An admin changes a product that very many pets hold in their current run, each with its fence, result and tags in Redis.
  Meanwhile, through both gateways, other clients read other pets (hits), and change the weight of a pet that does not
  hold it and of one that does. A cat food is changed, and the pets that are read are dogs: theirs stay hits. At the end an
  ordinary product, of the pets that are read, is changed twenty times beside 48 clients that store runs which hold it.
*/

const READ_PETS = 40
const OWNERS = 20_000
const ITEMS = 10
const CHUNK = 1_000
const REST_MS = 3_000
/** Until trust no longer looks for the fences of what was delivered. */
const AFTER_MS = 15_000
const ROUNDS = 2
const BESIDE_STORES = 20
/** Answers without computing: what is measured is the change. */
const CHANGE_WEIGHT = 'mutation ($input: UpdatePetInput!) { updatePet(input: $input) { invalidation } }'
const LIFE_MS = 7 * 24 * 60 * 60 * 1_000

/** KEYS: fence, result and tags of each pet. ARGV: life ms, then the fence of each. */
const FILL = `
  for i = 1, #KEYS, 3 do
    redis.call('SET', KEYS[i], ARGV[2 + (i - 1) / 3], 'PX', ARGV[1])
    redis.call('SET', KEYS[i + 1], string.rep('x', 2000), 'PX', ARGV[1])
    for m = 1, 10 do redis.call('SADD', KEYS[i + 2], string.format('product:%08x-0000-4000-8000-%012x', i * m % 4000, m)) end
    redis.call('PEXPIRE', KEYS[i + 2], ARGV[1])
  end
  return #KEYS`

const { values } = parseArgs({ options: { pets: { type: 'string', default: '100000' } } })
const petCount = Number(values.pets)
if (!(petCount >= 1)) throw new Error('Expected --pets of at least 1.')
const replySchema = z.object({ data: z.object({ updateProduct: z.object({ affectedPets: z.int(), invalidation: z.string() }) }) })
const weightSchema = z.object({ data: z.object({ updatePet: z.object({ invalidation: z.string() }) }) })
const loopSchema = z.object({ max: z.number(), own: z.number() })

type Write = { who: string; began: number; tookMs: number; outcome: string }

await onStage('update-product', READ_PETS, async (bench) => {
  const { redis, petIds, tokens, database: { sql } } = bench
  const [food] = await sql`select id from products where species = 'CAT' and is_active and form <> 'TREAT' order by id limit 1`
  const productId = String(food?.['id'])
  const watched = { redisUrl: redis.url, logLevel: 'info', variables: { NODE_OPTIONS: `--import ${new URL('./support/event-loop.ts', import.meta.url).href}` } } as const
  const [a, b] = [await bench.gateway(watched), await bench.gateway(watched)]
  const fillingFrom = performance.now()
  const holders = await insertHolders(bench, productId)
  process.stderr.write(`filled in ${((performance.now() - fillingFrom) / 1_000).toFixed(1)} s\n`)
  const [admin, writer] = [createClient(tokens.admin), createClient(tokens.admin)]
  for (let round = 0; round < 5; round++) for (const petId of petIds) for (const { url } of [a, b]) await admin.recommendations(url, petId)

  const now = () => performance.timeOrigin + performance.now()
  const reads = new Map<GatewayProcess, Asked[]>([[a, []], [b, []]])
  const writes: Write[] = []
  let isRunning = true
  const reading = [...reads].map(async ([{ url }, asked]) => {
    const reader = createClient(tokens.user)
    while (isRunning) {
      // The last pet is the one that is written.
      asked.push(await reader.recommendations(url, petIds[Math.floor(Math.random() * (petIds.length - 1))] ?? ''))
      await delay(2)
    }
  })
  // Whoever is changed holds it no more, so each change is of another one.
  const writing = [['a pet without it', petIds.slice(-1)], ['a pet that holds it', holders]] as const
  const writers = writing.map(async ([who, ids], i) => {
    for (let n = 0; isRunning; n++) {
      const began = now()
      const url = [a.url, b.url][(n + i) % 2] ?? ''
      const body = await writer.post(url, CHANGE_WEIGHT, { input: { petId: ids[n % ids.length], weightKg: 5 + (n % 40) / 2 } }).then((reply) => reply.body, String)
      const parsed = weightSchema.safeParse(body)
      const outcome = parsed.success ? parsed.data.data.updatePet.invalidation : JSON.stringify(body).slice(0, 200)
      writes.push({ who, began, tookMs: now() - began, outcome })
      await delay(100)
    }
  })

  const calls = [['call', 'ms over HTTP', 'of it until the commit', 'affectedPets', 'invalidation']]
  const phases: { name: string; from: number; to: number }[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    await standAgain(bench)
    await delay(REST_MS)
    const from = now()
    const { body, tookMs } = await createClient(tokens.admin).post(a.url, UpdateProductDocument.toString(), { input: { productId, claims: [`round ${round}`] } })
    const to = now()
    const { affectedPets, invalidation } = replySchema.parse(body).data.updateProduct
    const delivered = [a, b].flatMap(({ log }) => log).filter(({ at, msg }) => msg === 'cache invalidated' && at >= from)
    const [first] = await sql`select extract(epoch from min(delivered_at)) * 1000 as ms from cache_invalidations where delivered_at >= to_timestamp(${from / 1_000}) and product_id = ${productId}`
    process.stderr.write(`call ${round}: ${ms(tookMs)} ms\n`)
    calls.push([String(round), ms(tookMs), ms(Number(first?.['ms']) - from), String(affectedPets), `${invalidation}, in ${delivered.length} batches`])
    await delay(AFTER_MS)
    phases.push({ name: 'before', from: from - REST_MS, to: from }, { name: 'during', from, to }, { name: `${AFTER_MS / 1_000} s after`, from: to, to: now() })
  }
  isRunning = false
  await Promise.all([...reading, ...writers])

  const names = [...new Set(phases.map(({ name }) => name))]
  const inPhase = <T>(name: string, found: readonly T[], at: (one: T) => number) => found.filter((one) => phases.some((phase) => phase.name === name && at(one) >= phase.from && at(one) < phase.to))
  const lateness = names.map((name) => [
    name,
    ...[a, b].flatMap(({ log }) => {
      const looks = inPhase(name, log.filter(({ msg }) => msg === 'event loop'), ({ at }) => at).map(({ fields }) => loopSchema.parse(fields))
      return [ms(Math.max(...looks.map(({ max }) => max))), ms(Math.max(...looks.map(({ own }) => own)))]
    }),
  ])
  const readRows = names.flatMap((name) =>
    ([[a, 'the same'], [b, 'another']] as const).flatMap(([gateway, which]) => {
      const asked = inPhase(name, reads.get(gateway) ?? [], ({ began }) => began)
      const { n, p50, p99, max } = spread(asked.map(({ tookMs }) => tookMs))
      const sources = [...Map.groupBy(asked, ({ source }) => source)].map(([source, { length }]) => `${source} ${length}`).join(', ')
      return [[name, which, sources, String(n), String(asked.filter(({ problem }) => problem !== undefined).length), ms(p50), ms(p99), ms(max)]]
    }),
  )
  const writeRows = names.flatMap((name) =>
    writing.map(([who]) => {
      // Whoever began before and waited is counted with those who began meanwhile.
      const asked = name === 'during' ? writes.filter((one) => phases.some((phase) => phase.name === name && one.began < phase.to && one.began + one.tookMs > phase.from)) : inPhase(name, writes, ({ began }) => began)
      const of = asked.filter((one) => one.who === who)
      const { n, p50, p99, max } = spread(of.map(({ tookMs }) => tookMs))
      return [name, who, String(n), [...new Set(of.map(({ outcome }) => outcome))].join(', '), ms(p50), ms(p99), ms(max)]
    }),
  )
  process.stdout.write(
    `\n${petCount} pets hold the product. Milliseconds.\n\n${table(calls)}\n\nEvent loop, longest delay:\n\n${table([['when', 'gateway that was asked', 'its own work', 'another gateway', 'its own work'], ...lateness])}\n\n` +
      `Reads of other pets:\n\n${table([['when', 'gateway', 'source', 'n', 'unanswered', 'p50', 'p99', 'max'], ...readRows])}\n\n` +
      `Changes of weight:\n\n${table([['when', 'pet', 'n', 'answered', 'p50', 'p99', 'max'], ...writeRows])}\n`,
  )
  const told = /circuit|no trust|fence is missing|delivered yet|queued|unavailable/
  const worries = Map.groupBy([a, b].flatMap(({ log }) => log).filter(({ msg }) => told.test(msg)), ({ msg }) => msg)
  for (const [msg, { length }] of worries) process.stdout.write(`LOGGED ${length} times: ${msg}\n`)

  const [ordinary] = await sql`
    select items.product_id as id from recommendation_items items join recommendation_runs runs on runs.id = items.run_id
    where runs.pet_id = ${petIds[0] ?? ''} order by runs.created_at desc, items.rank limit 1`
  const make = async (round: number) => {
    const input = { productId: String(ordinary?.['id']), claims: [`beside stores ${round}`] }
    const { body } = await admin.post(a.url, UpdateProductDocument.toString(), { input })
    return replySchema.safeParse(body).success ? undefined : JSON.stringify(body)
  }
  process.stdout.write(`\n${await besideStores(bench, a.url, { name: 'updateProduct', times: BESIDE_STORES, make })}\n`)
})

async function insertHolders({ database: { sql }, redis }: Bench, productId: string): Promise<string[]> {
  await sql`insert into users (id) select gen_random_uuid() from generate_series(1, ${OWNERS})`
  await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select owner.id, 'holder ' || i, 'CAT', 30, current_date, 4
    from (select id, row_number() over () - 1 as n from users where device_uid is null) owner
    join generate_series(0, ${petCount - 1}) i on i % ${OWNERS} = owner.n`
  await sql`
    insert into recommendation_runs (pet_id, version, epoch, strategy, strategy_version, format)
    select id, recommendation_version, 1, ${STRATEGY.name}, ${STRATEGY.version}, ${RUN_FORMAT} from pets where name like 'holder %'`
  await sql.begin(async (tx) => {
    // Without looking up the run of each of a million items.
    await tx`set local session_replication_role = replica`
    await tx`set local statement_timeout = 0`
    await tx`
      insert into recommendation_items (run_id, rank, product_id)
      select runs.id, rank, case when rank = 1 then ${productId}::uuid else md5((random() * 3000)::int::text)::uuid end
      from recommendation_runs runs join pets on pets.id = runs.pet_id, generate_series(1, ${ITEMS}) rank where pets.name like 'holder %'`
  })
  await sql`update cache_invalidations set delivered_at = now() - interval '1 hour'`
  await sql`vacuum analyze`
  const rows = await sql`select id, user_id, recommendation_version from pets where name like 'holder %'`
  const keys = await keysIn(sql)
  for (let done = 0; done < rows.length; done += CHUNK) {
    const some = rows.slice(done, done + CHUNK).map((row) => ({ id: String(row['id']), fence: `1|1|${row['recommendation_version']}|${row['user_id']}||` }))
    await redis.client.eval(FILL, some.length * 3, ...some.flatMap(({ id }) => [keys.fence(id), keys.result(id), keys.tags(id)]), LIFE_MS, ...some.map(({ fence }) => fence))
  }
  return rows.map(({ id }) => String(id))
}

/** A change retires the runs; for the next round they are taken as made anew. */
async function standAgain({ database: { sql } }: Bench): Promise<void> {
  await sql`
    update recommendation_runs runs set version = pets.recommendation_version
    from pets where pets.id = runs.pet_id and pets.name like 'holder %' and runs.version <> pets.recommendation_version`
}
