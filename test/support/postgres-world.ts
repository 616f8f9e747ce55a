import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { placeFor } from '../../src/embedded/run-as.ts'
import { migrate as migrateAsIs } from '../../src/db/migrate.ts'
import { askPostgres, putData, startPostgresNode, type PostgresNode, type Signal } from './postgres-node.ts'
import { allSettled, newFolder, removeFolder } from './redis-node.ts'
import { createTcpProxy, type TcpProxy } from './tcp-proxy.ts'
import { waitUntil } from './wait-until.ts'

/*
  A primary with a streaming standby, and everything between them and their clients, to lose commits in all the ways
  Postgres can.

    client a ── route a ──┐
    client b ── route b ──┴─> primary ── link ──> standby

  Routes and link are TCP proxies. Which server is the primary changes with a failover; heal() makes a new standby of it
  from a copy of its data. All of them have the same user, password and database.

    failover that loses commits   caughtUp(), lagStandby(), write, failover('all')
    split brain                   failover(['a']), or failover([]) and point()
    snapshot put back             saveData(), write, restoreData('same timeline')
    point-in-time restore         saveData(), write, restoreData('new timeline')
    reader endpoint, stale DNS    point('a', 'standby')
*/

export type PostgresWorld = {
  /** A way of a client's own to the primary: a proxy. The same name gives the same route. */
  route(name: string): Promise<{ url: string; proxy: TcpProxy }>
  /**
   * Cuts the route's connections and leads new ones there. It stays with that server, whatever becomes of it, until it
   * is moved.
   */
  point(name: string, to: 'primary' | 'standby'): Promise<void>
  /** SIGKILL of the primary. */
  kill(): Promise<void>
  /** Starts the killed primary again with its data: crash recovery, nothing that it acknowledged is lost. */
  start(): Promise<void>
  /** SIGSTOP of the primary with all its processes. */
  pause(): Promise<void>
  /** Of all that are paused. */
  resume(): void
  /** Resolves when the standby shows all that the primary had written at the call; replication is asynchronous. */
  caughtUp(): Promise<void>
  /**
   * Hangs the link between primary and standby: the standby falls behind from now on. Commits of a moment ago may be
   * lost to it too: wait for `caughtUp` first where that matters.
   */
  lagStandby(): void
  /** Ends a hang of the link. */
  resumeLink(): Promise<void>
  /**
   * pg_promote(): the standby becomes the primary, on a new timeline. The former one goes on where no route leads any
   * more.
   */
  promote(): Promise<void>
  /**
   * Promotes the standby as it is. 'all': the former primary is killed before, and every route goes to the new one. A
   * list of route names: only those move and the former primary goes on serving the others (split brain). Another one
   * needs a `heal` first.
   */
  failover(routes: 'all' | readonly string[]): Promise<void>
  /** Keeps a copy of the primary's data as of now, as a storage snapshot does. */
  saveData(): Promise<void>
  /**
   * Kills the primary and starts it on the same port with the data that `saveData` kept: its clients reconnect to the
   * past. 'same timeline' as a snapshot is put back, 'new timeline' as a point-in-time restore ends. The system
   * identifier stays the same in both. The standby is ahead of it then, and follows again only after a `heal`.
   */
  restoreData(how: 'same timeline' | 'new timeline'): Promise<void>
  /**
   * Back to one running primary, a standby that has all of it, and every route forwarding to the primary. What was
   * promoted stays primary.
   */
  heal(): Promise<void>
  /** Of the current ones, past all routes. Ask the standby's only where there is one. */
  primaryUrl(): string
  standbyUrl(): string
  close(): Promise<void>
}

type Route = { url: string; proxy: TcpProxy; to: PostgresNode }

/** Above what any test writes: a standby that lags finds everything it has missed. */
const SETTINGS = { wal_keep_size: '1GB', wal_retrieve_retry_interval: '100ms' }

const urlBehind = (proxy: TcpProxy, node: PostgresNode): string => {
  const url = new URL(node.url)
  url.port = String(proxy.port)
  return url.href
}

