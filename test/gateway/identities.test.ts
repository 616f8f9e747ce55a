import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startGateway, bearer, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import { waitUntil } from '../support/wait-until.ts'

let stage: Stage
let gateways: readonly TestGateway[]
beforeAll(async () => {
  stage = await setStage()
  gateways = [stage.gateway, await stage.another()]
})
afterAll(() => stage.close())

type Person = { id: string; device: string; headers: Record<string, string> }

let former: Person
let other: Person
let count = 0
beforeEach(async () => {
  former = await newPerson('former')
  other = await newPerson('other')
})

/** Somebody with a device and a pet of their name, whom both gateways know. */
const newPerson = async (name: string): Promise<Person> => {
  const person = { id: randomUUID(), device: `${name}-device-${count++}` }
  await stage.database.sql`insert into users (id, device_uid) values (${person.id}, ${person.device})`
  await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    values (${person.id}, ${name}, 'DOG', 30, current_date, 5)`
  const headers = { 'x-device-uid': person.device }
  for (const gateway of gateways) expect(await seenBy(gateway, headers)).toEqual([person.id, name])
  return { ...person, headers }
}

/** The id of the user who is signed in by these headers, then the names of the pets that this user is shown. */
const seenBy = async (gateway: TestGateway, headers: Record<string, string>): Promise<unknown[]> => {
  const { data, errors } = await gateway.askText('{ viewer { id pets { name } } }', {}, headers)
  if (errors !== undefined) return errors.map(({ extensions }) => extensions.code)
  const viewer = data?.['viewer'] as { id: string; pets: { name: string }[] }
  return [viewer.id, ...viewer.pets.map(({ name }) => name)]
}
const userOf = async (gateway: TestGateway, headers: Record<string, string>) => (await seenBy(gateway, headers))[0]

/** In every process, within moments. */
const becomes = async (headers: Record<string, string>, seen: readonly unknown[]) => {
  for (const [i, gateway] of gateways.entries()) {
    await waitUntil(`gateway ${i} shows ${seen.join()}`, async () => (await seenBy(gateway, headers)).join() === seen.join())
  }
}
const becomesNew = async (headers: Record<string, string>) => {
  for (const [i, gateway] of gateways.entries()) {
    await waitUntil(`gateway ${i} shows a new user`, async () => ![former.id, other.id].includes(String(await userOf(gateway, headers))))
    expect(await seenBy(gateway, headers)).toEqual([await userOf(stage.gateway, headers)])
  }
}
const move = (uid: string | null, to: Person) => stage.database.sql`update users set device_uid = ${uid} where id = ${to.id}`

const FIRST_WRITES = [
  'mutation { createPet(input: { name: "new", species: DOG, weightKg: 5, approxAgeMonths: 20 }) { pet { id } } }',
  'mutation { updateRecommendationPreferences(input: { weightsPreset: SAFE }) { invalidation } }',
]
const isThere = async (id: string) => (await stage.database.sql`select 1 from users where id = ${id}`).length > 0

test('a device that was moved to another user signs nobody in as its former user, in any process', async () => {
  await move(null, former)
  await move(former.device, other)
  await becomes(former.headers, [other.id, 'other'])
})

test('devices that were swapped sign in their new users, in every process', async () => {
  await stage.database.sql.begin(async (sql) => {
    await sql`update users set device_uid = null where id = ${former.id}`
    await sql`update users set device_uid = ${former.device} where id = ${other.id}`
    await sql`update users set device_uid = ${other.device} where id = ${former.id}`
  })
  await becomes(former.headers, [other.id, 'other'])
  await becomes(other.headers, [former.id, 'former'])
})

test('a device that was taken from its user comes back as a new user', async () => {
  await move(null, former)
  await becomesNew(former.headers)
})

test('the device of a deleted user comes back as a new user with nothing of the former one', async () => {
  await stage.database.sql`delete from users where id = ${former.id}`
  await becomesNew(former.headers)
  expect(await isThere(former.id)).toBe(false)
})

test('the device of a user who was merged into another signs in the other one', async () => {
  await stage.database.sql.begin(async (sql) => {
    await sql`update pets set user_id = ${other.id}, is_primary = false where user_id = ${former.id}`
    await sql`delete from users where id = ${former.id}`
    await sql`update users set device_uid = ${former.device} where id = ${other.id}`
  })
  await becomes(former.headers, [other.id, 'former', 'other'])
})

test('a user who got another id is signed in under that id, in every process', async () => {
  await stage.database.sql`delete from pets where user_id = ${former.id}`
  const id = randomUUID()
  await stage.database.sql`update users set id = ${id} where id = ${former.id}`
  await becomes(former.headers, [id])
})

test('a device that a writer in replica mode moves is heard of', async () => {
  await stage.database.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`
    await sql`update users set device_uid = null where id = ${former.id}`
  })
  await becomesNew(former.headers)
})

