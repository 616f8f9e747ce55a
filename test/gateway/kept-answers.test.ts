import { hash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as operations from '../../schema/generated/graphql.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI, DEMO_NEUTERED_CAT_ID as NABI } from '../../src/demo/pets.ts'
import { DEMO_ADMIN_ID, DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { buildSchema } from '../../src/graphql/schema.ts'
import { DEFAULT_OPERATION_LIMITS } from '../../src/http/operation-limits.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { generatedOperations } from '../support/generated-operations.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

const MEMORY_BYTES = 32_000_000
const WIDE = { ...DEFAULT_OPERATION_LIMITS, cost: 1_000_000, characters: 1_000_000, tokens: 100_000, depth: 20, aliases: 1_000, directives: 1_000, rootFields: 100 }

let stage: Stage
/** Keeps runs and answers; keeps nothing: what it says is executed each time. */
let keeping: TestGateway
let executing: TestGateway
let people: Record<'owner' | 'neighbour' | 'admin', Record<string, string>>
let productId: string
beforeAll(async () => {
  stage = await setStage()
  const servers = { databaseUrl: stage.database.url, cache: { kind: 'redis', url: stage.redis.url }, operationLimits: WIDE } as const
  keeping = await startGateway({ ...servers, runMemoryBytes: MEMORY_BYTES, answerMemoryBytes: MEMORY_BYTES })
  executing = await startGateway(servers)
  people = { owner: await bearer(DEMO_USER_ID), neighbour: await bearer(DEMO_NEIGHBOUR_ID), admin: await bearer(DEMO_ADMIN_ID, true) }
  const [product] = await stage.database.sql`select id from products where is_active limit 1`
  productId = String(product?.['id'])
})
afterAll(async () => {
  await Promise.all([keeping.close(), executing.close()])
  await stage.close()
})

type Request = { query: string; variables?: object; who?: keyof typeof people; language?: string; method?: 'GET' | 'POST'; accept?: string; headers?: Record<string, string> }

async function send({ url }: TestGateway, { query, variables = {}, who = 'owner', language = 'en', method = 'POST', accept = 'application/json', headers = {} }: Request) {
  const sent = { ...people[who], accept, 'accept-language': language, ...headers }
  const response =
    method === 'GET'
      ? await fetch(`${url}/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`, { headers: sent })
      : await fetch(`${url}/graphql`, { method, headers: { ...sent, 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
}

/** How often an answer was sent as it had been kept, and how often one was found overtaken. */
async function keptCounts(): Promise<Record<'sent' | 'overtaken' | 'unconfirmed', number>> {
  const text = await (await fetch(`${keeping.url}/metrics`)).text()
  const count = (outcome: string) => Number(new RegExp(`^petfood_kept_answers_total\\{outcome="${outcome}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return { sent: count('sent'), overtaken: count('overtaken'), unconfirmed: count('unconfirmed') }
}

/**
 * Which tier answered, and what tells it, is no part of what is compared; nor are the times of match scores that each
 * gateway makes, nor how many errors were met before the first of them ended everything.
 */
const comparable = ({ status, body }: { status: number; body: string }) => ({
  status,
  lines: body.replaceAll(TIER, '"$1":"?"').replace(/"errors":\[.*\],(?="data")/, '"errors",').split(/(?<=[,{])/),
  codes: [...new Set(body.match(/"code":"\w+"/g))].sort(),
})
const TIER = /"([^"]*(?:source|isCached|calculatedAt))":(?:"(?:MEMORY|REDIS|POSTGRES|COMPUTED)"|true|false|"[\d:.TZ-]+")/g

const RECOMMENDED = `query Recommended($petId: ID!) { recommendations(petId: $petId) { source isCached runId message
  items { rank matchScore dailyAmountG technicalExplanation matchReasons { message } product { id allergens } } pet { name weightKg ageStage isPrimary } } }`
const bori = (more: Partial<Request> = {}): Request => ({ query: RECOMMENDED, variables: { petId: BORI }, ...more })

/** Asks until the answer is sent as it was kept. */
async function untilKept(request: Request) {
  let last = await send(keeping, request)
  await waitUntil('the answer is kept', async () => {
    const before = await keptCounts()
    last = await send(keeping, request)
    return (await keptCounts()).sent > before.sent
  })
  return last
}

test('an answer that is kept is the executed one, byte for byte and header for header, and says MEMORY', async () => {
  for (const accept of ['application/json', 'application/graphql-response+json']) {
    for (const method of ['GET', 'POST'] as const) {
      const request = bori({ accept, method })
      await untilKept(request)
      const kept = await send(keeping, request)
      expect(JSON.parse(kept.body).data.recommendations).toMatchObject({ source: 'MEMORY', isCached: true })
      const executed = await send(executing, request)
      expect(comparable(kept)).toEqual(comparable(executed))
      const { 'x-request-id': _id, date: _date, 'content-length': _length, etag: _etag, ...headers } = executed.headers
      expect(kept.headers).toMatchObject(headers)
    }
  }
})

test('every operation of schema/operations has the same answer kept and executed, in each language and for each viewer', { timeout: 60_000 }, async () => {
  const before = await keptCounts()
  const queries = Object.entries(operations).flatMap(([name, document]) => (name.endsWith('Document') && /^\s*query/m.test(String(document)) ? [String(document)] : []))
  const variables = { petId: BORI, productId, id: BORI, first: 3, search: 'chicken' }
  for (const query of queries) {
    // What a process tells of itself, and what changes while one looks at it.
    if (/cacheStats|cacheEntry/.test(query)) continue
    const declared = Object.fromEntries(Object.entries(variables).filter(([name]) => query.includes(`$${name}:`)))
    for (const who of ['owner', 'neighbour', 'admin'] as const) {
      for (const language of ['en', 'ko']) {
        const request = { query, variables: declared, who, language }
        const executed = comparable(await send(executing, request))
        for (let time = 0; time < 4; time++) expect(comparable(await send(keeping, request)), query).toEqual(executed)
      }
    }
  }
  expect((await keptCounts()).sent).toBeGreaterThan(before.sent)
})

const TEXT = (value: string) => JSON.stringify(value)
const operationsWithout = (...skip: string[]) =>
  generatedOperations(buildSchema(), {
    values: {
      petId: [TEXT(BORI), TEXT(NABI)], id: [TEXT(BORI), TEXT(NABI)], first: ['2'], forceRefresh: ['false'],
      conditions: ['{ emphasizedConcerns: [JOINT] }', '{ maxDailyAmountG: 90 }'],
      get productId() {
        return [TEXT(productId)]
      },
    },
    // What a process tells of itself, and what the rest of the same operation may be adding to just now.
    skip: ['Query.cacheStats', 'Query.cacheEntry', 'Query.recommendationHistory', ...skip],
    depth: 5,
    width: 4,
  })
const anything = operationsWithout()
const coveredByFences = operationsWithout('Query.product', 'Query.products', 'Query.productMatchScore', 'Viewer.pets', 'Viewer.primaryPet', 'Viewer.preferences')
const generated = fc.oneof(anything, coveredByFences)

/** By a mutation that answers when the change is in force; alternately sent to both gateways. */
const CHANGES: readonly ((n: number) => { query: string; who: keyof typeof people })[] = [
  (n) => ({ query: `mutation { updatePet(input: { petId: "${BORI}", weightKg: ${5 + (n % 50) / 10}, name: "Bori ${n}" }) { invalidation } }`, who: 'owner' }),
  (n) => ({ query: `mutation { updatePet(input: { petId: "${NABI}", foodAllergies: [${n % 2 === 0 ? 'FISH' : ''}] }) { invalidation } }`, who: 'owner' }),
  (n) => ({ query: `mutation { setPrimaryPet(petId: "${n % 2 === 0 ? BORI : NABI}") { pet { id } } }`, who: 'owner' }),
  (n) => ({ query: `mutation { updateRecommendationPreferences(input: { weightsPreset: ${['SAFE', 'BALANCED', 'VALUE'][n % 3]} }) { invalidation } }`, who: 'owner' }),
  () => ({ query: `mutation { clearRecommendationCache(petId: "${BORI}") { invalidation } }`, who: 'owner' }),
  () => ({ query: `mutation { generateExplanations(petId: "${BORI}", locale: KO) { recommendations { petId } } }`, who: 'owner' }),
  (n) => ({ query: `mutation { updateProduct(input: { productId: "${productId}", productName: "Renamed ${n}" }) { invalidation } }`, who: 'admin' }),
  () => ({ query: 'mutation { clearAllRecommendationCaches { invalidation } }', who: 'admin' }),
]

test('whatever is asked and changed in between, what is kept is what executing it anew would say', { timeout: 120_000 }, async () => {
  const before = await keptCounts()
  let serial = 0
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask' as const), operation: fc.nat(2), who: fc.constantFrom('owner', 'admin', 'neighbour'), language: fc.constantFrom('en', 'ko'), method: fc.constantFrom('GET', 'POST') }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('change' as const), change: fc.nat(CHANGES.length - 1) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(generated, { minLength: 1, maxLength: 2 }), fc.array(step, { minLength: 10, maxLength: 30 }), async (texts, steps) => {
      // One that is kept for certain is among them: of generated ones most show something that no fence tells of.
      const requests = [bori(), ...texts.map((query) => ({ query }))]
      for (const one of steps) {
        if (one.kind === 'change') {
          const { query, who } = CHANGES[one.change]?.(++serial) ?? { query: '', who: 'owner' }
          const { body } = await send(serial % 2 === 0 ? keeping : executing, { query, who })
          expect(body).not.toContain('"errors"')
        } else {
          const { who, language, method } = one
          const request = { ...(requests[one.operation % requests.length] ?? bori()), who, language, method } as const
          // So often that the last may be a kept one.
          for (let time = 0; time < 3; time++) expect(comparable(await send(keeping, request))).toEqual(comparable(await send(executing, request)))
        }
      }
    }),
    { numRuns: 15, endOnFailure: true },
  )
  // How often is left to chance; what a change does to one that is kept has tests of its own.
  expect((await keptCounts()).sent - before.sent).toBeGreaterThan(0)
})

test('what no fence tells of is executed each time, also beside what fences do tell of', async () => {
  const hit = `recommendations(petId: "${BORI}") { runId }`
  for (const [text, who] of [
    [`{ ${hit} viewer { pets { id } } }`, 'owner'],
    [`{ ${hit} viewer { primaryPet { id } } }`, 'owner'],
    [`{ ${hit} viewer { preferences { weightsPreset } } }`, 'owner'],
    [`{ ${hit} product(id: "${productId}") { productName } }`, 'owner'],
    [`{ ${hit} products(first: 1) { edges { node { id } } } }`, 'owner'],
    [`{ ${hit} productMatchScore(productId: "${productId}", petId: "${BORI}") { matchScore } }`, 'owner'],
    [`{ ${hit} recommendationHistory(petId: "${BORI}") { edges { cursor } } }`, 'owner'],
    [`{ ${hit} cacheStats { hitRate } }`, 'admin'],
    [`{ ${hit} cacheEntry(petId: "${BORI}") { petId } }`, 'admin'],
    [`mutation { clearRecommendationCache(petId: "${NABI}") { deletedRuns } }`, 'owner'],
    [`{ recommendations(petId: "${BORI}", forceRefresh: true) { runId } }`, 'owner'],
    ['{ viewer { id } }', 'owner'],
  ] as const) {
    await untilKept(bori())
    const before = await keptCounts()
    for (let time = 0; time < 4; time++) expect((await send(keeping, { query: text, who })).body, text).not.toContain('"errors"')
    expect((await keptCounts()).sent - before.sent, text).toBe(0)
  }
})

test('what a change has overtaken is not sent once more, whichever process made it and whatever else is kept', async () => {
  for (const gateway of [keeping, executing]) {
    await untilKept(bori())
    for (const allergies of ['BEEF, DAIRY', 'BEEF']) {
      const { body } = await send(gateway, { query: `mutation { updatePet(input: { petId: "${BORI}", foodAllergies: [${allergies}] }) { invalidation } }` })
      expect(body).toContain('CLEARED')
      expect(JSON.parse((await send(keeping, bori())).body).data.recommendations.source).not.toBe('MEMORY')
    }
  }
})

test('a pet that has changed hands is not shown to who had it, kept or not', async () => {
  await untilKept(bori())
  await stage.database.sql`update pets set user_id = ${DEMO_NEIGHBOUR_ID}, is_primary = false, name = 'Bori of next door' where id = ${BORI}`
  await waitUntil('the change is delivered', async () => JSON.parse((await send(keeping, bori())).body).errors?.[0].extensions.code === 'NOT_FOUND', { withinMs: 1_000 })
  expect(JSON.parse((await send(keeping, bori({ who: 'neighbour' }))).body).errors).toBeUndefined()
  await stage.database.sql`update pets set user_id = ${DEMO_USER_ID}, name = 'Bori' where id = ${BORI}`
  await waitUntil('it is theirs again', async () => JSON.parse((await send(keeping, bori())).body).errors === undefined)
})

test('without its fence in Redis nothing kept is sent', async () => {
  await untilKept(bori())
  await stage.redisClient.unlink(stage.keys.fence(BORI))
  expect(JSON.parse((await send(keeping, bori())).body).data.recommendations.source).not.toBe('MEMORY')
})

test('a client that has the newest answer already is told so, after it has shown who it is; a change ends that', async () => {
  const documentId = `sha256:${hash('sha256', RECOMMENDED)}`
  const url = `${keeping.url}/graphql?${new URLSearchParams({ documentId, variables: JSON.stringify({ petId: BORI }) })}`
  const get = (headers: Record<string, string>) => fetch(url, { headers: { accept: 'application/json', ...headers } })
  await send(keeping, { query: RECOMMENDED, variables: { petId: BORI } })
  await fetch(`${keeping.url}/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: RECOMMENDED, extensions: { persistedQuery: { version: 1, sha256Hash: hash('sha256', RECOMMENDED) } } }),
  })
  await waitUntil('it has a tag', async () => (await get(people.owner)).headers.has('etag'))
  for (let time = 0; time < 3; time++) {
    const whole = await get(people.owner)
    const etag = whole.headers.get('etag') ?? ''
    expect(whole.headers.get('cache-control')).toBe('private, no-cache')
    for (const sent of [etag, `"other", ${etag}`, '*']) {
      const same = await get({ ...people.owner, 'if-none-match': sent })
      expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', etag])
    }
    expect((await get({ ...people.owner, 'if-none-match': '"other"' })).status).toBe(200)
    expect((await get({ ...people.owner, 'accept-language': 'ko', 'if-none-match': etag })).status).toBe(200)
    expect((await get({ ...people.admin, 'if-none-match': etag })).status).toBe(200)
    expect((await get({ 'if-none-match': etag })).status).not.toBe(304)
    expect((await get({ authorization: 'Bearer wrong', 'if-none-match': etag })).status).toBe(401)
    const neighbour = await get({ ...people.neighbour, 'if-none-match': etag })
    expect([neighbour.status, (await neighbour.json()).errors[0].extensions.code]).toEqual([200, 'NOT_FOUND'])
    await send(keeping, { query: `mutation { updatePet(input: { petId: "${BORI}", weightKg: ${20 + time} }) { invalidation } }` })
    const changed = await get({ ...people.owner, 'if-none-match': etag })
    expect(changed.status).toBe(200)
    await waitUntil('the new answer has a tag', async () => (await get(people.owner)).headers.has('etag'))
  }
})

test('a kept answer is compressed as its client likes it, the second time from what was compressed before', async () => {
  const plain = await untilKept(bori({ headers: { 'accept-encoding': 'identity' } }))
  for (const encoding of ['gzip', 'br', 'gzip', 'br']) {
    const sent = await send(keeping, bori({ headers: { 'accept-encoding': encoding } }))
    expect([sent.headers['content-encoding'], sent.body]).toEqual([encoding, plain.body])
  }
})
