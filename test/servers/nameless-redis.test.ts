import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { RecommendationsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import { connect } from '../../src/db/client.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { bearer, startGateway } from '../support/gateway.ts'
import { recordLog } from '../support/recorded-log.ts'
import { replacedText } from '../support/replaced-text.ts'
import { startTestRedis } from '../support/servers.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import { waitUntil } from '../support/wait-until.ts'

const OF_SOMEBODY = 'petfood:rec:result:{of-somebody}'
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const { db, close } = connect(database.url, { max: 1 })
  await seedDemo(db, '2026-11-24')
  await close()
})
afterAll(() => database.drop())
const atEnd: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of atEnd.splice(0).toReversed()) await end()
})

test.each([
  ['run_id', 'ran_id'],
  ['master_replid', 'master_replix'],
  ['role', 'rule'],
])('a server whose INFO has no %s is refused by name and never swept, and is used when it has it', { timeout: 60_000 }, async (field, hidden) => {
  const server = await startTestRedis()
  atEnd.push(server.stop)
  let isHidden = true
  const proxy = await createTcpProxy(server.port, () => replacedText({ from: `\n${field}:`, to: `\n${hidden}:`, isOn: () => isHidden }))
  const redis = new Redis(server.port)
  atEnd.push(proxy.close, async () => redis.disconnect())
  await redis.set(OF_SOMEBODY, 'x')
  const calls = async () => Object.fromEntries([...(await redis.info('commandstats')).matchAll(/^cmdstat_(\w+):calls=(\d+)/gm)].map(([, name, count]) => [name, Number(count)]))

  const { logger, lines } = recordLog()
  const gateway = await startGateway({ databaseUrl: database.url, cache: { kind: 'redis', url: `redis://127.0.0.1:${proxy.port}` }, logger })
  atEnd.push(gateway.close)
  const user = await bearer(DEMO_USER_ID)
  const source = async () => (await gateway.ask(RecommendationsDocument, { petId: BORI }, user)).data?.recommendations.source
  const refusals = () => lines.filter(({ msg }) => msg.startsWith('redis: a field is missing in INFO'))
  const isOpen = () => lines.some(({ msg, state }) => msg === 'redis circuit' && state === 'OPEN')

  await waitUntil('the circuit is open', isOpen)
  const change = await gateway.ask(UpdatePetWeightDocument, { petId: BORI, weightKg: 11 }, user)
  expect(change.errors).toBeUndefined()
  expect(await source()).toBe('POSTGRES')
  expect(await redis.exists(OF_SOMEBODY)).toBe(1)
  expect(await calls()).not.toHaveProperty('scan')
  expect(refusals()).toHaveLength(1)
  expect(refusals()[0]).toMatchObject({ host: '127.0.0.1', port: proxy.port, field })
  expect(refusals()[0]).not.toHaveProperty('err')

  isHidden = false
  await waitUntil('it is a hit', async () => (await source()) === 'REDIS', { withinMs: 20_000 })
  isHidden = true
  await waitUntil('it is refused again', () => refusals().length === 2)
})
