import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bearer, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

let stage: Stage
let gateways: readonly TestGateway[]
let productId: string
beforeAll(async () => {
  stage = await setStage()
  const withMemory = { runMemoryBytes: 10_000_000, answerMemoryBytes: 10_000_000, ratesPerMinute: { user: 1_000, address: 0, mutations: 1_000 } }
  gateways = [await stage.another(withMemory), await stage.another(withMemory)]
  productId = String((await stage.database.sql`select id from products where is_active limit 1`)[0]?.['id'])
})
afterAll(() => stage.close())

type Owner = { id: string; headers: Record<string, string>; petId: string; texts: readonly string[] }

let owner: Owner
let count = 0
/** Somebody whose pet has texts that stand nowhere else, and of whom everything that can be cached is. */
beforeEach(async () => {
  const id = randomUUID()
  const texts = [`name ${count}x`, `allergy ${count}x`, `https://example.com/photo-${count}x`]
  count++
  await stage.database.sql`insert into users (id, device_uid) values (${id}, ${`device-${id}`})`
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, other_allergies, photo_url, species, sex, birthdate, weight_kg)
    values (${id}, ${texts[0] ?? ''}, ${texts[1] ?? ''}, ${texts[2] ?? ''}, 'DOG', 'FEMALE', '2023-01-01', 9) returning id`
  owner = { id, headers: await bearer(id), petId: String(row?.['id']), texts }
  await settingPreferences()
  for (let times = 0; times < 3; times++) for (const gateway of gateways) for (const read of READS) await answered(gateway, read)
  await waitUntil('everything is in Redis', async () => (await kindsIn(owner.petId)).length === Object.keys(KINDS).length - ONLY_BRIEFLY.length)
})

const READS = [
  'pet(id: "PET") { name otherAllergies photoUrl }',
  'recommendations(petId: "PET") { runId pet { name } items { matchScore } }',
  'recommendations(petId: "PET", conditions: { emphasizedConcerns: [JOINT] }) { runId pet { name } }',
  'productMatchScore(productId: "PRODUCT", petId: "PET") { matchScore }',
]
const answered = async (gateway: TestGateway, read: string) => {
  const { errors } = await gateway.askText(`{ ${read.replace('PET', owner.petId).replace('PRODUCT', productId)} }`, {}, owner.headers)
  expect(errors).toBeUndefined()
}
const settingPreferences = async () => {
  const set = 'mutation { updateRecommendationPreferences(input: { softAvoidIngredients: ["kelp"] }) { invalidation } }'
  expect((await stage.gateway.askText(set, {}, owner.headers)).errors).toBeUndefined()
}

/** What Redis may hold of a pet. */
const KINDS: Record<string, RegExp> = {
  fence: /:rec:meta:\{/,
  result: /:rec:result:\{[^}]*\}$/,
  'result under conditions': /:rec:result:\{[^}]*\}:/,
  tags: /:rec:tags:\{/,
  dropped: /:rec:dropped:\{/,
  lease: /:rec:lease:\{/,
  summary: /:pet:summary:\{/,
  'match score': /:product:match:/,
  'names of what is kept beside': /:pet:beside:\{/,
}
/** Leases for three seconds, and how much was dropped for a minute. */
const ONLY_BRIEFLY = ['lease', 'dropped']
const keysWith = async (id: string) => (await stage.redisClient.keys('*')).filter((key) => key.includes(id))
const kindOf = (key: string) => Object.keys(KINDS).find((kind) => KINDS[kind]?.test(key)) ?? key
const kindsIn = async (petId: string) => [...new Set((await keysWith(petId)).map(kindOf))].filter((kind) => !ONLY_BRIEFLY.includes(kind)).toSorted()

const delivered = () =>
  waitUntil('the outbox is delivered', async () => (await stage.database.sql`select 1 from cache_invalidations where delivered_at is null`).length === 0)

const DELETIONS: [string, () => Promise<unknown>][] = [
  ['its owner', () => stage.gateway.askText(`mutation { deletePet(petId: "${owner.petId}") { petId } }`, {}, owner.headers)],
  ['somebody in psql', () => stage.database.sql`delete from pets where id = ${owner.petId}`],
  ['the deletion of its owner', () => stage.database.sql`delete from users where id = ${owner.id}`],
]

test.each(DELETIONS)('a pet that is deleted by %s leaves its fence in Redis and nothing else', async (_who, remove) => {
  await remove()
  await delivered()
  expect(await kindsIn(owner.petId)).toEqual(['fence'])
  const [fence = ''] = (await keysWith(owner.petId)).filter((key) => kindOf(key) === 'fence')
  expect(await stage.redisClient.get(fence)).toMatch(/^1\|\d+\|\d+\|\|\|$/)
})

test('a deletion that is delivered once more after the return of the pet under its old id drops what was kept of it', async () => {
  await stage.database.sql.begin(async (sql) => {
    const [pet] = await sql`delete from pets where id = ${owner.petId} returning *`
    await sql`insert into pets ${sql({ ...pet, name: 'returned' })}`
  })
  await delivered()
  await waitUntil('it is kept again', async () => {
    for (const read of READS) await answered(stage.gateway, read)
    return (await kindsIn(owner.petId)).includes('summary')
  })
  await stage.database.sql`update cache_invalidations set delivered_at = null where pet_id = ${owner.petId} and owner_id is null`
  await delivered()
  const left = await kindsIn(owner.petId)
  for (const kind of ['summary', 'match score', 'names of what is kept beside']) expect(left).not.toContain(kind)
})

test('of a deleted user Redis counts requests for a minute, and knows nothing else', async () => {
  await stage.database.sql`delete from users where id = ${owner.id}`
  await delivered()
  const left = await keysWith(owner.id)
  for (const key of left) {
    expect(key).toMatch(/:(rate|budget):/)
    expect(await stage.redisClient.pttl(key)).toSatisfy((ms: number) => ms !== -1 && ms <= 60_000)
  }
})

/** The tables in which a text stands, in whatever column. */
const tablesWith = async (text: string): Promise<string[]> => {
  const tables = await stage.database.sql`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await stage.database.sql`select 1 from ${stage.database.sql(name)} as one where position(${text} in one::text) > 0 limit 1`
      return rows.length > 0 ? [String(name)] : []
    }),
  )
  return found.flat().toSorted()
}

