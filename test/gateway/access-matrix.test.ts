import { getNamedType, isLeafType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_ALLERGIC_DOG_ID as BORI, DEMO_NEIGHBOUR_CAT_ID as TORI } from '../../src/demo/pets.ts'
import { DEMO_ADMIN_ID, DEMO_NEIGHBOUR_ID, DEMO_USER_ID } from '../../src/demo/users.ts'
import { buildSchema } from '../../src/graphql/schema.ts'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { TABLE, type Who } from './access-table.ts'

const WHO: readonly Who[] = ['nobody', 'other', 'owner', 'admin']
const { roots } = TABLE
const types = new Map(Object.entries(TABLE.types))

const schema = buildSchema()
const objectTypes = Object.values(schema.getTypeMap()).filter(isObjectType).filter(({ name }) => !name.startsWith('__'))
const isRoot = (name: string) => name === 'Query' || name === 'Mutation'
const fieldsThereAre = objectTypes.flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))

test('the table names every field there is, and none that is not', () => {
  const named = [...Object.keys(roots), ...[...types].flatMap(([name, { fields }]) => fields.split(' ').map((field) => `${name}.${field}`))]
  const missing = fieldsThereAre.filter((field) => !named.includes(field))
  expect(missing, 'fields nobody has said who may see').toEqual([])
  expect(named.filter((field) => !fieldsThereAre.includes(field)), 'fields that are named and not there').toEqual([])
  expect(objectTypes.map(({ name }) => name).filter((name) => !isRoot(name) && !types.has(name))).toEqual([])
})

let stage: Stage
let headersOf: Record<Who, Record<string, string>>
let productId: string
let count = 0
beforeAll(async () => {
  stage = await setStage()
  headersOf = {
    nobody: {},
    other: await bearer(DEMO_USER_ID),
    owner: await bearer(DEMO_NEIGHBOUR_ID),
    admin: await bearer(DEMO_ADMIN_ID, true),
  }
  const { data } = await stage.gateway.askText(`{ recommendations(petId: "${TORI}") { items { product { id } } } }`, {}, headersOf.owner)
  productId = /"id":"([^"]+)"/.exec(JSON.stringify(data))?.[1] ?? ''
})
afterAll(() => stage.close())

/** A pet of the owner's that only this question may break; its name is nowhere else. */
const newPet = async (): Promise<{ id: string; name: string }> => {
  const name = `secret ${count++}`
  // Nobody may have more than so many; those of the questions before have done their part.
  await stage.database.sql`delete from pets where (name like 'secret %' or name like 'new %') and not is_primary`
  const [row] = await stage.database.sql`
    insert into pets (user_id, name, species, sex, approx_age_months, approx_age_recorded_on, weight_kg, body_condition_score, is_primary)
    values (${DEMO_NEIGHBOUR_ID}, ${name}, 'CAT', 'FEMALE', 30, now(), 4, 5, false) returning id`
  return { id: row?.['id'], name }
}

const ask = (root: string, selection: string, petId: string, who: Who) => {
  const text = (roots[root]?.ask ?? '').replace('PET', petId).replace('PRODUCT', productId).replace('NAME', `new ${count++}`).replace('SELECTION', selection)
  return stage.gateway.askText(root.startsWith('Mutation.') ? `mutation { ${text} }` : `{ ${text} }`, {}, headersOf[who])
}

const outcomeOf = ({ errors }: Awaited<ReturnType<typeof ask>>) => (errors === undefined ? 'answered' : errors.map(({ extensions }) => extensions.code).join())
const versionOf = async (petId: string) => (await stage.database.sql`select recommendation_version as version from pets where id = ${petId}`)[0]?.['version']

