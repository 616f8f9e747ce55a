import { expect, test } from 'vitest'
import { connectRedis } from '../../src/cache/redis.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { startTestRedis } from '../support/servers.ts'
import { waitUntil } from '../support/wait-until.ts'

test('a client that has given up connects again, until it is closed', async () => {
  const server = await startTestRedis()
  const redis = await connectRedis({ kind: 'standalone', url: server.url }, createLogger('silent'))
  const isWell = () => redis.get(['a']).then(() => true, () => false)
  try {
    await waitUntil('it is connected', isWell)
    redis.client.disconnect()
    await waitUntil('it has given up', () => redis.client.status === 'end')
    await waitUntil('it is connected again', isWell)
  } finally {
    await redis.close()
  }
  await waitUntil('it is closed', () => redis.client.status === 'end')
  expect(redis.client.listenerCount('end')).toBe(0)
  await server.stop()
})
