import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { createUserStore } from '../../src/db/users.ts'
import { createAuthenticate, type Authenticate } from '../../src/http/authenticate.ts'
import { createKnownDevices, DEVICE_KNOWN_FOR_MS, type KnownDevices } from '../../src/http/known-devices.ts'
import { createTokens } from '../../src/http/tokens.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { TEST_CLAIMS, TEST_SECRET } from '../support/gateway.ts'

const FORMER = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1b01'
const OTHER = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1b02'
const DEVICE = { 'x-device-uid': 'a-device' }

let database: TestDatabase
let connection: DbConnection
beforeAll(async () => {
  database = await createTestDatabase()
  connection = connect(database.url, { max: 2 })
})
afterAll(async () => {
  await connection.close()
  await database.drop()
})

let monotonic = 0
const monotonicNow = () => monotonic
let lookUps: number
let afterLookUp: () => Promise<void>
let devices: KnownDevices
let authenticate: Authenticate
/** One process, to which nothing is notified. */
beforeEach(async () => {
  await connection.sql`delete from users`
  await connection.sql`insert into users (id, device_uid) values (${FORMER}, 'a-device'), (${OTHER}, null)`
  devices = createKnownDevices({ monotonicNow })
  lookUps = 0
  afterLookUp = async () => {}
  const users = createUserStore(connection.db)
  const findDevice = async (uid: string) => {
    lookUps++
    const found = await users.findDevice(uid)
    await afterLookUp()
    return found
  }
  const config = { ...TEST_CLAIMS, keys: { kind: 'secret' as const, secret: TEST_SECRET } }
  const tokens = createTokens({ config, logger: createLogger('silent'), now: Date.now, monotonicNow })
  authenticate = createAuthenticate({ tokens, users: { ...users, findDevice }, devices, deviceUid: true, monotonicNow })
})

const signedIn = async () => (await authenticate.viewer(new Headers(DEVICE)))?.userId
const known = () => authenticate.known(DEVICE)?.userId
const moveDevice = async () => {
  await connection.sql`update users set device_uid = null where id = ${FORMER}`
  await connection.sql`update users set device_uid = 'a-device' where id = ${OTHER}`
}

test('a known device needs no Postgres', async () => {
  for (const time of ['first', 'second', 'third']) expect(await signedIn(), time).toBe(FORMER)
  expect(known()).toBe(FORMER)
  expect(lookUps).toBe(1)
})

test('a moved device of which nothing is heard is forgotten within five minutes, whatever it is used for', async () => {
  expect(await signedIn()).toBe(FORMER)
  await moveDevice()
  monotonic += DEVICE_KNOWN_FOR_MS - 1
  expect([known(), await signedIn()]).toEqual([FORMER, FORMER])
  monotonic += 1
  expect([known(), await signedIn()]).toEqual([undefined, OTHER])
  expect(DEVICE_KNOWN_FOR_MS).toBe(300_000)
})

test('the five minutes begin with the look-up, not with its end', async () => {
  afterLookUp = async () => void (monotonic += 60_000)
  expect(await signedIn()).toBe(FORMER)
  monotonic += DEVICE_KNOWN_FOR_MS - 60_000
  expect(known()).toBeUndefined()
})

test.each([
  ['its former user', FORMER],
  ['every user', undefined],
])('a look-up that a change of %s overtook is not kept', async (_what, notified) => {
  afterLookUp = async () => {
    await moveDevice()
    devices.forget(notified)
  }
  expect(await signedIn()).toBe(FORMER)
  afterLookUp = async () => {}
  expect([known(), await signedIn(), known()]).toEqual([undefined, OTHER, OTHER])
})

test('a change of one user forgets no other', async () => {
  await connection.sql`update users set device_uid = 'another-device' where id = ${OTHER}`
  await authenticate.viewer(new Headers({ 'x-device-uid': 'another-device' }))
  await signedIn()
  devices.forget(FORMER)
  expect([known(), authenticate.known({ 'x-device-uid': 'another-device' })?.userId]).toEqual([undefined, OTHER])
})

test('a user who got another device is forgotten with both', async () => {
  await signedIn()
  await connection.sql`update users set device_uid = 'another-device' where id = ${FORMER}`
  await authenticate.viewer(new Headers({ 'x-device-uid': 'another-device' }))
  expect(known()).toBeUndefined()
  devices.forget(FORMER)
  expect(authenticate.known({ 'x-device-uid': 'another-device' })).toBeUndefined()
})

test('two processes that see a new device at once make one user of it, and a device that goes meanwhile another', async () => {
  const users = createUserStore(connection.db)
  const both = await Promise.all([users.registerDevice('new-device'), users.registerDevice('new-device')])
  expect(new Set(both).size).toBe(1)
  const psql = await connection.sql.reserve()
  await psql`begin`
  await psql`delete from users where device_uid = 'new-device'`
  const registering = users.registerDevice('new-device')
  await psql`commit`
  psql.release()
  expect(both).not.toContain(await registering)
})
