import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ProductDocument, ProductsDocument } from '../../schema/generated/graphql.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'

type Asked = { species?: 'DOG' | 'CAT'; search?: string; first?: number; after?: string | null }

let stage: Stage
let user: Record<string, string>
let admin: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
  admin = await bearer(DEMO_ADMIN_ID, true)
})
afterAll(() => stage.close())

const page = async (variables: Asked, headers = user) => {
  const { data, errors } = await stage.gateway.ask(ProductsDocument, variables, headers)
  if (data == null) throw new Error(JSON.stringify(errors))
  return data.products
}
const namesOf = async (variables: Asked, headers = user) => (await page({ first: 100, ...variables }, headers)).edges.map(({ node }) => node.productName)
const problemOf = async (variables: object) => {
  const { errors } = await stage.gateway.askText('query ($search: String, $first: Int, $after: String) { products(search: $search, first: $first, after: $after) { edges { cursor } } }', variables, user)
  return errors?.map(({ extensions }) => [extensions.code, extensions.fields?.[0]?.path])
}
const add = async (brandName: string, productName: string, more: { species?: string | null; isActive?: boolean } = {}) => {
  const [row] = await stage.database.sql`
    insert into products (source, source_id, brand_name, product_name, species, form, is_active, claims, allergens, features, content_hash)
    select 'test', gen_random_uuid(), ${brandName}, ${productName}, ${more.species ?? null}, 'DRY', ${more.isActive ?? true}, '{}', '{}', features, ''
    from products limit 1 returning id`
  return String(row?.['id'])
}

