import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { RecommendationsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import { connect } from '../../src/db/client.ts'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { seedDemo } from '../../src/demo/seed-demo.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { bearer, startGateway, type TestGateway } from '../support/gateway.ts'
import { ask as askRedis, startRedisNode, type RedisNode } from '../support/redis-node.ts'
import { startTestSentinels, type TestSentinels } from '../support/redis-sentinel.ts'
import { waitUntil } from '../support/wait-until.ts'

let folder: string
let primary: RedisNode
let replica: RedisNode
let sentinels: TestSentinels
let database: TestDatabase
let gateway: TestGateway
beforeAll(async () => {
  folder = await mkdtemp(join(inject('testFolder'), 'sentinel-'))
  await chmod(folder, 0o755) // as root the servers run as nobody
  primary = await startRedisNode(join(folder, 'primary'), ['repl-diskless-sync no'])
  replica = await startRedisNode(join(folder, 'replica'), [`replicaof 127.0.0.1 ${primary.port}`])
  await waitUntil('the replica is in step', async () => (await askRedis(replica.port, (redis) => redis.info('replication'))).includes('master_link_status:up'))
  ;[sentinels, database] = await Promise.all([startTestSentinels({ folder, masterName: 'petfood', primaryPort: primary.port }), createTestDatabase()])
  const { db, close } = connect(database.url, { max: 1 })
  await seedDemo(db, '2026-11-24')
  await close()
  const url = `redis+sentinel://${sentinels.ports.map((port) => `127.0.0.1:${port}`).join()}/petfood`
  gateway = await startGateway({ databaseUrl: database.url, cache: { kind: 'redis', url } })
})
afterAll(async () => {
  await gateway.close()
  await sentinels.close()
  await Promise.all([primary.kill(), replica.kill()])
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

test('behind Sentinels: answers are cached, the loss of the primary costs no answer, and its successor is used', async () => {
  const user = await bearer(DEMO_USER_ID)
  const read = async () => {
    const { data, errors } = await gateway.ask(RecommendationsDocument, { petId: BORI }, user)
    if (data == null) throw new Error(JSON.stringify(errors))
    return data.recommendations
  }
  await read()
  await waitUntil('it is a hit', async () => (await read()).source === 'REDIS')
  await primary.kill()
  const change = await gateway.ask(UpdatePetWeightDocument, { petId: BORI, weightKg: 13 }, user)
  expect(change.data?.updatePet.invalidation).toBe('QUEUED')
  const after = await read()
  await sentinels.waitUntilPrimaryIs(replica.port)
  await waitUntil('the successor is used', async () => (await read()).source === 'REDIS', { withinMs: 20_000 })
  expect((await read()).runId).toBe(after.runId)
}, 60_000)
