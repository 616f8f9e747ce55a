import { afterAll, beforeAll, expect, test } from 'vitest'
import { RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { bearer, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

let stage: Stage
let user: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  user = await bearer(DEMO_USER_ID)
})
afterAll(() => stage.close())

const PET = `{ pet(id: "${BORI}") { name birthdate ageStage weightKg } }`
const WHOLE = `{ recommendations(petId: "${BORI}") { items { rank matchScore dailyAmountG product { productName } } } }`

test('what a role or a database has set otherwise changes nothing that a gateway answers', async () => {
  const { sql, url } = stage.database
  const name = new URL(url).pathname.slice(1)
  const ask = async (gateway: TestGateway) => {
    const replies = [await gateway.askText(PET, {}, user), await gateway.askText(WHOLE, {}, user)]
    return replies.map(({ data, errors }) => ({ data, errors }))
  }
  await sql`
    update pets set birthdate = '2025-02-03', approx_age_months = null, approx_age_recorded_on = null, weight_kg = 6.123456789
    where id = ${BORI}`
  const expected = await ask(stage.gateway)
  await sql`create schema theirs`
  await sql`create table theirs.pets (like public.pets)`
  for (const setting of [
    "DateStyle = 'German, DMY'", "IntervalStyle = 'sql_standard'", "TimeZone = 'Pacific/Kiritimati'", 'extra_float_digits = -15',
    "default_transaction_isolation = 'serializable'", 'search_path = theirs, public',
  ]) await sql.unsafe(`alter database ${name} set ${setting}`)
  await sql`delete from recommendation_runs`
  await sql`select touch_pets(array[${BORI}::uuid])`
  const other = await stage.another({ cache: { kind: 'memory' }, cacheIsPrivateToProcess: true })
  expect(expected[0]).toMatchObject({ errors: undefined })
  expect(await ask(other)).toEqual(expected)
})

test('what is written in replica mode is seen by both gateways', async () => {
  const { sql } = stage.database
  const gateways = [stage.gateway, await stage.another()]
  const read = async (gateway: TestGateway) => {
    const { data, errors } = await gateway.ask(RecommendationsDocument, { petId: BORI }, user)
    if (data == null) throw new Error(JSON.stringify(errors))
    return { runId: data.recommendations.runId, productIds: data.recommendations.items.map(({ product }) => product.id) }
  }
  const writer = await sql.reserve()
  try {
    await writer`set session_replication_role = replica`
    const first = (await read(stage.gateway)).productIds[0] ?? ''
    for (const change of [
      `update public.pets set weight_kg = weight_kg + 1 where id = '${BORI}'`,
      `insert into public.pet_food_allergies values ('${BORI}', 'PEA')`,
      `insert into public.pet_health_concerns values ('${BORI}', 'EYE')`,
      `insert into public.recommendation_preferences values ('${DEMO_USER_ID}', 'SAFE', '{BEEF}', '{}', null, 'DEFAULT', false)
        on conflict (user_id) do update set hard_exclude_allergens = '{BEEF}'`,
      'update public.offers set current_price = current_price + 1',
      'truncate public.price_summaries',
      `update public.products set is_active = false where id = '${first}'`,
    ]) {
      const { runId } = await read(stage.gateway)
      for (const gateway of gateways) await waitUntil('both hold the run', async () => (await read(gateway)).runId === runId)
      await writer.unsafe(change)
      for (const gateway of gateways) await waitUntil(change, async () => (await read(gateway)).runId !== runId, { withinMs: 5_000 })
    }
    for (const gateway of gateways) expect((await read(gateway)).productIds).not.toContain(first)
  } finally {
    await writer`reset session_replication_role`
    writer.release()
  }
})
