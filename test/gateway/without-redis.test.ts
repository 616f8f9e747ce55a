import { afterAll, beforeAll, expect, test } from 'vitest'
import { RecommendationsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import { connect } from '../../src/db/client.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'

let database: TestDatabase
let one: TestGateway
let other: TestGateway
beforeAll(async () => {
  database = await createTestDatabase()
  const { db, close } = connect(database.url, { max: 1 })
  await seedDemo(db, '2026-11-24')
  await close()
  const options = { databaseUrl: database.url, cache: { kind: 'memory' }, cacheIsPrivateToProcess: true } as const
  ;[one, other] = [await startGateway(options), await startGateway(options)]
})
afterAll(async () => {
  await Promise.all([one.close(), other.close()])
  await database.drop()
})

test('two gateways that cache in their own memories never answer what the other has outdated', async () => {
  const user = await bearer(DEMO_USER_ID)
  const ask = async (gateway: TestGateway) => (await gateway.ask(RecommendationsDocument, { petId: BORI }, user)).data?.recommendations
  const first = await ask(one)
  expect(first?.source).toBe('COMPUTED')
  expect((await ask(one))?.source).toBe('MEMORY')
  expect((await ask(other))?.source).toBe('POSTGRES')
  for (const [changer, reader] of [[one, other], [other, one], [one, one]] as const) {
    const weightKg = 5 + 3 * (changer === one ? 1 : 2) + (reader === one ? 1 : 0)
    await changer.ask(UpdatePetWeightDocument, { petId: BORI, weightKg }, user)
    const [here, there] = [await ask(changer), await ask(reader)]
    expect(there?.items).toEqual(here?.items)
    expect(there?.runId).toBe(here?.runId)
  }
})