test('a deleted user leaves no text in Postgres, and ids where docs/security.md says so', async () => {
  const admin = await bearer(randomUUID(), true)
  await stage.gateway.askText(`mutation { setPrimaryPet(petId: "${owner.petId}") { pet { id } } }`, {}, admin)
  expect(await tablesWith(owner.petId)).toContain('recommendation_runs')
  await stage.database.sql`delete from users where id = ${owner.id}`
  for (const text of [...owner.texts, `device-${owner.id}`]) expect(await tablesWith(text)).toEqual([])
  expect(await tablesWith(owner.petId)).toEqual(['admin_audit', 'cache_invalidations'])
  expect(await tablesWith(owner.id)).toEqual(['cache_invalidations', 'deleted_users'])
})

const forgottenBy = async (gateway: TestGateway): Promise<number> => {
  const text = await (await fetch(gateway.metricsUrl ?? '')).text()
  return Number(/^petfood_forgotten_of_deleted_pets_total (\d+)$/m.exec(text)?.[1])
}

test('every process drops what it remembers of a deleted pet, whoever delivers the invalidation', async () => {
  const before = await Promise.all(gateways.map(forgottenBy))
  await stage.database.sql`delete from users where id = ${owner.id}`
  for (const [i, gateway] of gateways.entries()) {
    // Two runs, a profile and at least one response.
    await waitUntil(`gateway ${i} forgets`, async () => (await forgottenBy(gateway)) >= (before[i] ?? 0) + 4)
  }
})
