import type { DbConnection } from '../../src/db/client.ts'

/** One person with their pets. */
export type Household = { userId: string; petIds: string[] }

/** `count` people with `petsEach` pets, no two alike: species, size, age, condition, an allergy here and there. */
export async function insertHouseholds({ sql }: DbConnection, count: number, petsEach: number): Promise<Household[]> {
  const users = await sql`insert into users (device_uid) select 'bench household ' || i from generate_series(1, ${count}) i returning id`
  const userIds = users.map(({ id }) => String(id))
  const rows = await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg, is_neutered, body_condition_score)
    select u.id, 'pet ' || i, case when (u.n * ${petsEach} + i) % 4 = 0 then 'CAT' else 'DOG' end::species, 14 + (u.n * 7 + i * 5) % 130, current_date,
      case when (u.n * ${petsEach} + i) % 4 = 0 then 3 + (u.n * 3 + i) % 40 / 10.0 else 2 + (u.n * 13 + i * 7) % 430 / 10.0 end, i % 2 = 0, 3 + (u.n + i) % 5
    from unnest(${userIds}::uuid[]) with ordinality u(id, n), generate_series(1, ${petsEach}) i
    returning id, user_id`
  const ofUser = Map.groupBy(rows, ({ user_id: userId }) => String(userId))
  await sql`
    insert into pet_food_allergies (pet_id, allergen)
    select id, (enum_range(null::allergen))[1 + approx_age_months % 3] from pets where user_id = any(${userIds}::uuid[]) and approx_age_months % 5 = 0`
  return userIds.map((userId) => ({ userId, petIds: (ofUser.get(userId) ?? []).map(({ id }) => String(id)) }))
}
