import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import { z } from 'zod'
import type { AppOptions } from '../../src/app.ts'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { DEMO_ALLERGIC_DOG_ID, DEMO_LARGE_PUPPY_ID, DEMO_NEUTERED_CAT_ID, DEMO_SENIOR_DOG_ID } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { createRedisWorld, type RedisWorld } from '../support/redis-world.ts'
import { startTestPostgres, type TestServer } from '../support/servers.ts'
import type { GatewayName, PetName, Shown } from './versions.ts'

/** `energyFactor`: of its stage of life (spec/scoring.md); it stays, for nobody here changes a pet's age. */
export type ModelPet = { id: string; energyFactor: number }

export type Stage = {
  world: RedisWorld
  postgres: TestServer
  sql: DbConnection['sql']
  gateways: Record<GatewayName, TestGateway>
  pets: Record<PetName, ModelPet>
  ask(gateway: GatewayName, query: string, variables?: object, as?: 'user' | 'admin'): Promise<Reply>
  close(): Promise<void>
}

/** `code`: of the first error. */
export type Reply = { data: unknown; code: string | undefined; errors: string; unverified: readonly string[] }

export const RECOMMENDATION = `
  runId source items { dailyAmountG product { allergens nutrition { kcalPer100g } } }`
export const Recommendation = z.object({
  runId: z.string().nullable(),
  source: z.enum(['MEMORY', 'REDIS', 'POSTGRES', 'COMPUTED']),
  items: z.array(
    z.object({
      dailyAmountG: z.number().nullable(),
      product: z.object({ allergens: z.array(z.string()), nutrition: z.object({ kcalPer100g: z.number().nullable() }).nullable() }),
    }),
  ),
})

const Body = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).default([]),
  extensions: z.object({ unverified: z.array(z.string()).default([]) }).optional(),
})

/** The formula of the daily amount, solved for the weight: kcal a day = 70 x kg^0.75 x factor. */
export function shownBy({ runId, items }: z.infer<typeof Recommendation>, { id, energyFactor }: ModelPet, { unverified }: Reply): Shown {
  const weightsKg = items.flatMap(({ dailyAmountG, product }) => {
    const kcalPer100g = product.nutrition?.kcalPer100g ?? null
    return dailyAmountG === null || kcalPer100g === null ? [] : [((dailyAmountG * kcalPer100g) / 100 / (70 * energyFactor)) ** (4 / 3)]
  })
  if (weightsKg.length === 0) throw new Error(`an answer without amounts, its weight cannot be told: ${JSON.stringify(items)}`)
  return { runId, weightsKg, allergens: new Set(items.flatMap(({ product }) => product.allergens)), isVerified: !unverified.includes(id) }
}

const MEMORY_BYTES = 32_000_000

/** Two gateways on a Postgres and a Redis that both can fail; each gateway has a route of its own to Redis, named like it. One remembers runs and answers, one nothing. */
export async function setModelStage(): Promise<Stage> {
  const folder = await mkdtemp(join(inject('testFolder'), 'model-'))
  const [world, postgres] = await Promise.all([createRedisWorld({ folder }), startTestPostgres()])
  const database = connect(postgres.url, { max: 1 })
  // As old as they are meant to be, on whatever day this runs: their stage of life decides about the amounts.
  await seedDemo(database.db, new Date().toISOString().slice(0, 10))
  const insert = async (name: string, weightKg: number): Promise<string> => {
    const [row] = await database.sql`
      insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
      values (${DEMO_USER_ID}, ${name}, 'DOG', 30, current_date, ${weightKg}) returning id`
    return String(row?.['id'])
  }
  const pets: Record<PetName, ModelPet> = {
    Bori: { id: DEMO_ALLERGIC_DOG_ID, energyFactor: 1.6 },
    Nabi: { id: DEMO_NEUTERED_CAT_ID, energyFactor: 1.2 },
    Duri: { id: DEMO_LARGE_PUPPY_ID, energyFactor: 2.5 },
    Haru: { id: DEMO_SENIOR_DOG_ID, energyFactor: 1.5 },
    Mong: { id: await insert('Mong', 5), energyFactor: 1.8 },
    Kong: { id: await insert('Kong', 7), energyFactor: 1.8 },
  }
  const start = async (name: GatewayName, options: Pick<AppOptions, 'unverifiedAnswers' | 'runMemoryBytes' | 'answerMemoryBytes'>) =>
    startGateway({ databaseUrl: postgres.url, cache: { kind: 'redis', url: (await world.route(name)).url }, ...options })
  const gateways = {
    a: await start('a', { unverifiedAnswers: 'serve', runMemoryBytes: MEMORY_BYTES, answerMemoryBytes: MEMORY_BYTES }),
    b: await start('b', { unverifiedAnswers: 'refuse', runMemoryBytes: 0, answerMemoryBytes: 0 }),
  }
  const headers = { user: await bearer(DEMO_USER_ID), admin: await bearer(DEMO_ADMIN_ID, true) }

  return {
    world,
    postgres,
    sql: database.sql,
    gateways,
    pets,
    ask: async (gateway, query, variables = {}, as = 'user') => {
      const response = await fetch(`${gateways[gateway].url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers[as] },
        body: JSON.stringify({ query, variables }),
      })
      const { data, errors, extensions } = Body.parse(await response.json())
      return { data, code: errors[0]?.extensions.code, errors: JSON.stringify(errors), unverified: extensions?.unverified ?? [] }
    },
    close: async () => {
      await Promise.all([gateways.a.close(), gateways.b.close()])
      await Promise.all([world.close(), database.close()])
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