/** Starts both servers and resolves when the standby streams. `settings` are of both; the database is migrated. */
export async function createPostgresWorld(options: {
  folder: string
  settings?: Readonly<Record<string, string>>
  /** That of a copy with patches. */
  migrate?: typeof migrateAsIs
}): Promise<PostgresWorld> {
  const { migrate = migrateAsIs } = options
  const root = await newFolder(options.folder, 'postgres-world')
  const savedData = join(root, 'saved')
  const nodes = new Set<PostgresNode>()
  const routes = new Map<string, Promise<Route>>()
  const homes = new Map<PostgresNode, string>()
  let link: TcpProxy | undefined
  let hasSaved = false
  let standbys = 0

  const end = async (): Promise<void> => {
    await allSettled([
      ...[...nodes].map((node) => node.kill()),
      ...[...routes.values()].map(async (route) => (await route).proxy.close()),
      link?.close() ?? Promise.resolve(),
    ])
    await Promise.all([...homes.values()].map((home) => rm(home, { recursive: true, force: true })))
    await removeFolder(root)
  }
  const failed = async (error: unknown): Promise<never> => {
    await end()
    throw error
  }

  const homeIn = async (folder: string): Promise<string> => join((await placeFor(folder)).folder, 'postgres')
  const startNode = async (name: string, settings: Readonly<Record<string, string>>): Promise<PostgresNode> => {
    const folder = join(root, name)
    const node = await startPostgresNode({ folder, settings: { ...SETTINGS, ...settings, ...options.settings } })
    nodes.add(node)
    homes.set(node, await homeIn(folder))
    return node
  }
  const create = async () => {
    // A server without a recovery to make looks at none of these.
    const primary = await startNode('one', { restore_command: 'false' })
    await migrate(primary.url)
    return { primary, toPrimary: await createTcpProxy(primary.port) }
  }
  const made = await create().catch(failed)
  const { toPrimary } = made
  link = toPrimary

  // What the server that is not the primary is to it: its standby, what was primary before, or nothing (it was killed,
  // or is too old).
  let { primary } = made
  let other: PostgresNode | undefined
  let role: 'standby' | 'former primary' | 'none' = 'none'

  // One after the other: a test that fails may close the world while a server of it is starting.
  let last: Promise<unknown> = Promise.resolve()
  let closing: Promise<void> | undefined
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    if (closing !== undefined) return Promise.reject(new Error('this world is closed'))
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }

  const discard = async (node: PostgresNode): Promise<void> => {
    await node.kill()
    nodes.delete(node)
    await rm(homes.get(node) ?? join(root, 'none'), { recursive: true, force: true })
    homes.delete(node)
  }
  const copied = async (node: PostgresNode, to: string): Promise<void> => {
    await rm(to, { recursive: true, force: true })
    await node.copyData(to)
  }
  const makeStandby = async (): Promise<void> => {
    toPrimary.retarget(primary.port)
    await toPrimary.resume()
    const name = `standby-${++standbys}`
    const copy = join(root, 'copy')
    await copied(primary, copy)
    await putData(copy, await homeIn(join(root, name)), 'standby.signal')
    const { username, password } = new URL(primary.url)
    const conninfo = `host=127.0.0.1 port=${toPrimary.port} user=${username} password=${password}`
    // It keeps them when it is promoted, and looks at none of them then.
    other = await startNode(name, { primary_conninfo: conninfo, restore_command: 'false' })
    role = 'standby'
    await caughtUp()
  }
  const standby = (): PostgresNode => {
    if (other === undefined || role !== 'standby') throw new Error('there is no standby: heal first')
    return other
  }
  const caughtUp = async (): Promise<void> => {
    const [now] = await askPostgres(primary.url, (sql) => sql<{ lsn: string }[]>`
      select pg_current_wal_lsn()::text as lsn`)
    if (now === undefined) throw new Error('the primary said nothing')
    await askPostgres(standby().url, (sql) =>
      waitUntil('the standby has caught up', async () => {
        const [row] = await sql<{ has: boolean }[]>`
          select pg_last_wal_replay_lsn() >= ${now.lsn}::pg_lsn and exists(select from pg_stat_wal_receiver) as has`
        return row?.has === true
      }),
    )
  }
  const promoteTo = async (node: PostgresNode): Promise<void> => {
    // Nothing that the link has held back may arrive meanwhile.
    await toPrimary.cut()
    await askPostgres(node.url, (sql) => sql`select pg_promote()`)
    ;[primary, other] = [node, primary]
  }
  const move = (route: Route, to: PostgresNode): void => {
    if (route.to === to) return
    route.proxy.retarget(to.port)
    route.to = to
  }
  const known = async (name: string): Promise<Route> => {
    const route = await routes.get(name)
    if (route === undefined) throw new Error(`there is no route ${name}`)
    return route
  }
  const failover = (which: 'all' | readonly string[]): Promise<void> =>
    inTurn(async () => {
      const next = standby()
      const moving = await Promise.all(which === 'all' ? routes.values() : which.map(known))
      // Killed before the promotion: a commit that it still took would be lost though nobody asked for a lag.
      if (which === 'all') await primary.kill()
      await promoteTo(next)
      role = which === 'all' ? 'none' : 'former primary'
      moving.forEach((route) => move(route, primary))
    })

  const world: PostgresWorld = {
    route: (name) => {
      const make = async (): Promise<Route> => {
        const to = primary
        const proxy = await createTcpProxy(to.port)
        return { url: urlBehind(proxy, to), proxy, to }
      }
      const route = routes.get(name) ?? make()
      routes.set(name, route)
      return route
    },
    point: async (name, to) => move(await known(name), to === 'primary' ? primary : standby()),
    kill: () => inTurn(() => primary.kill()),
    start: () => inTurn(() => primary.start()),
    pause: () => primary.pause(),
    resume: () => nodes.forEach((node) => node.resume()),
    caughtUp,
    lagStandby: () => toPrimary.hang(),
    resumeLink: () => toPrimary.resume(),
    promote: () => failover([]),
    failover,
    saveData: () =>
      inTurn(async () => {
        await copied(primary, savedData)
        hasSaved = true
      }),
    restoreData: (how) =>
      inTurn(async () => {
        if (!hasSaved) throw new Error('no data were saved')
        const signal: Signal | undefined = how === 'new timeline' ? 'recovery.signal' : undefined
        await primary.kill()
        await putData(savedData, homes.get(primary) ?? '', signal)
        await primary.start()
        await waitUntil('the restored Postgres can be written to', () =>
          askPostgres(primary.url, async (sql) => {
            const [row] = await sql<{ recovers: boolean }[]>`select pg_is_in_recovery() as recovers`
            return row?.recovers === false
          }),
        )
        if (role === 'standby') role = 'none'
      }),
    heal: () =>
      inTurn(async () => {
        nodes.forEach((node) => node.resume())
        const former = other
        other = undefined
        if (former !== undefined) await discard(former)
        if (!primary.isRunning()) await primary.start()
        await makeStandby()
        for (const route of await Promise.all(routes.values())) {
          move(route, primary)
          await route.proxy.resume()
        }
      }),
    primaryUrl: () => primary.url,
    standbyUrl: () => standby().url,
    close: () => (closing ??= last.then(end)),
  }
  await makeStandby().catch(failed)
  return world
}
