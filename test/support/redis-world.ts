import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allSettled, ask, fieldsOf, LOOPBACK, newFolder, removeFolder, startRedisNode, type RedisNode } from './redis-node.ts'
import { createTcpProxy, type TcpProxy } from './tcp-proxy.ts'
import { waitUntil } from './wait-until.ts'

/*
  A primary, its replica, and everything between them and their clients, to lose writes in all the ways Redis can.

    client a ── route a ──┐
    client b ── route b ──┴─> primary ── link ──> replica

  Routes and link are TCP proxies. Which server is the primary changes with a failover; heal() makes a replica of the
  other one. Sentinels cannot watch this world: they would send the replica past the link, straight to the primary.
*/

export type RedisWorld = {
  /** A way of a client's own to the primary: a proxy. The same name gives the same route. */
  route(name: string): Promise<{ url: string; proxy: TcpProxy }>
  /** SIGKILL of the primary. */
  kill(): Promise<void>
  /** Starts the killed primary again: empty, or with what `saveSnapshot` last kept. The replica follows within about a second. */
  start(from: 'empty' | 'snapshot'): Promise<void>
  /** SIGSTOP of the primary. */
  pause(): Promise<void>
  /** Of all that are paused: after a failover the former primary wakes too, believing to be one. */
  resume(): Promise<void>
  /** FLUSHALL of the primary. */
  flush(): Promise<void>
  /** Keeps a copy of the data as of now (SAVE, then copy dump.rdb aside). */
  saveSnapshot(): Promise<void>
  /** Resolves when the replica has all that the primary had at the call; replication is asynchronous. */
  caughtUp(): Promise<void>
  /**
   * Hangs the link between primary and replica: the replica falls behind from now on. Writes of a moment ago may be lost
   * to it too: wait for `caughtUp` first where that matters.
   */
  lagReplica(): void
  /**
   * Promotes the replica as it is. 'all': every route goes to it and the old primary is killed. A list of route names:
   * only those move and the old primary goes on serving the others (split brain). Another failover needs a `heal` first.
   */
  failover(routes: 'all' | readonly string[]): Promise<void>
  /**
   * Back to one primary with a synchronised replica and every route forwarding to it. The promoted one stays primary,
   * a killed one comes back empty. After a split brain the old primary is discarded.
   */
  heal(): Promise<void>
  /** Of the current primary, for CONFIG SET and looking. What is set there is gone after a kill. */
  primaryUrl(): string
  close(): Promise<void>
}

type Route = { url: string; proxy: TcpProxy; to: RedisNode }

const SETTINGS = [
  // By way of a file: without one the replica's first acknowledgement may come too early to count, and until its next
  // one, a second later, it gets no writes.
  'repl-diskless-sync no',
  'hz 100', // how often the primary looks whether that file is written
]

const urlOf = (port: number): string => `redis://${LOOPBACK}:${port}`

const replicationOf = async (node: RedisNode): Promise<ReadonlyMap<string, string>> =>
  fieldsOf(await ask(node.port, (redis) => redis.info('replication')))

/**
 * Starts both servers and resolves when the replica is synchronised. `settings` are more lines of redis.conf, `env`
 * variables, for both.
 */
