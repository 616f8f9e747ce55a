import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CreatePetDocument } from '../../schema/generated/graphql.ts'
import { MOST_PETS } from '../../src/domain/pet.ts'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

test('a user has no more pets than allowed, also when several are entered at once in several processes', async () => {
  const owner = randomUUID()
  await stage.database.sql`insert into users (id) values (${owner})`
  await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select ${owner}, 'pet ' || i, 'CAT', 30, current_date, 4 from generate_series(1, ${MOST_PETS - 1}::int) i`
  const user = await bearer(owner)
  const gateways = [stage.gateway, await stage.another()]
  const create = (name: string, gateway = stage.gateway) => gateway.ask(CreatePetDocument, { input: { name, species: 'DOG', weightKg: 5, approxAgeMonths: 20 } }, user)
  const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => create(`new ${i}`, gateways[i % 2])))
  expect(replies.filter(({ errors }) => errors === undefined)).toHaveLength(1)
  const refusals = replies.flatMap(({ errors }) => errors ?? [])
  expect(new Set(refusals.map(({ extensions }) => extensions.code))).toEqual(new Set(['CONFLICT']))
  expect(refusals[0]?.message).toContain(String(MOST_PETS))
  const [row] = await stage.database.sql`select count(*)::int n from pets where user_id = ${owner}`
  expect(row?.['n']).toBe(MOST_PETS)
  await stage.database.sql`delete from pets where user_id = ${owner} and name = 'pet 1'`
  expect((await create('after one has gone')).errors).toBeUndefined()
})
