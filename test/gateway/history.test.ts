import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  ClearRecommendationCacheDocument, RecommendationHistoryDocument, RecommendationsDocument, type RecommendationHistoryQueryVariables,
  type RecommendationsQueryVariables,
} from '../../schema/generated/graphql.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_ADMIN_ID, DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { RUN_FORMAT } from '../../src/domain/run-codec.ts'
import { bearer } from '../support/gateway.ts'
import { storeItemByItem } from '../support/older-release.ts'
import { setStage, type Stage } from '../support/stage.ts'

const IDS_ONLY = 'query ($petId: ID!, $first: Int, $after: String) { recommendationHistory(petId: $petId, first: $first, after: $after) { edges { node { id } } } }'
const ABSENT = '00000000-0000-4000-8000-000000000000'

let stage: Stage
let user: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
})
afterAll(() => stage.close())
beforeEach(() => stage.gateway.ask(ClearRecommendationCacheDocument, { petId: BORI }, user))

const recommend = async (more: Partial<RecommendationsQueryVariables> = {}) => {
  const { data } = await stage.gateway.ask(RecommendationsDocument, { petId: BORI, ...more }, user)
  return data?.recommendations ?? { runId: null, items: [] }
}
const page = async (more: Partial<RecommendationHistoryQueryVariables> = {}) => {
  const { data, errors } = await stage.gateway.ask(RecommendationHistoryDocument, { petId: BORI, ...more }, user)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.recommendationHistory
}
const idsOf = ({ edges }: { edges: readonly { node: { id: string } }[] }) => edges.map(({ node }) => node.id)

/** Runs without items, made `secondsAgo`: all in one millisecond where that is asked for. */
const insertRuns = async (secondsAgo: readonly number[]) => {
  const rows = await stage.database.sql`
    insert into recommendation_runs (pet_id, version, epoch, strategy, strategy_version, format, empty_reason, superseded_at, created_at)
    select ${BORI}, 0, 0, 'RULE_V1', 1, ${RUN_FORMAT}, 'NO_MATCH', now(), date_trunc('second', now()) - s * interval '1 second' from unnest(${[...secondsAgo]}::int[]) s returning id`
  return rows.map((row) => String(row['id']))
}

test('the newest run comes first; it is current, and the one before it is no more', async () => {
  const first = await recommend()
  const second = await recommend({ forceRefresh: true })
  const { edges, pageInfo } = await page()
  expect(edges.map(({ node }) => [node.id, node.isCurrent])).toEqual([[second.runId, true], [first.runId, false]])
  expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false, startCursor: edges[0]?.cursor, endCursor: edges[1]?.cursor })
  expect(edges[0]?.node.items.map(({ product }) => product.id)).toEqual(second.items.map(({ product }) => product.id))
})

test('runs under conditions are history as well, and current for their conditions', async () => {
  const [plain, budget] = [await recommend(), await recommend({ conditions: { maxMonthlyBudget: 200_000 } })]
  const { edges } = await page()
  expect(edges.map(({ node }) => [node.id, node.isCurrent, node.hasConditions])).toEqual([[budget.runId, true, true], [plain.runId, true, false]])
})

test.each([1, 2, 3, 7])('pages of %i hold every run once and in order, whatever is inserted between them, also where many share an instant', async (first) => {
  const before = await insertRuns([500, 400, 400, 400, 400, 300, 200])
  const seen: string[] = []
  let after: string | null = null
  for (let hasNextPage = true; hasNextPage; ) {
    const { edges, pageInfo } = await page({ first, after })
    seen.push(...idsOf({ edges }))
    expect(edges.length).toBeLessThanOrEqual(first)
    expect(pageInfo.hasPreviousPage).toBe(after !== null)
    await insertRuns([10, 0])
    after = pageInfo.endCursor ?? null
    hasNextPage = pageInfo.hasNextPage
  }
  expect(seen.toSorted()).toEqual(before.toSorted())
  expect(seen).toEqual(idsOf(await page({ first: 30 })).filter((id) => before.includes(id)))
})

