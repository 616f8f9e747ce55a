import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { joinedReads } from '../../src/cache/joined-reads.ts'
import { connectRedis, type RedisStore } from '../../src/cache/redis.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { startTestRedis, type TestServer } from '../support/servers.ts'

let server: TestServer
let client: Redis
let redis: RedisStore
beforeAll(async () => {
  server = await startTestRedis()
  client = new Redis(server.url)
  redis = await connectRedis({ kind: 'standalone', url: server.url }, createLogger('silent'))
  await client.mset('a', '1', 'b', '2', 'c', '3')
})
afterAll(async () => {
  await redis.close()
  client.disconnect()
  await server.stop()
})

const mgets = async () => Number(/cmdstat_mget:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0)
const texts = (values: (Buffer | null)[][]) => values.map((group) => group.map((one) => one?.toString() ?? null))

test('what is asked in one turn of the event loop is one command that holds each key once, and each gets its own', async () => {
  const sent: string[][] = []
  const mget = joinedReads({ mode: redis.mode, mget: (groups) => (sent.push(groups.flat()), redis.mget(groups)) })
  const before = await mgets()
  const read = await Promise.all([mget([['a'], ['b', 'absent']]), mget([['a'], ['c']]), mget([]), mget([['b'], ['b']])])
  expect(read.map(texts)).toEqual([[['1'], ['2', null]], [['1'], ['3']], [], [['2'], ['2']]])
  expect(sent).toEqual([['a', 'b', 'absent', 'c']])
  expect((await mgets()) - before).toBe(1)
})

test('what is asked in the next turn is another command', async () => {
  const mget = joinedReads(redis)
  const before = await mgets()
  for (const key of ['a', 'b']) await mget([[key]])
  expect((await mgets()) - before).toBe(2)
})

test('a command of very many keys is sent before more are added to it, and nobody is left out', async () => {
  const sent: number[] = []
  const mget = joinedReads({ mode: redis.mode, mget: (groups) => (sent.push(groups.flat().length), redis.mget(groups)) })
  const keys = (from: number) => Array.from({ length: 300 }, (_, i) => `k${from + i}`)
  const read = await Promise.all([mget([keys(0)]), mget([keys(300)]), mget([['a'], keys(600)])])
  expect(sent).toEqual([600, 301])
  expect(read.map((groups) => groups.flat().length)).toEqual([300, 300, 301])
  expect(texts(read[2] ?? [])[0]).toEqual(['1'])
})

test('a command that fails fails everybody in it, and nobody after it', async () => {
  let isAway = true
  const mget = joinedReads({ mode: redis.mode, mget: (groups) => (isAway ? Promise.reject(new Error('away')) : redis.mget(groups)) })
  const outcomes = await Promise.allSettled([mget([['a']]), mget([['b']])])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isAway = false
  expect(texts(await mget([['a']]))).toEqual([['1']])
})

test('in a cluster, where keys lie on many servers, each asks for itself', async () => {
  const sent: string[][] = []
  const mget = joinedReads({ mode: 'cluster', mget: async (groups) => (sent.push(groups.flat()), groups.map((group) => group.map(() => null))) })
  await Promise.all([mget([['a']]), mget([['b']])])
  expect(sent).toEqual([['a'], ['b']])
})
