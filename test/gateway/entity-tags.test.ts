import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import * as operations from '../../schema/generated/graphql.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI, DEMO_NEUTERED_CAT_ID as NABI } from '../../src/demo/pets.ts'
import { DEMO_ADMIN_ID, DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { buildSchema } from '../../src/graphql/schema.ts'
import { DEFAULT_OPERATION_LIMITS } from '../../src/http/operation-limits.ts'
import { bearer, startGateway } from '../support/gateway.ts'
import { generatedOperations } from '../support/generated-operations.ts'
import { startOtherRelease } from '../support/other-release.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

const MEMORY_BYTES = 32_000_000
const DAY_MS = 24 * 60 * 60 * 1_000
const WIDE = { ...DEFAULT_OPERATION_LIMITS, cost: 1_000_000, characters: 1_000_000, tokens: 100_000, depth: 20, aliases: 1_000, directives: 1_000, rootFields: 100 }
const WIDE_VARIABLES = {
  OPERATION_MAX_COST: '1000000', OPERATION_MAX_CHARACTERS: '1000000', OPERATION_MAX_TOKENS: '100000', OPERATION_MAX_DEPTH: '20',
  OPERATION_MAX_ALIASES: '1000', OPERATION_MAX_DIRECTIVES: '1000', OPERATION_MAX_ROOT_FIELDS: '100',
}
/** The next release words one reason and one check better, in one language each. */
const BETTER_WORDS = [
  { file: 'src/domain/wording/reason-messages.ts', from: "EN: 'Made for {species}.'", to: "EN: 'It is made for {species}.'" },
  { file: 'src/domain/wording/reason-messages.ts', from: "KO: '{species} 전용 사료입니다.'", to: "KO: '{species}만을 위한 사료입니다.'" },
]

let stage: Stage
type Gateway = { url: string; close(): Promise<void> }
/** `keeping` remembers runs and responses; `executing` remembers nothing; `next` is another release. */
let gateways: Record<'keeping' | 'executing' | 'next', Gateway>
let people: Record<'owner' | 'neighbour' | 'admin', Record<string, string>>
let productId: string
let today: number
beforeAll(async () => {
  stage = await setStage()
  // The clock of the gateways in this process, from here on: it stands still until a test sets it.
  today = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], now: today })
  const [databaseUrl, redisUrl] = [stage.database.url, stage.redis.url]
  const servers = { databaseUrl, cache: { kind: 'redis', url: redisUrl }, operationLimits: WIDE } as const
  const [keeping, executing, next] = await Promise.all([
    startGateway({ ...servers, runMemoryBytes: MEMORY_BYTES, answerMemoryBytes: MEMORY_BYTES }),
    startGateway(servers),
    startOtherRelease(BETTER_WORDS, { databaseUrl, redisUrl, env: WIDE_VARIABLES }),
  ])
  gateways = { keeping, executing, next }
  people = { owner: await bearer(DEMO_USER_ID), neighbour: await bearer(DEMO_NEIGHBOUR_ID), admin: await bearer(DEMO_ADMIN_ID, true) }
  const [product] = await stage.database.sql`select id from products where is_active limit 1`
  productId = String(product?.['id'])
}, 120_000)
afterAll(async () => {
  vi.useRealTimers()
  await Promise.all(Object.values(gateways).map((one) => one.close()))
  await stage.close()
})

type Request = { query: string; variables?: object; who?: keyof typeof people; language?: string }
type Reply = { status: number; etag: string | null; body: string }

async function get(name: keyof typeof gateways, { query, variables = {}, who = 'owner', language = 'en' }: Request, ifNoneMatch?: string | null): Promise<Reply> {
  const response = await fetch(`${gateways[name].url}/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`, {
    headers: { ...people[who], accept: 'application/json', 'accept-language': language, ...(ifNoneMatch != null && { 'if-none-match': ifNoneMatch }) },
  })
  return { status: response.status, etag: response.headers.get('etag'), body: await response.text() }
}

async function change(query: string, who: keyof typeof people = 'owner', name: keyof typeof gateways = 'executing'): Promise<void> {
  const response = await fetch(`${gateways[name].url}/graphql`, {
    method: 'POST', headers: { ...people[who], 'content-type': 'application/json' }, body: JSON.stringify({ query }),
  })
  expect(await response.text()).not.toContain('"errors"')
}

