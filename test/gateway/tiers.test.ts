import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GenerateExplanationsDocument, RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { AGE_STAGES, ALLERGENS, HEALTH_CONCERNS, SPECIES, WEIGHTS_PRESETS } from '../../src/domain/codes.ts'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

const OWNER = '11111111-2222-4333-8444-555555555555'
const DAY_S = 24 * 60 * 60

let stage: Stage
let user: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(OWNER)
  await stage.database.sql`insert into users (id) values (${OWNER})`
})
afterAll(() => stage.close())

const MONTHS = { PUPPY: 5, ADULT: 40, SENIOR: 140 } as const
let made = 0

async function makePet(traits: { species: string; months: number; weightKg: number; concerns?: string[]; allergies?: string[] }): Promise<string> {
  const { sql } = stage.database
  const [row] = await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${OWNER}, ${`pet ${made++}`}, ${traits.species}, ${traits.months}, current_date, ${traits.weightKg}) returning id`
  const id: string = row?.['id']
  for (const concern of traits.concerns ?? []) await sql`insert into pet_health_concerns values (${id}, ${concern})`
  for (const allergen of traits.allergies ?? []) await sql`insert into pet_food_allergies values (${id}, ${allergen})`
  return id
}

const ask = async (petId: string, headers = user) => {
  const { data, errors } = await stage.gateway.ask(RecommendationsDocument, { petId }, headers)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.recommendations
}

const forget = (petId: string) => stage.redisClient.unlink(stage.keys.result(petId), stage.keys.fence(petId))

const randomPet = fc.record({
  species: fc.constantFrom(...SPECIES),
  months: fc.constantFrom(...AGE_STAGES).map((stageOfLife) => MONTHS[stageOfLife]),
  weightKg: fc.double({ min: 0.1, max: 150, noNaN: true }),
  concerns: fc.uniqueArray(fc.constantFrom(...HEALTH_CONCERNS), { maxLength: 4 }),
  allergies: fc.uniqueArray(fc.constantFrom(...ALLERGENS), { maxLength: 15 }),
  preset: fc.constantFrom(...WEIGHTS_PRESETS),
})

test('a run is the same field for field whether it was computed, read from Redis or read from Postgres', { timeout: 60_000 }, () =>
  fc.assert(
    fc.asyncProperty(randomPet, async (traits) => {
      const petId = await makePet(traits)
      const computed = await ask(petId)
      expect(computed.source).toBe('COMPUTED')
      await waitUntil('it is a hit', async () => (await ask(petId)).source === 'REDIS')
      expect(await ask(petId)).toEqual({ ...computed, source: 'REDIS', isCached: true })
      await forget(petId)
      expect(await ask(petId)).toEqual({ ...computed, source: 'POSTGRES', isCached: true })
    }),
    { numRuns: 30 },
  ))

test('an explained run is the same field for field from Redis and from Postgres, in each language', { timeout: 60_000 }, () =>
  fc.assert(
    fc.asyncProperty(randomPet, async (traits) => {
      const petId = await makePet(traits)
      const computed = await ask(petId)
      for (const locale of ['EN', 'KO'] as const) expect((await stage.gateway.ask(GenerateExplanationsDocument, { petId, locale }, user)).errors).toBeUndefined()
      for (const headers of [user, { ...user, 'accept-language': 'ko' }]) {
        await waitUntil('it is a hit', async () => (await ask(petId, headers)).source === 'REDIS')
        const hit = await ask(petId, headers)
        expect(hit.items.filter(({ expertExplanation }) => expertExplanation === null)).toEqual([])
        await forget(petId)
        expect(await ask(petId, headers)).toEqual({ ...hit, source: 'POSTGRES' })
        expect(hit.runId).toBe(computed.runId)
      }
    }),
    { numRuns: 10 },
  ))

test('the life of a filled entry is what is left of the seven days of its run', async () => {
  const petId = await makePet({ species: 'DOG', months: 30, weightKg: 12 })
  const { runId } = await ask(petId)
  await stage.database.sql`update recommendation_runs set created_at = now() - interval '5 days 23 hours' where id = ${runId ?? ''}`
  await forget(petId)
  // Not on its last day, on which it would be made anew behind the answer.
  expect((await ask(petId)).source).toBe('POSTGRES')
  const lifeS = await stage.redisClient.ttl(stage.keys.result(petId))
  const leftS = DAY_S + 60 * 60
  expect(lifeS).toBeLessThanOrEqual(leftS)
  expect(lifeS).toBeGreaterThan(0.94 * leftS)
})

test('an expired run is never served: the answer is computed anew and the old run is kept as history', async () => {
  const petId = await makePet({ species: 'CAT', months: 30, weightKg: 4 })
  const { runId } = await ask(petId)
  await stage.database.sql`update recommendation_runs set created_at = now() - interval '7 days' where id = ${runId ?? ''}`
  await forget(petId)
  const fresh = await ask(petId)
  expect(fresh.source).toBe('COMPUTED')
  expect(fresh.runId).not.toBe(runId)
  const rows = await stage.database.sql`select id, superseded_at is null as current from recommendation_runs where pet_id = ${petId} order by created_at`
  expect([...rows]).toEqual([{ id: runId, current: false }, { id: fresh.runId, current: true }])
})

test('a hundred readers of one pet over two processes make one run', async () => {
  const other = await stage.another()
  const petId = await makePet({ species: 'DOG', months: 30, weightKg: 21 })
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? stage.gateway : other).ask(RecommendationsDocument, { petId }, user)),
  )
  expect(new Set(answers.map(({ data }) => data?.recommendations.runId)).size).toBe(1)
  const [row] = await stage.database.sql`select count(*)::int as runs from recommendation_runs where pet_id = ${petId}`
  expect(row?.['runs']).toBe(1)
})
