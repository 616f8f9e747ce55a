import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type postgres from 'postgres'
import type { startTestServer } from './servers.ts'
import type { RedisWorld } from '../support/redis-world.ts'
import type { TcpProxy } from '../support/tcp-proxy.ts'
import type { Gateway } from './gateways.ts'
import type { Fault, History } from './history.ts'
import type { Random } from './random.ts'

/** Everything that can be broken. */
export type Scene = {
  world: RedisWorld
  postgres: Awaited<ReturnType<typeof startTestServer>>
  sql: postgres.Sql
  gateways: readonly Gateway[]
  postgresRoutes: ReadonlyMap<string, TcpProxy>
  /** Sends a change to this gateway and returns at once. */
  changeThrough(gateway: Gateway): void
}

type Kind = { weight: number; losesData?: true; touches: Fault['touches']; run(scene: Scene, random: Random, ms: number): Promise<void> }

const onRedis = async (scene: Scene, work: (redis: Redis) => Promise<unknown>): Promise<void> => {
  const redis = new Redis(scene.world.primaryUrl(), { maxRetriesPerRequest: 1 })
  redis.on('error', () => {})
  await work(redis).finally(() => redis.disconnect())
}

/** What can happen, how often beside the others, and what of Redis's promises it breaks. Each leaves things as it found them. */
export const FAULTS: Record<string, Kind> = {
  'redis killed, back empty': {
    weight: 2, touches: 'redis',
    run: async ({ world }, _random, ms) => {
      await world.kill()
      await delay(ms)
      await world.start('empty')
    },
  },
  'redis killed, back with an old snapshot': {
    weight: 3, touches: 'redis', losesData: true,
    run: async ({ world }, _random, ms) => {
      await world.saveSnapshot()
      await delay(ms)
      await world.kill()
      await world.start('snapshot')
    },
  },
  'redis paused': {
    weight: 2, touches: 'redis',
    run: async ({ world }, _random, ms) => {
      await world.pause()
      await delay(ms)
      await world.resume()
    },
  },
  'redis flushed': { weight: 1, touches: 'redis', run: ({ world }) => world.flush() },
  'failed over to a lagging replica': {
    weight: 3, touches: 'redis', losesData: true,
    run: async ({ world }, _random, ms) => {
      world.lagReplica()
      await delay(ms)
      await world.failover('all')
      await delay(ms)
      await world.heal()
    },
  },
  'split brain': {
    weight: 3, touches: 'redis', losesData: true,
    run: async ({ world, gateways }, random, ms) => {
      world.lagReplica()
      await delay(ms / 2)
      await world.failover([random.pick(gateways).name])
      await delay(2 * ms)
      await world.heal()
    },
  },
  'one gateway partitioned from redis': {
    weight: 2, touches: 'redis',
    run: async ({ world, gateways }, random, ms) => {
      const { proxy } = await world.route(random.pick(gateways).name)
      proxy.hang()
      await delay(ms)
      await proxy.resume()
    },
  },
  // Below a command's deadline, so that a fill arrives behind the invalidation that another gateway sent after it.
  'one gateway slow to redis': {
    weight: 3, touches: 'redis',
    run: async ({ world, gateways }, random, ms) => {
      const { proxy } = await world.route(random.pick(gateways).name)
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
    run: async ({ world, gateways }, random) => {
      const { proxy } = await world.route(random.pick(gateways).name)
      await proxy.cut()
      await proxy.resume()
    },
  },
  'redis full': {
    weight: 1, touches: 'redis',
    run: (scene, _random, ms) =>
      onRedis(scene, async (redis) => {
        await redis.config('SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '1mb')
        await delay(ms)
        await redis.config('SET', 'maxmemory', '0')
      }),
  },
  'redis read-only': {
    weight: 1, touches: 'redis',
    run: (scene, _random, ms) =>
      onRedis(scene, async (redis) => {
        await redis.config('SET', 'min-replicas-max-lag', '1', 'min-replicas-to-write', '9')
        await delay(ms)
        await redis.config('SET', 'min-replicas-to-write', '0')
      }),
  },
  'postgres killed and restarted': {
    weight: 1, touches: 'postgres',
    run: async ({ postgres }, _random, ms) => {
      await postgres.kill()
      await delay(ms / 2)
      await postgres.restart()
    },
  },
  'one gateway partitioned from postgres': {
    weight: 1, touches: 'postgres',
    run: async ({ postgresRoutes, gateways }, random, ms) => {
      const proxy = postgresRoutes.get(random.pick(gateways).name)
      proxy?.hang()
      await delay(ms)
      await proxy?.resume()
    },
  },
  'LISTEN cut': {
    weight: 1, touches: 'postgres',
    run: async ({ sql }) => void (await sql`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'`),
  },
  'gateway killed': {
    weight: 1, touches: 'gateway',
    run: async ({ gateways }, random) => {
      const gateway = random.pick(gateways)
      await gateway.kill()
      await gateway.start()
    },
  },
  'gateway killed right after a change was sent': {
    weight: 2, touches: 'gateway',
    run: async (scene, random) => {
      const gateway = random.pick(scene.gateways)
      scene.changeThrough(gateway)
      await delay(random.between(0, 25))
      await gateway.kill()
      await gateway.start()
    },
  },
  'gateway stopped and started': {
    weight: 1, touches: 'gateway',
    run: async ({ gateways }, random) => {
      const gateway = random.pick(gateways)
      await gateway.stop()
      await gateway.start()
    },
  },
}

/** One fault after the other, with a pause between them, until `until` says so. The same seed gives the same schedule. */
export async function injectFaults({ scene, history, random, only, isOver, onFault }: {
  scene: Scene
  history: History
  random: Random
  only: string
  isOver: () => boolean
  onFault: (fault: Fault) => void
}): Promise<void> {
  const kinds = Object.entries(FAULTS).filter(([name]) => name.includes(only)).flatMap(([name, kind]) => Array.from({ length: kind.weight }, () => ({ name, kind })))
  while (!isOver()) {
    const { name, kind } = random.pick(kinds)
    const ms = random.between(300, 4_000)
    const pauseMs = random.between(500, 3_000)
    // Entered before it begins and closed after it ended: while it goes on it lasts for ever.
    const fault: Fault = { kind: name, start: Date.now(), end: Infinity, losesData: kind.losesData === true, touches: kind.touches }
    history.faults.push(fault)
    await kind.run(scene, random, ms)
    fault.end = Date.now()
    onFault(fault)
    await delay(pauseMs)
  }
}