/** The name of the tier is no part of what a tag promises. */
const TIER = /"(\w*(?:source|isCached))":(?:"(?:MEMORY|REDIS|POSTGRES|COMPUTED)"|true|false)/g
const withoutTier = (body: string) => body.replaceAll(TIER, '"$1":"?"')

/** All tags that were ever seen, with the bytes they stood for. */
const seen = new Map<string, string>()
function note({ status, etag, body }: Reply, what: string): void {
  if (status !== 200 || JSON.parse(body).errors !== undefined) {
    expect(etag, what).toBeNull()
    return
  }
  expect(etag, what).not.toBeNull()
  const known = seen.get(etag ?? '')
  if (known !== undefined) expect(withoutTier(body), what).toBe(known)
  seen.set(etag ?? '', withoutTier(body))
}

/** As a client asks: whole, and then with what it had from before. */
async function ask(name: keyof typeof gateways, request: Request, had?: string | null): Promise<string | null> {
  const whole = await get(name, request)
  note(whole, request.query)
  if (had != null) {
    const reply = await get(name, request, had)
    if (reply.status === 304) expect([reply.etag, reply.body]).toEqual([had, ''])
    else note(reply, request.query)
  }
  return whole.etag
}

const endAllRuns = async () => {
  await stage.database.sql`update recommendation_runs set created_at = created_at - interval '8 days'`
  const results = await stage.redisClient.keys('*result*')
  if (results.length > 0) await stage.redisClient.unlink(...results)
}

/** What may happen between two requests. `n` is another number each time. */
const STEPS: Readonly<Record<string, (n: number) => Promise<unknown>>> = {
  'a pet changes': (n) => change(`mutation { updatePet(input: { petId: "${BORI}", weightKg: ${5 + (n % 50) / 10}, name: "Bori ${n}" }) { invalidation } }`),
  'a pet becomes the primary one': (n) => change(`mutation { setPrimaryPet(petId: "${n % 2 === 0 ? BORI : NABI}") { pet { id } } }`),
  'preferences change': (n) => change(`mutation { updateRecommendationPreferences(input: { weightsPreset: ${['SAFE', 'BALANCED', 'VALUE'][n % 3]} }) { invalidation } }`),
  'a pet is cleared': () => change(`mutation { clearRecommendationCache(petId: "${BORI}") { invalidation } }`),
  'explanations are written': (n) => change(`mutation { generateExplanations(petId: "${BORI}", locale: ${n % 2 === 0 ? 'KO' : 'EN'}) { recommendations { petId } } }`),
  'a product changes': (n) => change(`mutation { updateProduct(input: { productId: "${productId}", productName: "Renamed ${n}" }) { invalidation } }`, 'admin'),
  'all is cleared': () => change('mutation { clearAllRecommendationCaches { invalidation } }', 'admin'),
  'a day begins': async (n) => vi.setSystemTime(today + (n % 2) * DAY_MS),
  'all runs end': endAllRuns,
}

const TEXT = (value: string) => JSON.stringify(value)
const generated = generatedOperations(buildSchema(), {
  values: {
    petId: [TEXT(BORI), TEXT(NABI)], id: [TEXT(BORI), TEXT(NABI)], first: ['2'], forceRefresh: ['false'],
    conditions: ['{ emphasizedConcerns: [JOINT] }', '{ maxDailyAmountG: 90 }'],
    get productId() {
      return [TEXT(productId)]
    },
  },
  skip: [],
  depth: 5,
  width: 4,
})

/** Bori is a day short of a year old by the clock of the gateways. */
const almostGrownUp = async () => {
  const birthday = new Date(today + DAY_MS)
  birthday.setUTCFullYear(birthday.getUTCFullYear() - 1)
  await change(`mutation { updatePet(input: { petId: "${BORI}", birthdate: "${birthday.toISOString().slice(0, 10)}" }) { invalidation } }`)
}

const RECOMMENDED = `query Recommended($petId: ID!, $conditions: RecommendationConditionsInput) { recommendations(petId: $petId, conditions: $conditions) {
  source isCached runId expiresAt items { rank matchReasons { message } } pet { name ageStage } } }`
const bori = (more: Partial<Request> & { conditions?: object } = {}): Request => ({ query: RECOMMENDED, ...more, variables: { petId: BORI, ...(more.conditions && { conditions: more.conditions }) } })

