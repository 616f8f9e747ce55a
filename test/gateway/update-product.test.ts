import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ProductMatchScoreDocument, RecommendationsDocument, UpdateProductDocument, type UpdateProductInput } from '../../schema/generated/graphql.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_ADMIN_ID, DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { importProducts } from '../../src/import/import-products.ts'
import { buildRow, fileOf, rates } from '../import/build-row.ts'
import { bearer, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

let stage: Stage
let user: Record<string, string>
let admin: Record<string, string>
let productId: string
let rows = 0
/** The row that the product was imported from. */
let sourceId: string
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
  admin = await bearer(DEMO_ADMIN_ID, true)
})
afterAll(() => stage.close())
beforeEach(async () => {
  sourceId = `test:${rows++}`
  await importRow()
  const [row] = await stage.database.sql`select id from products where source_id = ${sourceId}`
  productId = String(row?.['id'])
})

const importRow = (overrides: Record<string, unknown> = {}) =>
  importProducts({
    db: stage.database.db,
    chunks: fileOf(buildRow({ sourceId, ...overrides })),
    rates,
    onRefused: ({ refusals }) => expect(refusals).toEqual([]),
  })
const ask = (input: Omit<UpdateProductInput, 'productId'>, headers = admin) => stage.gateway.ask(UpdateProductDocument, { input: { productId, ...input } }, headers)
const update = async (input: Omit<UpdateProductInput, 'productId'>) => {
  const { data, errors } = await ask(input)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.updateProduct
}
const stored = async () => {
  const [row] = await stage.database.sql`
    select product_name, life_stage, is_active, ingredients_text, protein_pct, fat_pct, allergens, claims, features, revision::int from products where id = ${productId}`
  return row
}
const evidence = async () => (await stored())?.['features'].allergens

describe('who may', () => {
  test('admins alone', async () => {
    for (const headers of [user, await bearer(DEMO_NEIGHBOUR_ID)]) {
      expect((await ask({ isActive: false }, headers)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    }
    expect((await ask({ isActive: false }, {})).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    expect(await stored()).toMatchObject({ is_active: true })
    expect(await update({ isActive: false })).toMatchObject({ invalidation: 'CLEARED', product: { isActive: false } })
  })

  test('a product that is not there is NOT_FOUND', async () => {
    const { errors } = await stage.gateway.ask(UpdateProductDocument, { input: { productId: '00000000-0000-4000-8000-000000000000', isActive: true } }, admin)
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND')
  })
})

describe('what is refused', () => {
  const WRONG: [path: string, input: object][] = [
    ['input.productId', { productId: 'x' }],
    ...['isActive', 'productName', 'allergens', 'claims'].map((field): [string, object] => [`input.${field}`, { [field]: null }]),
    ['input.productName', { productName: ' ' }],
    ['input.productName', { productName: 'x'.repeat(501) }],
    ['input.productName', { productName: 'a\u0000b' }],
    ['input.ingredientsText', { ingredientsText: 'x'.repeat(20_001) }],
    ['input.ingredientsText', { ingredientsText: 'half \ud800' }],
    ['input.claims.0', { claims: [''] }],
    ['input.claims', { claims: Array.from({ length: 201 }, (_, i) => `claim ${i}`) }],
    ['input.nutrition.proteinPct', { nutrition: { proteinPct: -0.1 } }],
    ['input.nutrition.fatPct', { nutrition: { fatPct: 100.1 } }],
    ['input.nutrition.kcalPer100g', { nutrition: { kcalPer100g: 9 } }],
    ['input.nutrition.kcalPer100g', { nutrition: { kcalPer100g: 951 } }],
  ]
  test.each(WRONG)('%s of %j', async (path, input) => {
    const before = await stored()
    const { errors } = await stage.gateway.askText('mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { invalidation } }', { input: { productId, ...input } }, admin)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] })
    expect(await stored()).toEqual(before)
  })
})

