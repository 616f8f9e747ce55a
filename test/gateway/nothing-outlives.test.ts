import { RequestCache } from '@pothos/plugin-scope-auth'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

/*
  Pothos holds what it found out about a context in a WeakMap. V8's collections of young objects take that for in use, and
  with it all that the operation read: see docs/decisions/025.
*/

const OWNER = '11111111-2222-4333-8444-666666666666'
const PET = 'aaaaaaaa-0000-4000-8000-000000000025'
const NOBODYS_PET = 'aaaaaaaa-0000-4000-8000-0000000000ff'
const QUERY = 'query Asked($petId: ID!) { recommendations(petId: $petId) { source } }'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
  const { sql } = stage.database
  await sql`insert into users (id) values (${OWNER})`
  await sql`
    insert into pets (id, user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${PET}, ${OWNER}, 'Bori', 'DOG', 30, current_date, 3)`
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => stage.close())

const ask = async (petId: string) => stage.gateway.askText(QUERY, { petId }, await bearer(OWNER))

/** How many operations of each outcome had a plan so far. */
async function planned(): Promise<{ written: number; left: number }> {
  const text = await (await fetch(`${stage.gateway.url}/metrics`)).text()
  const of = (outcome: string) => Number(new RegExp(`petfood_planned_operations_total{outcome="${outcome}"} (\\d+)`).exec(text)?.[1] ?? 0)
  return { written: of('written'), left: of('left') }
}

test('nothing is held of a context once its operation is over, whichever way it went', async () => {
  const made = vi.spyOn(RequestCache, 'fromContext')
  const cleared = vi.spyOn(RequestCache, 'clearForContext')
  const held = () => {
    const over = new Set<unknown>(cleared.mock.calls.map(([context]) => context))
    return made.mock.calls.filter(([context]) => !over.has(context)).length
  }

  await ask(PET)
  expect(await planned()).toEqual({ written: 0, left: 0 })
  expect([made.mock.calls.length > 0, held()]).toEqual([true, 0])

  made.mockClear()
  await waitUntil('it is written by its plan', async () => (await ask(PET)) !== undefined && (await planned()).written > 0)
  expect([made.mock.calls.length > 0, held()]).toEqual([true, 0])

  made.mockClear()
  expect((await ask(NOBODYS_PET)).errors).toHaveLength(1)
  expect((await planned()).left).toBe(1)
  expect([made.mock.calls.length > 0, held()]).toEqual([true, 0])
})
