import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

let database: TestDatabase
let gateway: TestGateway
beforeAll(async () => {
  database = await createTestDatabase()
  gateway = await startGateway({ databaseUrl: database.url })
})
afterAll(async () => {
  await gateway.close()
  await database.drop()
})

const audits = serverAudits({ url: () => `${gateway.url}/graphql`, fetchFn: fetch })

test('there are 61 audits', () => expect(audits).toHaveLength(61))

test.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))('audit %s: the server %s', async (_id, _name, fn) => {
  const result = await fn()
  expect(result.status === 'ok' ? 'ok' : result).toBe('ok')
})