describe('what is written', () => {
  test('a field left out stays, null clears what can be empty', async () => {
    const before = await stored()
    expect(await update({ nutrition: { proteinPct: null, fatPct: 20 }, lifeStage: null })).toMatchObject({ product: { lifeStage: null, nutrition: { proteinPct: null, fatPct: 20, fiberPct: 3 } } })
    expect(await stored()).toEqual({ ...before, protein_pct: null, fat_pct: 20, life_stage: null, features: expect.anything(), revision: expect.anything() })
    expect((await update({ nutrition: null, ingredientsText: null })).product).toMatchObject({ ingredientsText: null, allergens: ['LAMB', 'RICE'], nutrition: { fatPct: null, kcalPer100g: null } })
  })

  test('a new ingredient list is analysed, and sums over 100 are taken as an import takes them', async () => {
    const { product } = await update({ ingredientsText: 'Salmon, potato, egg', nutrition: { proteinPct: 90, fatPct: 60 } })
    expect(product.allergens).toEqual(['FISH', 'EGG', 'POTATO'])
    expect((await stored())?.['features'].ingredients).toEqual(['salmon', 'potato', 'egg'])
  })

  test('a list of allergens is all there are, and says what was declared', async () => {
    expect((await update({ allergens: ['EGG', 'LAMB'] })).product.allergens).toEqual(['LAMB', 'EGG'])
    expect(await evidence()).toEqual([
      { allergen: 'LAMB', confidence: 'high', ingredient: 'lamb' },
      { allergen: 'EGG', confidence: 'high', ingredient: 'egg (declared)' },
    ])
    expect((await update({ allergens: [] })).product.allergens).toEqual([])
  })

  test('what was declared outlives a new ingredient list, what was dismissed was so in the old one', async () => {
    await update({ allergens: ['EGG', 'LAMB'] })
    expect((await update({ ingredientsText: 'Salmon, rice' })).product.allergens).toEqual(['FISH', 'EGG', 'RICE'])
  })

  test('what changes nothing draws no version and retires nothing', async () => {
    await stage.gateway.ask(RecommendationsDocument, { petId: BORI }, user)
    const { sql } = stage.database
    const state = async () => [await stored(), await sql`select recommendation_version::text v from pets order by id`, await sql`select count(*)::int n from cache_invalidations`]
    const before = await state()
    for (const input of [{}, { isActive: true }, { productName: 'Lamb & Rice', allergens: ['RICE', 'LAMB'] as const, nutrition: { proteinPct: 25 } }]) {
      expect(await update({ ...input, allergens: [...(input.allergens ?? ['LAMB', 'RICE'])] })).toMatchObject({ affectedPets: 0, invalidation: 'CLEARED' })
    }
    expect(await state()).toEqual(before)
  })
})

describe('an import and a correction', () => {
  const CORRECTIONS = { productName: 'Corrected', isActive: false, nutrition: { proteinPct: 31 }, claims: ['for joints'], allergens: ['LAMB', 'RICE', 'EGG'] as ('LAMB' | 'RICE' | 'EGG')[] }
  const KEPT = { product_name: 'Corrected', is_active: false, protein_pct: 31, claims: ['for joints'] }

  test('the same label again leaves the product as it was corrected, and is unchanged', async () => {
    await update(CORRECTIONS)
    const before = await stored()
    expect(await importRow()).toMatchObject({ unchanged: 1, changed: 0 })
    expect(await stored()).toEqual(before)
  })

  test('a changed label changes what was not corrected, and nothing else', async () => {
    await update(CORRECTIONS)
    expect(await importRow({ fatPct: 18, proteinPct: 26, productName: 'Lamb & Rice New', ingredientsText: 'Lamb, rice, salmon' })).toMatchObject({ changed: 1 })
    expect(await stored()).toMatchObject({ ...KEPT, fat_pct: 18, ingredients_text: 'Lamb, rice, salmon', allergens: ['LAMB', 'FISH', 'EGG', 'RICE'] })
    expect((await evidence()).find(({ allergen }: { allergen: string }) => allergen === 'EGG')).toMatchObject({ ingredient: 'egg (declared)' })
    expect(await importRow({ fatPct: 18, proteinPct: 26, productName: 'Lamb & Rice New', ingredientsText: 'Lamb, rice, salmon' })).toMatchObject({ unchanged: 1 })
  })

  test('what was dismissed stays dismissed in a changed label, until another ingredient holds it', async () => {
    await update({ allergens: ['LAMB'] })
    await importRow({ ingredientsText: 'Lamb (35%), rice, barley, minerals' })
    expect(await stored()).toMatchObject({ allergens: ['LAMB'] })
    await importRow({ ingredientsText: 'Lamb (35%), rice flour, barley' })
    expect(await stored()).toMatchObject({ allergens: ['LAMB', 'RICE'] })
  })

  test('a correction takes nothing back that an import brought', async () => {
    await importRow({ fatPct: 18 })
    await update({ nutrition: { proteinPct: 31 } })
    await importRow({ fatPct: 19 })
    expect(await stored()).toMatchObject({ protein_pct: 31, fat_pct: 19 })
  })

  test('a correction that waits for an import is laid over what it wrote', async () => {
    const importer = await stage.database.sql.reserve()
    await importer`begin`
    await importer`update products set fat_pct = 18.5 where id = ${productId}`
    const corrected = update({ nutrition: { proteinPct: 32 } })
    await importer`select 1`
    await importer`commit`
    importer.release()
    await corrected
    expect(await stored()).toMatchObject({ protein_pct: 32, fat_pct: 18.5 })
  })

  test('two corrections at once both stand', async () => {
    const done = await Promise.all([update({ nutrition: { proteinPct: 33 } }), update({ nutrition: { fatPct: 11 } }), update({ allergens: ['EGG'] }), update({ isActive: false })])
    expect(new Set(done.map(({ invalidation }) => invalidation))).toEqual(new Set(['CLEARED']))
    expect(await stored()).toMatchObject({ protein_pct: 33, fat_pct: 11, allergens: ['EGG'], is_active: false })
  })
})

