import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Kind, Scene } from './scene.ts'

const onServer = async (scene: Scene, work: (server: Redis) => Promise<unknown>): Promise<void> => {
  const server = new Redis(scene.redis.primaryUrl(), { maxRetriesPerRequest: 1 })
  server.on('error', () => {})
  await work(server).finally(() => server.disconnect())
}

export const FAULTS_OF_REDIS: Record<string, Kind> = {
  'redis killed, back empty': {
    weight: 2, touches: 'redis',
    run: async ({ redis }, _random, ms) => {
      await redis.kill()
      await delay(ms)
      await redis.start('empty')
    },
  },
  'redis killed, back with an old snapshot': {
    weight: 3, touches: 'redis', losesData: true,
    run: async ({ redis }, _random, ms) => {
      await redis.saveSnapshot()
      await delay(ms)
      await redis.kill()
      await redis.start('snapshot')
    },
  },
  'redis paused': {
    weight: 2, touches: 'redis',
    run: async ({ redis }, _random, ms) => {
      await redis.pause()
      await delay(ms)
      await redis.resume()
    },
  },
  'redis flushed': { weight: 1, touches: 'redis', run: ({ redis }) => redis.flush() },
  'failed over to a lagging replica': {
    weight: 3, touches: 'redis', losesData: true,
    run: async ({ redis }, _random, ms) => {
      redis.lagReplica()
      await delay(ms)
      await redis.failover('all')
      await delay(ms)
      await redis.heal()
    },
  },
  'split brain': {
    weight: 3, touches: 'redis', losesData: true,
    run: async ({ redis, gateways }, random, ms) => {
      redis.lagReplica()
      await delay(ms / 2)
      await redis.failover([random.pick(gateways).name])
      await delay(2 * ms)
      await redis.heal()
    },
  },
  'one gateway partitioned from redis': {
    weight: 2, touches: 'redis',
    run: async ({ redis, gateways }, random, ms) => {
      const { proxy } = await redis.route(random.pick(gateways).name)
      proxy.hang()
      await delay(ms)
      await proxy.resume()
    },
  },
  // Below a command's deadline, so that a fill arrives behind the invalidation that another gateway sent after it.
  'one gateway slow to redis': {
    weight: 3, touches: 'redis',
    run: async ({ redis, gateways }, random, ms) => {
      const { proxy } = await redis.route(random.pick(gateways).name)
      const end = Date.now() + ms
      while (Date.now() < end) {
        proxy.hang()
        await delay(70)
        await proxy.resume()
        await delay(10)
      }
    },
  },
  'connections to redis cut': {
    weight: 1, touches: 'redis',
    run: async ({ redis, gateways }, random) => {
      const { proxy } = await redis.route(random.pick(gateways).name)
      await proxy.cut()
      await proxy.resume()
    },
  },
  'redis full': {
    weight: 1, touches: 'redis',
    run: (scene, _random, ms) =>
      onServer(scene, async (server) => {
        await server.config('SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '1mb')
        await delay(ms)
        await server.config('SET', 'maxmemory', '0')
      }),
  },
  'redis read-only': {
    weight: 1, touches: 'redis',
    run: (scene, _random, ms) =>
      onServer(scene, async (server) => {
        await server.config('SET', 'min-replicas-max-lag', '1', 'min-replicas-to-write', '9')
        await delay(ms)
        await server.config('SET', 'min-replicas-to-write', '0')
      }),
  },
}