test('a user who never existed is entered by their first change', async () => {
  for (const write of FIRST_WRITES) {
    const id = randomUUID()
    expect((await stage.gateway.askText(write, {}, await bearer(id))).errors).toBeUndefined()
    expect(await isThere(id)).toBe(true)
  }
})

test.each([
  ['deleted', (id: string) => stage.database.sql`delete from users where id = ${id}`],
  ['given another id', (id: string) => stage.database.sql`update users set id = ${randomUUID()} where id = ${id}`],
])('a user who was %s is not made again by a token, whatever it changes first', async (_what, remove) => {
  await stage.database.sql`delete from pets where user_id = ${former.id}`
  await remove(former.id)
  for (const gateway of gateways) {
    for (const write of FIRST_WRITES) {
      for (const isAdmin of [false, true]) {
        const { errors } = await gateway.askText(write, {}, await bearer(former.id, isAdmin))
        expect(errors?.map(({ message, extensions }) => [extensions.code, message])).toEqual([['UNAUTHENTICATED', 'This user was deleted. Sign in again.']])
      }
    }
  }
  expect(await isThere(former.id)).toBe(false)
})

test.each(FIRST_WRITES)('a deletion that runs at the same moment is not undone: %s', async (write) => {
  const psql = await stage.database.sql.reserve()
  try {
    await psql`begin`
    await psql`delete from users where id = ${former.id}`
    const writing = stage.gateway.askText(write, {}, await bearer(former.id))
    await waitUntil('the change waits for the deletion', async () => {
      const waiting = await stage.database.sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      return waiting.length > 0
    })
    await psql`commit`
    expect((await writing).errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED'])
    expect(await isThere(former.id)).toBe(false)
  } finally {
    await psql`rollback`
    psql.release()
  }
})

test('a user whom somebody enters again by hand may sign in again', async () => {
  await stage.database.sql`delete from users where id = ${former.id}`
  await stage.database.sql`insert into users (id) values (${former.id})`
  for (const write of FIRST_WRITES) expect((await stage.gateway.askText(write, {}, await bearer(former.id))).errors).toBeUndefined()
})

test('what was notified while nobody could listen is made good when listening begins again', async () => {
  const direct = new URL(stage.database.url)
  const proxy = await createTcpProxy(Number(direct.port))
  const behind = new URL(direct)
  behind.port = String(proxy.port)
  const gateway = await startGateway({ databaseUrl: behind.href, cache: { kind: 'redis', url: stage.redis.url } })
  try {
    expect(await userOf(gateway, former.headers)).toBe(former.id)
    await proxy.cut()
    await move(null, former)
    await move(former.device, other)
    await proxy.resume()
    await waitUntil('the moved device is known anew', async () => (await userOf(gateway, former.headers)) === other.id)
  } finally {
    await gateway.close()
    await proxy.close()
  }
})

test('a process that was never told of a deletion forgets the user with the change that shows it', async () => {
  const gateway = await stage.another()
  expect(await userOf(gateway, former.headers)).toBe(former.id)
  await stage.database.sql.begin(async (sql) => {
    await sql`alter table users disable trigger users_notify_deleted`
    await sql`delete from users where id = ${former.id}`
    await sql`alter table users enable always trigger users_notify_deleted`
  })
  const [write = ''] = FIRST_WRITES
  expect((await gateway.askText(write, {}, former.headers)).errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED'])
  expect((await gateway.askText(write, {}, former.headers)).errors).toBeUndefined()
  expect(await userOf(gateway, former.headers)).not.toBe(former.id)
})

test('a truncated table of users is heard of, and makes nobody again', async () => {
  await stage.database.sql`truncate users cascade`
  await becomesNew(former.headers)
  const [write = ''] = FIRST_WRITES
  expect((await stage.gateway.askText(write, {}, await bearer(other.id))).errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED'])
})
