import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { bearer } from '../support/gateway.ts'
import { startTestPostgres, type TestServer } from '../support/servers.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

const OWNER = '11111111-2222-4333-8444-555555555555'
const QUERY = '{ viewer { pets { recommendations { source } } } }'
const shape = z.object({ viewer: z.object({ pets: z.array(z.object({ recommendations: z.object({ source: z.string() }) })) }) })

let postgres: TestServer
let stage: Stage
beforeAll(async () => {
  // Its log names every statement that was executed, as the server saw it.
  postgres = await startTestPostgres({ settings: { log_statement: 'all' } })
  stage = await setStage(postgres.url)
  const { sql } = stage.database
  await sql`insert into users (id) values (${OWNER})`
  await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select ${OWNER}, 'pet ' || i, (array['DOG', 'CAT'])[1 + i % 2]::species, 30, current_date, 3 + i from generate_series(1, 50) i`
})
afterAll(async () => {
  await stage.close()
  await postgres.stop()
})

async function askForAll(): Promise<{ pets: number; sources: Set<string> }> {
  const { data, errors } = await stage.gateway.askText(QUERY, {}, await bearer(OWNER))
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  const { pets } = shape.parse(data).viewer
  return { pets: pets.length, sources: new Set(pets.map(({ recommendations }) => recommendations.source)) }
}

const mgetCalls = async () => Number(/cmdstat_mget:calls=(\d+)/.exec(await stage.redisClient.info('commandstats'))?.[1] ?? 0)

/** Either table, or both. */
const RUNS = 'recommendation_(?:runs|items)'

/** Statements that read a table (a pattern), of all that were executed so far; a statement may run over many lines of the log. */
async function statementsReading(table: string): Promise<number> {
  const log = await readFile(join(dirname(postgres.dataDir), 'server.log'), 'utf8')
  const executed = log.split(/^(?=\S.*LOG: )/m).filter((entry) => /LOG: {2}(?:execute|statement)/.test(entry))
  return executed.filter((entry) => new RegExp(`(?:from|join) "${table}"`).test(entry) && /: select/.test(entry)).length
}

test('fifty pets in one operation cost one MGET, and when all miss one statement that reads runs', async () => {
  await waitUntil('all are cached', async () => [...(await askForAll()).sources].join() === 'REDIS')

  const [mgets, reads] = [await mgetCalls(), await statementsReading(RUNS)]
  expect(await askForAll()).toEqual({ pets: 50, sources: new Set(['REDIS']) })
  expect((await mgetCalls()) - mgets).toBe(1)
  expect((await statementsReading(RUNS)) - reads).toBe(0)

  await stage.redisClient.flushall()
  const [mgetsBefore, readsBefore] = [await mgetCalls(), await statementsReading(RUNS)]
  expect(await askForAll()).toEqual({ pets: 50, sources: new Set(['POSTGRES']) })
  expect((await mgetCalls()) - mgetsBefore).toBe(1)
  expect((await statementsReading(RUNS)) - readsBefore).toBe(1)
})

test('twelve products in one operation cost one statement, offers and all', async () => {
  const ids = (await stage.database.sql`select id from products limit 12`).map(({ id }) => String(id))
  const before = [await statementsReading('products'), await statementsReading('offers')]
  const { data } = await stage.gateway.askText(`{ ${ids.map((id, i) => `p${i}: product(id: "${id}") { id offers { id } }`).join(' ')} }`, {}, await bearer(OWNER))
  expect(Object.values(data ?? {})).toMatchObject(ids.map((id) => ({ id })))
  expect((await statementsReading('products')) - (before[0] ?? 0)).toBe(1)
  expect((await statementsReading('offers')) - (before[1] ?? 0)).toBe(1)
})

test('a page of the history with all its items is one statement', async () => {
  await askForAll()
  const [pet] = await stage.database.sql`select id from pets where user_id = ${OWNER} limit 1`
  const headers = await bearer(OWNER)
  for (let i = 0; i < 3; i++) await stage.gateway.askText(`{ recommendations(petId: "${pet?.['id']}", forceRefresh: true) { source } }`, {}, headers)
  const reads = await statementsReading(RUNS)
  const { data } = await stage.gateway.askText(`{ recommendationHistory(petId: "${pet?.['id']}") { edges { node { items { rank } } } } }`, {}, headers)
  expect(data).toMatchObject({ recommendationHistory: { edges: { length: 4 } } })
  expect((await statementsReading(RUNS)) - reads).toBe(1)
})