describe('product', () => {
  test('is there for whoever is signed in, with its offers and the figures of its label', async () => {
    const { edges: [edge] } = await page({ first: 1 })
    const id = edge?.node.id ?? ''
    const [row] = await stage.database.sql`select product_name, ingredients_text, protein_pct, allergens from products where id = ${id}`
    const offers = await stage.database.sql`select id from offers where product_id = ${id}`
    for (const headers of [user, admin]) {
      const { data } = await stage.gateway.ask(ProductDocument, { id }, headers)
      expect(data?.product).toMatchObject({ id, productName: row?.['product_name'], ingredientsText: row?.['ingredients_text'], nutrition: { proteinPct: row?.['protein_pct'] } })
      expect(data?.product?.offers.map((offer) => offer.id).sort()).toEqual(offers.map((offer) => String(offer['id'])).sort())
    }
    expect((await stage.gateway.ask(ProductDocument, { id })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  test('is null for an unknown id, and refuses what is none', async () => {
    expect((await stage.gateway.ask(ProductDocument, { id: '00000000-0000-4000-8000-000000000000' }, user)).data).toEqual({ product: null })
    expect((await stage.gateway.ask(ProductDocument, { id: 'x' }, user)).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'id' }] })
  })
})

describe('products', () => {
  test('come by brand and name, and those for both species with either', async () => {
    await add('Order', 'Beta', { species: 'DOG' })
    await add('order', 'alpha', { species: 'CAT' })
    await add('ORDER', 'Gamma')
    expect(await namesOf({ search: 'order' })).toEqual(['alpha', 'Beta', 'Gamma'])
    expect(await namesOf({ search: 'order', species: 'DOG' })).toEqual(['Beta', 'Gamma'])
    expect(await namesOf({ search: 'order', species: 'CAT' })).toEqual(['alpha', 'Gamma'])
  })

  test('what may not be recommended is shown to admins only', async () => {
    await add('Retired', 'Gone', { isActive: false })
    expect(await namesOf({ search: 'retired' })).toEqual([])
    expect(await namesOf({ search: 'retired' }, admin)).toEqual(['Gone'])
  })

  test('every word of a search must stand in brand or name, in either language and any case', async () => {
    await add('시험사료연구소', '오리젠연어 퍼피')
    await add('Fünf Pfoten', 'Jose\u0301 Salmon')
    expect(await namesOf({ search: '연어 시험사료' })).toEqual(['오리젠연어 퍼피'])
    expect(await namesOf({ search: '연어 없음' })).toEqual([])
    expect(await namesOf({ search: '연어'.normalize('NFD') })).toContain('오리젠연어 퍼피')
    expect(await namesOf({ search: '  SALMON   josé ' })).toEqual(['Jose\u0301 Salmon'])
    expect(await namesOf({ search: '젠' })).toEqual(['오리젠연어 퍼피'])
  })

  test('what a user types is text and never a pattern', async () => {
    await add('Percent', '100% Beef_Bites \\ "x"')
    for (const search of ['100%', 'beef_bites', '\\', '"x"']) expect(await namesOf({ search: `percent ${search}` })).toEqual(['100% Beef_Bites \\ "x"'])
    for (const search of ['1%0', 'beef%bites', 'b_ef', "' or true --"]) expect(await namesOf({ search: `percent ${search}` })).toEqual([])
  })

  test('a blank search is none', async () => {
    expect(await namesOf({ search: '  ' })).toEqual(await namesOf({}))
  })

  test('what is out of bounds is refused, with its name', async () => {
    expect(await problemOf({ search: 'x'.repeat(101) })).toEqual([['BAD_USER_INPUT', 'search']])
    expect(await problemOf({ search: 'a b c d e f g h i j k' })).toEqual([['BAD_USER_INPUT', 'search']])
    expect(await problemOf({ search: 'a\u0000b' })).toEqual([['BAD_USER_INPUT', 'search']])
    expect(await problemOf({ search: 'a\ud800b' })).toEqual([['BAD_USER_INPUT', 'search']])
    for (const first of [0, -1, 101]) expect(await problemOf({ first })).toEqual([['BAD_USER_INPUT', 'first']])
    for (const after of ['', 'x', Buffer.from('["a"]').toString('base64url'), Buffer.from('["a\\u0000","0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a01"]').toString('base64url')]) {
      expect(await problemOf({ after })).toEqual([['BAD_USER_INPUT', 'after']])
    }
  })

  test('nobody who is not signed in is told of any', async () => {
    expect((await stage.gateway.ask(ProductsDocument, {})).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  test('page by page every product comes once, whatever is added or taken away meanwhile', async () => {
    const before = new Set(await namesById({}))
    const seen: string[] = []
    let after: string | null = null
    let pages = 0
    do {
      const { edges, pageInfo }: Awaited<ReturnType<typeof page>> = await page({ first: 7, after })
      seen.push(...edges.map(({ node }) => node.id))
      expect(pageInfo.hasPreviousPage).toBe(after !== null)
      expect(pageInfo.startCursor).toBe(edges[0]?.cursor)
      after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null
      // One before everything seen, and one right where the next page begins.
      await add('0 first', `number ${pages}`)
      const last = edges.at(-1)?.node
      if (last !== undefined) await add(last.brandName, `${last.productName} again`)
      if (pages++ === 1) before.delete(await takeAway(seen[3] ?? ''))
    } while (after !== null && pages < 100)
    expect(new Set(seen).size).toBe(seen.length)
    expect([...before].filter((id) => !seen.includes(id))).toEqual([])
  })

  test('those of one brand and name are told apart by their ids', async () => {
    const ids = await Promise.all([1, 2, 3, 4, 5].map(() => add('Twin', 'Twin')))
    const seen: string[] = []
    for (let after: string | null | undefined = null; after !== undefined; ) {
      const { edges, pageInfo }: Awaited<ReturnType<typeof page>> = await page({ search: 'twin', first: 2, after })
      seen.push(...edges.map(({ node }) => node.id))
      after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined
    }
    expect(seen).toEqual(ids.toSorted())
  })
})

const namesById = async (variables: Asked) => {
  const ids: string[] = []
  for (let after: string | null | undefined = null; after !== undefined; ) {
    const { edges, pageInfo }: Awaited<ReturnType<typeof page>> = await page({ ...variables, first: 100, after })
    ids.push(...edges.map(({ node }) => node.id))
    after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined
  }
  return ids
}

async function takeAway(id: string): Promise<string> {
  await stage.database.sql`delete from products where id = ${id}`
  return id
}
