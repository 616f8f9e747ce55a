import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { GenerateExplanationsDocument, RecommendationsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import { DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

let stage: Stage
let user: Record<string, string>
let petId: string
let pets = 0
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
})
afterAll(() => stage.close())
beforeEach(async () => {
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${DEMO_USER_ID}, ${`explained ${pets++}`}, 'DOG', 30, current_date, 9) returning id`
  petId = String(row?.['id'])
  await stage.database.sql`insert into pet_health_concerns values (${petId}, 'JOINT')`
})

const ask = async (gateway = stage.gateway, headers = user) => {
  const { data, errors } = await gateway.ask(RecommendationsDocument, { petId }, headers)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.recommendations
}
const generate = async (locale?: 'EN' | 'KO', gateway = stage.gateway, headers = user) => {
  const { data, errors } = await gateway.ask(GenerateExplanationsDocument, { petId, ...(locale === undefined ? {} : { locale }) }, headers)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.generateExplanations.recommendations
}
const textsOf = ({ items }: { items: readonly { expertExplanation?: { text: string } | null | undefined }[] }) => items.map(({ expertExplanation }) => expertExplanation?.text)
const versionOf = async () => Number((await stage.database.sql`select recommendation_version v from pets where id = ${petId}`)[0]?.['v'])
const korean = async (): Promise<Record<string, string>> => ({ ...(await bearer(DEMO_USER_ID)), 'accept-language': 'ko' })
const computationsOf = async (gateway: TestGateway): Promise<number> => {
  const text = await (await fetch(`${gateway.url}/metrics`)).text()
  return [...text.matchAll(/^petfood_computations_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
}

test('explanations are written into the current run: same id, same time, same end, and nothing is computed anew', async () => {
  const before = await ask()
  expect(textsOf(before)).toEqual(before.items.map(() => undefined))
  await stage.database.sql`update recommendation_runs set created_at = created_at - interval '5 days' where pet_id = ${petId}`
  await stage.redisClient.unlink(stage.keys.result(petId), stage.keys.fence(petId))
  const aged = await ask()
  const computed = await computationsOf(stage.gateway)

  const after = await generate('EN')
  expect(after).toMatchObject({ runId: before.runId, lastRecommendedAt: aged.lastRecommendedAt, expiresAt: aged.expiresAt, source: 'POSTGRES', isCached: true })
  expect(after.items).toHaveLength(10)
  for (const { expertExplanation } of after.items) {
    expect(expertExplanation?.text).toMatch(/^Number \d+ for your pet/)
    expect(expertExplanation?.citations.length).toBeGreaterThan(0)
    expect(expertExplanation).toMatchObject({ model: 'extractive-v1', generatedAt: expect.stringMatching(/^\d{4}-/), confidence: expect.any(Number) })
  }
  expect(await computationsOf(stage.gateway)).toBe(computed)
  expect(await stage.redisClient.pttl(stage.keys.result(petId))).toBeLessThanOrEqual(2 * 24 * 60 * 60 * 1_000)
  const strip = ({ items }: typeof before) => items.map(({ expertExplanation: _one, ...item }) => item)
  expect(strip(await ask())).toEqual(strip(before))
})

test('each tier shows the same explanations, in each language', async () => {
  await generate('EN')
  const written = await generate('KO')
  const headers = await korean()
  for (const language of [user, headers]) {
    await waitUntil('it is a hit', async () => (await ask(stage.gateway, language)).source === 'REDIS')
    const fromRedis = await ask(stage.gateway, language)
    await stage.redisClient.unlink(stage.keys.result(petId), stage.keys.fence(petId))
    expect(await ask(stage.gateway, language)).toEqual({ ...fromRedis, source: 'POSTGRES' })
    expect(fromRedis.runId).toBe(written.runId)
    for (const text of textsOf(fromRedis)) expect(text).toMatch(language === headers ? /^추천 \d+위/ : /^Number \d+ for/)
  }
})

test('whoever asks for no language gets that of the request, and the other language stays unexplained', async () => {
  const headers = await korean()
  await generate(undefined, stage.gateway, headers)
  expect(textsOf(await ask(stage.gateway, headers)).every((text) => text?.startsWith('추천'))).toBe(true)
  expect(textsOf(await ask())).toEqual(Array.from({ length: 10 }))
})

test('what is explained already is neither written again nor given a new version', async () => {
  const first = await generate('EN')
  const version = await versionOf()
  const second = await generate('EN')
  expect(second.items).toEqual(first.items)
  expect(await versionOf()).toBe(version)
})

test('where no valid run is, one is made first', async () => {
  const made = await generate('EN')
  expect(textsOf(made).every((text) => text !== undefined)).toBe(true)
  await stage.gateway.ask(UpdatePetWeightDocument, { petId, weightKg: 12 }, user)
  const anew = await generate('EN')
  expect(anew.runId).not.toBe(made.runId)
  expect(textsOf(anew).every((text) => text !== undefined)).toBe(true)
  // A row that somebody deleted by hand: the cache still holds the run, Postgres has none to write into.
  await stage.database.sql`delete from recommendation_runs where pet_id = ${petId}`
  expect(textsOf(await generate('KO')).every((text) => text?.startsWith('추천'))).toBe(true)
})

test('another process shows them at once, and runs under conditions go on without being computed anew', async () => {
  const other = await stage.another()
  const conditions = { maxMonthlyBudget: 300_000 }
  const conditional = async () => (await other.ask(RecommendationsDocument, { petId, conditions }, user)).data?.recommendations
  await ask(other)
  const before = await conditional()
  const computed = await computationsOf(other)
  await generate('EN')
  expect(textsOf(await ask(other)).every((text) => text !== undefined)).toBe(true)
  expect(await conditional()).toMatchObject({ runId: before?.runId, source: 'POSTGRES', lastRecommendedAt: before?.lastRecommendedAt })
  expect(await computationsOf(other)).toBe(computed)
})

test('a pet that nothing suits is answered as it is', async () => {
  await stage.database.sql`update products set is_active = false`
  try {
    const { runId, items } = await generate()
    const version = await versionOf()
    expect(items).toEqual([])
    expect((await generate()).runId).toBe(runId)
    expect(await versionOf()).toBe(version)
  } finally {
    await stage.database.sql`update products set is_active = true`
  }
})

test('only the owner and an admin may: to others there is no such pet', async () => {
  await ask()
  const version = await versionOf()
  const codeOf = async (variables: { petId: string }, headers: Record<string, string>) =>
    (await stage.gateway.ask(GenerateExplanationsDocument, variables, headers)).errors?.[0]?.extensions.code
  expect(await codeOf({ petId }, await bearer(DEMO_NEIGHBOUR_ID))).toBe('NOT_FOUND')
  expect(await codeOf({ petId: DEMO_USER_ID }, user)).toBe('NOT_FOUND')
  expect(await codeOf({ petId: 'x' }, user)).toBe('BAD_USER_INPUT')
  expect(await codeOf({ petId }, {})).toBe('UNAUTHENTICATED')
  expect(await versionOf()).toBe(version)
  expect(await codeOf({ petId }, await bearer(DEMO_NEIGHBOUR_ID, true))).toBeUndefined()
})

test('without a Redis the memory of the process behaves alike', async () => {
  const alone = await startGateway({ databaseUrl: stage.database.url, cacheIsPrivateToProcess: true })
  try {
    const before = await ask(alone)
    await waitUntil('it is a hit', async () => (await ask(alone)).source === 'MEMORY')
    const [english, inKorean] = await Promise.all([generate('EN', alone), generate('KO', alone)])
    expect([english.runId, inKorean.runId]).toEqual([before.runId, before.runId])
    await waitUntil('it is a hit', async () => (await ask(alone)).source === 'MEMORY')
    expect(textsOf(await ask(alone)).every((text) => text !== undefined)).toBe(true)
    expect(textsOf(await ask(alone, await korean())).every((text) => text?.startsWith('추천'))).toBe(true)
    expect(await computationsOf(alone)).toBe(1)
  } finally {
    await alone.close()
  }
})
