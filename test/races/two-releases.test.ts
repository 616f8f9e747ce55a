import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { GenerateExplanationsDocument, RecommendationHistoryDocument, RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer } from '../support/gateway.ts'
import { keepWhole, storeItemByItem, storeWhole } from '../support/older-release.ts'
import { setStage, type Stage } from '../support/stage.ts'

/** Releases side by side: an older one kept a run's items one by one, a later one as one JSON (docs/decisions/021, 026). */

let stage: Stage
let user: Record<string, string>
let petId: string
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
})
afterAll(() => stage.close())
beforeEach(async () => {
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${DEMO_USER_ID}, ${randomUUID()}, 'DOG', 30, current_date, 9) returning id`
  petId = String(row?.['id'])
})

const ask = async () => {
  const { data, errors } = await stage.gateway.ask(RecommendationsDocument, { petId }, user)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.recommendations
}
const forget = () => stage.redisClient.unlink(stage.keys.result(petId), stage.keys.fence(petId))
/** What the release that keeps items one by one reads. */
const asBefore = async (runId: string) =>
  (await stage.database.sql`select document from recommendation_items where run_id = ${runId} order by rank`).map((row): unknown => row['document'])

test.each([
  ['item by item', storeItemByItem],
  ['as one JSON', storeWhole],
])('a run that an older release stored %s is answered field for field, as the answer and in the history', async (_how, store) => {
  const { runId, items } = await ask()
  await store(stage.database.sql, runId ?? '')
  await forget()
  const read = await ask()
  expect(read.source).toBe('POSTGRES')
  expect(read.items).toEqual(items)
  const { data } = await stage.gateway.ask(RecommendationHistoryDocument, { petId }, user)
  expect(data?.recommendationHistory.edges.map(({ node }) => [node.id, node.isCurrent, node.items.length])).toEqual([[runId, true, items.length]])
})

test('a run that an older release keeps in Redis as one JSON is a hit', async () => {
  const { runId, items } = await ask()
  await keepWhole(stage, petId)
  const { source, runId: readId, items: read } = await ask()
  expect([source, readId]).toEqual(['REDIS', runId])
  expect(read).toEqual(items)
})

test('once a run that was kept item by item is explained its release finds nothing to read, rather than the run without its explanations', async () => {
  const { runId } = await ask()
  await storeItemByItem(stage.database.sql, runId ?? '')
  expect(await asBefore(runId ?? '')).not.toContain(null)
  const { data } = await stage.gateway.ask(GenerateExplanationsDocument, { petId, locale: 'EN' }, user)
  const explained = data?.generateExplanations.recommendations
  expect(explained?.runId).toBe(runId)
  expect(explained?.items.every(({ expertExplanation }) => expertExplanation != null)).toBe(true)
  expect(new Set(await asBefore(runId ?? ''))).toEqual(new Set([null]))
  await forget()
  expect((await ask()).items.map(({ expertExplanation }) => expertExplanation)).toMatchObject(explained?.items.map(({ expertExplanation }) => expertExplanation) ?? [])
})