test('a run that an older release stored stays readable, and is current no more', async () => {
  const { runId, items } = await recommend()
  await storeItemByItem(stage.database.sql, runId ?? '', 1)
  const { edges } = await page()
  expect(edges.map(({ node }) => [node.id, node.isCurrent])).toEqual([[runId, false]])
  expect(edges[0]?.node.items.map(({ matchScore, product }) => [matchScore, product.id])).toEqual(items.map(({ matchScore, product }) => [matchScore, product.id]))
})

test('a run of a format that nobody reads is left out, and the page is still as long as was asked for', async () => {
  const [old, ...readable] = await insertRuns([1, 2, 3])
  await stage.database.sql`update recommendation_runs set format = 0 where id = ${old ?? ''}`
  const { edges, pageInfo } = await page({ first: 2 })
  expect(idsOf({ edges })).toEqual(readable)
  expect(pageInfo.hasNextPage).toBe(false)
})

test('a run whose items cannot be read is left out: no page is shorter for it, and none the last before its time', async () => {
  const [torn, ...readable] = await insertRuns([1, 2, 3])
  await stage.database.sql`update recommendation_runs set items = '[{' where id = ${torn ?? ''}`
  const { edges, pageInfo } = await page({ first: 1 })
  expect(pageInfo.hasNextPage).toBe(true)
  const rest = await page({ first: 1, after: pageInfo.endCursor ?? null })
  expect([...idsOf({ edges }), ...idsOf(rest)]).toEqual(readable)
})

test('it is for the owner and for admins; to others the pet is not there', async () => {
  await recommend()
  const codeOf = async (petId: string, headers: Record<string, string>) =>
    (await stage.gateway.ask(RecommendationHistoryDocument, { petId }, headers)).errors?.[0]?.extensions.code
  expect(await codeOf(BORI, user)).toBeUndefined()
  expect(await codeOf(BORI, await bearer(DEMO_ADMIN_ID, true))).toBeUndefined()
  expect(await codeOf(BORI, await bearer(DEMO_NEIGHBOUR_ID))).toBe('NOT_FOUND')
  expect(await codeOf(ABSENT, user)).toBe('NOT_FOUND')
  expect(await codeOf(BORI, {})).toBe('UNAUTHENTICATED')
})

test('a page may hold a hundred runs', async () => {
  const ids = await insertRuns(Array.from({ length: 101 }, (_, i) => i))
  const { data } = await stage.gateway.askText(IDS_ONLY, { petId: BORI, first: 100 }, user)
  expect(data).toEqual({ recommendationHistory: { edges: ids.slice(0, 100).map((id) => ({ node: { id } })) } })
})

const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const BAD: [string, object, string][] = [
  ['no run', { first: 0 }, 'first'],
  ['a negative number of runs', { first: -1 }, 'first'],
  ['too many runs', { first: 101 }, 'first'],
  ['no UUID', { petId: 'x' }, 'petId'],
  ['garbage for a cursor', { after: 'garbage' }, 'after'],
  ['the cursor of another list', { after: cursor(['name', ABSENT]) }, 'after'],
  ['a cursor without an id', { after: cursor([1]) }, 'after'],
  ['a cursor whose id is none', { after: cursor([1, 'x']) }, 'after'],
  ['a cursor of an instant that is none', { after: cursor([1e300, ABSENT]) }, 'after'],
  ['a cursor of the year 10000', { after: cursor([253_402_300_800_000, ABSENT]) }, 'after'],
]
test.each(BAD)('%s is refused by the argument', async (_name, more, path) => {
  // Without the items, of which a hundred runs would be refused for their cost.
  const { errors } = await stage.gateway.askText(IDS_ONLY, { petId: BORI, ...more }, user)
  expect(errors?.map(({ extensions }) => [extensions.code, extensions.fields?.[0]?.path])).toEqual([['BAD_USER_INPUT', path]])
})

test('a cursor at either end of time is one of an empty or a whole page', async () => {
  const ids = await insertRuns([1])
  expect(idsOf(await page({ after: cursor([0, ABSENT]) }))).toEqual([])
  expect(idsOf(await page({ after: cursor([253_402_300_799_999, ABSENT]) }))).toEqual(ids)
  expect(idsOf(await page({ first: null, after: null }))).toEqual(ids)
})