/** Every field of the type, down to leaves. */
const selectionOf = (typeName: string): string => {
  const type = schema.getType(typeName)
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`)
  return Object.values(type.getFields()).map((field) => (isLeafType(getNamedType(field.type)) ? field.name : `${field.name} { __typename }`)).join(' ')
}
const along = (path: string, selection: string): string => path.split('.').filter(Boolean).reduceRight((inner, name) => `${name} { ${inner} }`, selection)

/** What lies at the end of the way, in the first of its lists that leads there. */
const valuesAt = (value: unknown, path: readonly string[]): unknown[] => {
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, path))
  const [name, ...rest] = path
  if (value === null || value === undefined || name === undefined) return value === null || value === undefined ? [] : [value]
  return typeof value === 'object' ? valuesAt(Reflect.get(value, name), rest) : []
}

describe.each(Object.entries(roots))('%s', (root, { rights }) => {
  test.each(WHO)('is for %s as the table says, and whoever is refused learns and changes nothing', async (who) => {
    const pet = await newPet()
    const before = await versionOf(pet.id)
    const reply = await ask(root, '__typename', pet.id, who)
    expect(outcomeOf(reply)).toBe(rights[who])
    if (rights[who] === 'answered') return
    expect(JSON.stringify(reply)).not.toContain(pet.name)
    expect(await versionOf(pet.id)).toBe(before)
  })
})

describe.each(Object.entries(roots).filter(([, { rights }]) => rights.other === 'NOT_FOUND'))('%s', (root) => {
  test('tells nobody that another\'s pet exists', async () => {
    const pet = await newPet()
    const [another, absent] = [await ask(root, '__typename', pet.id, 'other'), await ask(root, '__typename', '00000000-0000-4000-8000-000000000000', 'other')]
    expect(another.errors).toEqual(absent.errors)
    expect(another.data).toEqual(absent.data)
  })
  test('refuses what is no UUID', async () => {
    expect(outcomeOf(await ask(root, '__typename', '1; drop table pets', 'owner'))).toBe('BAD_USER_INPUT')
  })
})

const ways = [...types].flatMap(([type, entry]) => entry.reached.map(([root, path]) => ({ type, root, path, entry })))
test.each(ways)('every field of $type, by $root $path, is for whom its root is', async ({ type, root, path, entry }) => {
  for (const who of WHO) {
    const pet = await newPet()
    const reply = await ask(root, along(path, selectionOf(type)), pet.id, who)
    expect(outcomeOf(reply), who).toBe(roots[root]?.rights[who])
    if (who === 'nobody' || who === 'other') expect(JSON.stringify(reply), who).not.toContain(pet.name)
    if (who !== 'owner' || roots[root]?.rights.owner !== 'answered' || entry.mayBeAbsent) continue
    const found = valuesAt(reply.data?.[root.split('.')[1] ?? ''], path.split('.').filter(Boolean))
    expect(found, 'the way leads somewhere').not.toEqual([])
  }
})

test('the pets of the viewer are theirs alone, an admin\'s too', async () => {
  for (const who of ['owner', 'other', 'admin'] as const) {
    const { data } = await stage.gateway.askText('{ viewer { pets { id name } primaryPet { id } } }', {}, headersOf[who])
    const mine = await stage.database.sql`select id from pets where user_id = ${{ owner: DEMO_NEIGHBOUR_ID, other: DEMO_USER_ID, admin: DEMO_ADMIN_ID }[who]}`
    const shown = valuesAt(data, ['viewer', 'pets', 'id'])
    expect(new Set(shown)).toEqual(new Set(mine.map(({ id }) => id)))
  }
})

test("beside one's own pet another's is not answered either, under aliases, in one operation, cached or not", async () => {
  const query = `{ a: pet(id: "${BORI}") { recommendations { items { rank } } } b: pet(id: "${TORI}") { name recommendations { items { rank } } } }`
  await stage.gateway.askText(query, {}, headersOf.admin)
  const { data, errors } = await stage.gateway.askText(query, {}, headersOf.other)
  expect(data).toMatchObject({ a: { recommendations: { items: { length: 10 } } }, b: null })
  expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['b'], 'NOT_FOUND']])
})