export async function createRedisWorld(options: {
  folder: string
  settings?: readonly string[]
  env?: Readonly<Record<string, string>>
}): Promise<RedisWorld> {
  const root = await newFolder(options.folder, 'redis-world')
  const snapshotFile = join(root, 'snapshot.rdb')
  const nodes: RedisNode[] = []
  const routes = new Map<string, Promise<Route>>()
  let link: TcpProxy | undefined
  let hasSnapshot = false

  const end = async (): Promise<void> => {
    await allSettled([
      ...nodes.map((node) => node.kill()),
      ...[...routes.values()].map(async (route) => (await route).proxy.close()),
      link?.close() ?? Promise.resolve(),
    ])
    await removeFolder(root)
  }

  const startNode = async (name: string): Promise<RedisNode> => {
    const node = await startRedisNode(join(root, name), [...SETTINGS, ...(options.settings ?? [])], options.env)
    nodes.push(node)
    return node
  }
  const create = async () => {
    const [primary, other] = await allSettled([startNode('one'), startNode('other')])
    if (primary === undefined || other === undefined) throw new Error('two servers were started')
    const link = await createTcpProxy(primary.port)
    return { primary, other, link }
  }
  const failed = async (error: unknown): Promise<never> => {
    await end()
    throw error
  }
  const made = await create().catch(failed)
  link = made.link
  const { link: toPrimary } = made

  // What the server that is not the primary is to it: its replica, what was primary before, or nothing (it was killed).
  let { primary, other } = made
  let role: 'replica' | 'former primary' | 'killed' = 'replica'

  // One after the other: a test that fails may close the world while a server of it is starting.
  let last: Promise<unknown> = Promise.resolve()
  let closing: Promise<void> | undefined
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    if (closing !== undefined) return Promise.reject(new Error('this world is closed'))
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }

  const attach = async (): Promise<void> => {
    toPrimary.retarget(primary.port)
    await toPrimary.resume()
    await ask(other.port, async (redis) => {
      // Without this it would keep what the link had cut off, and wait for up to a second before it connects.
      await redis.replicaof('NO', 'ONE')
      await redis.replicaof(LOOPBACK, toPrimary.port)
    })
    await waitUntil('the replica is synchronised', async () => (await replicationOf(other)).get('master_link_status') === 'up')
    role = 'replica'
  }
  const caughtUp = async (): Promise<void> => {
    const wanted = Number((await replicationOf(primary)).get('master_repl_offset'))
    await waitUntil('the replica has caught up', async () => {
      const replica = await replicationOf(other)
      return replica.get('master_link_status') === 'up' && Number(replica.get('slave_repl_offset')) >= wanted
    })
  }
  const promote = async (): Promise<void> => {
    await ask(other.port, (redis) => redis.replicaof('NO', 'ONE'))
    ;[primary, other] = [other, primary]
  }
  const move = (route: Route): void => {
    if (route.to === primary) return
    route.proxy.retarget(primary.port)
    route.to = primary
  }
  const known = async (name: string): Promise<Route> => {
    const route = await routes.get(name)
    if (route === undefined) throw new Error(`there is no route ${name}`)
    return route
  }

  const world: RedisWorld = {
    route: (name) => {
      const make = async (): Promise<Route> => {
        const to = primary
        const proxy = await createTcpProxy(to.port)
        return { url: urlOf(proxy.port), proxy, to }
      }
      const route = routes.get(name) ?? make()
      routes.set(name, route)
      return route
    },
    kill: () => inTurn(() => primary.kill()),
    start: (from) =>
      inTurn(() => {
        if (from === 'snapshot' && !hasSnapshot) throw new Error('no snapshot was saved')
        return primary.start(from === 'snapshot' ? snapshotFile : undefined)
      }),
    pause: async () => primary.pause(),
    resume: async () => nodes.forEach((node) => node.resume()),
    flush: async () => {
      await ask(primary.port, (redis) => redis.flushall())
    },
    saveSnapshot: async () => {
      await ask(primary.port, (redis) =>
        // Refused while a child still writes the data for the replica.
        waitUntil('the data are saved', () =>
          redis.save().then(
            () => true,
            (error: Error) => {
              if (/already in progress/i.test(error.message)) return false
              throw error
            },
          ),
        ),
      )
      await copyFile(join(primary.dataDir, 'dump.rdb'), snapshotFile)
      hasSnapshot = true
    },
    caughtUp,
    lagReplica: () => toPrimary.hang(),
    failover: (which) =>
      inTurn(async () => {
        if (role !== 'replica') throw new Error('there is no replica to promote: heal first')
        const moving = await Promise.all(which === 'all' ? routes.values() : which.map(known))
        // Killed before the promotion: a write that it still took would be lost though nobody asked for a lag.
        if (which === 'all') await primary.kill()
        await promote()
        role = which === 'all' ? 'killed' : 'former primary'
        moving.forEach(move)
      }),
    heal: () =>
      inTurn(async () => {
        nodes.forEach((node) => node.resume())
        if (role === 'former primary') await other.kill()
        if (!primary.isRunning()) await primary.start()
        if (!other.isRunning()) await other.start()
        await attach()
        for (const route of await Promise.all(routes.values())) {
          move(route)
          await route.proxy.resume()
        }
      }),
    primaryUrl: () => urlOf(primary.port),
    close: () => (closing ??= last.then(end)),
  }
  await attach().catch(failed)
  return world
}