test('equal tags stand for equal bytes, over all operations, days, runs, releases, languages and viewers, whatever changes in between', { timeout: 240_000 }, async () => {
  await almostGrownUp()
  const variables = { petId: BORI, productId, id: BORI, first: 3, search: 'chicken' }
  const ofTheApp = Object.entries(operations).flatMap(([name, document]) => {
    const query = String(document)
    if (!name.endsWith('Document') || !/^\s*(#.*\n)*query/m.test(query)) return []
    return [{ query, variables: Object.fromEntries(Object.entries(variables).filter(([name]) => query.includes(`$${name}:`))) }]
  })
  const asked = fc.oneof(fc.constantFrom<Request>(...ofTheApp, bori(), bori({ conditions: { maxDailyAmountG: 90 } })), generated.map((query): Request => ({ query })))
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('ask' as const), operation: fc.nat(2), who: fc.constantFrom('owner', 'owner', 'admin', 'neighbour'), language: fc.constantFrom('en', 'ko') }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('change' as const), name: fc.constantFrom(...Object.keys(STEPS)) }) },
  )
  let serial = 0
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 2 }), fc.array(step, { minLength: 8, maxLength: 16 }), async (some, steps) => {
      // One that is kept for certain is among them.
      const requests = [bori(), ...some]
      const had = new Map<string, string | null>()
      for (const one of steps) {
        if (one.kind === 'change') {
          await STEPS[one.name]?.(++serial)
          continue
        }
        const { who, language, operation } = one
        const request = { ...(requests[operation % requests.length] ?? bori()), who, language } as const
        const key = JSON.stringify(request)
        // The one that keeps its responses so often that the last may be a kept one; each is asked with the tag of the one before.
        for (const gateway of ['keeping', 'executing', 'next', 'keeping', 'keeping'] as const) had.set(key, await ask(gateway, request, had.get(key)))
      }
    }),
    { numRuns: 8, endOnFailure: true },
  )
})

test('a client that has seen a puppy is not told at midnight that nothing changed', async () => {
  for (const name of ['keeping', 'executing'] as const) {
    vi.setSystemTime(today)
    await almostGrownUp()
    let young = await get(name, bori())
    // So often that it is kept where it can be.
    for (let time = 0; time < 4; time++) {
      expect(young.body).toContain('"PUPPY"')
      expect((await get(name, bori(), young.etag)).status).toBe(304)
      young = await get(name, bori())
    }
    vi.setSystemTime(today + DAY_MS)
    for (let time = 0; time < 4; time++) {
      const grown = await get(name, bori(), young.etag)
      expect([grown.status, grown.body.includes('"ADULT"')]).toEqual([200, true])
    }
  }
})

test('a run under conditions that has ended is not the one that the client has', async () => {
  for (const conditions of [{ maxDailyAmountG: 95 }, undefined]) {
    const request = bori(conditions && { conditions })
    const first = await get('executing', request)
    expect((await get('executing', request, first.etag)).status).toBe(304)
    await endAllRuns()
    const second = await get('executing', request, first.etag)
    expect(second.status).toBe(200)
    expect(JSON.parse(second.body).data.recommendations.runId).not.toBe(JSON.parse(first.body).data.recommendations.runId)
  }
})

test("another release's words are another response, in each language, though nothing else changed", async () => {
  const query = `{ recommendations(petId: "${BORI}") { items { matchReasons { message } } } }`
  await get('executing', { query })
  for (const language of ['en', 'ko']) {
    const before = await get('executing', { query, language })
    const after = await get('next', { query, language }, before.etag)
    expect(after.status).toBe(200)
    expect(after.body).not.toBe(before.body)
    expect((await get('next', { query, language }, after.etag)).status).toBe(304)
  }
})

test('whichever tier answers, the tag is the same: a client is not sent again what it has', async () => {
  const { query, variables } = { query: String(operations.RecommendationsDocument), variables: { petId: BORI } }
  await change(`mutation { clearRecommendationCache(petId: "${BORI}") { invalidation } }`)
  const tagOf = new Map<string, string | null>()
  await waitUntil('three tiers have answered', async () => {
    for (const name of ['executing', 'keeping'] as const) {
      const { body, etag } = await get(name, { query, variables })
      tagOf.set(JSON.parse(body).data.recommendations.source, etag)
    }
    return tagOf.size >= 3
  })
  expect(new Set(tagOf.values()).size).toBe(1)
})

test('what was not answered whole has no tag', async () => {
  for (const query of ['{ nothing }', `{ pet(id: "${DEMO_USER_ID}") { id } }`, '{ viewer { id } cacheStats { hitRate } }']) expect((await get('executing', { query })).etag).toBeNull()
})