describe('what is retired', () => {
  const recommend = async (petId: string, headers = admin, gateway: TestGateway = stage.gateway) => {
    const { data, errors } = await gateway.ask(RecommendationsDocument, { petId }, headers)
    if (data == null) throw new Error(JSON.stringify(errors))
    return data.recommendations
  }
  const productsOf = ({ items }: Awaited<ReturnType<typeof recommend>>) => items.map(({ product }) => product.id)

  test('exactly the pets whose current recommendation holds the product', async () => {
    const pets = (await stage.database.sql`select id from pets order by id`).map(({ id }) => String(id))
    const runs = new Map<string, Awaited<ReturnType<typeof recommend>>>()
    for (const petId of pets) runs.set(petId, await recommend(petId))
    const held = [...runs.values()].flatMap(productsOf)[0] ?? ''
    const holders = pets.filter((petId) => productsOf(runs.get(petId) ?? { items: [] } as never).includes(held))
    expect(holders.length).toBeGreaterThan(0)
    expect(holders.length).toBeLessThan(pets.length)
    productId = held
    expect(await update({ isActive: false })).toEqual(expect.objectContaining({ affectedPets: holders.length, invalidation: 'CLEARED' }))
    const other = await stage.another()
    for (const petId of pets) {
      const now = await recommend(petId, admin, other)
      expect(productsOf(now)).not.toContain(held)
      if (!holders.includes(petId)) expect(now.runId).toBe(runs.get(petId)?.runId)
    }
    // What they were recommended before is history, and a run of history retires nothing.
    expect(await update({ isActive: true })).toMatchObject({ affectedPets: 0 })
  })

  test('an allergen that is added reaches the very next answer of another process, and its next match score', async () => {
    const other = await stage.another()
    const [held] = productsOf(await recommend(BORI, user, other))
    productId = held ?? ''
    const score = async () => (await other.ask(ProductMatchScoreDocument, { productId, petId: BORI }, user)).data?.productMatchScore
    for (let n = 0; n < 3; n++) await score()
    expect((await score())?.matchScore).toBeGreaterThan(0)
    const { data } = await stage.gateway.askText('query ($petId: ID!) { pet(id: $petId) { foodAllergies } }', { petId: BORI }, user)
    const [allergy] = JSON.parse(JSON.stringify(data))['pet'].foodAllergies
    const changed = await update({ allergens: [allergy] })
    expect(changed).toMatchObject({ invalidation: 'CLEARED' })
    expect(changed.affectedPets).toBeGreaterThan(0)
    expect(productsOf(await recommend(BORI, user, other))).not.toContain(held)
    expect(await score()).toMatchObject({ matchScore: 0, isCached: false })
  })

  test('who has an empty recommendation may be helped by it, and is counted', async () => {
    const { sql } = stage.database
    const [pet] = await sql`select id from pets where species = 'CAT' limit 1`
    const petId = String(pet?.['id'])
    await sql`update products set is_active = false where species is distinct from 'DOG' and id <> ${productId}`
    await waitUntil('what was changed in psql is told', async () => (await sql`select 1 from cache_invalidations where delivered_at is null`).length === 0)
    const empty = await recommend(petId)
    expect(empty.items).toEqual([])
    expect((await update({ isActive: false })).affectedPets).toBe(1)
    expect((await recommend(petId)).runId).not.toBe(empty.runId)
  })
})
