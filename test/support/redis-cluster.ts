import { join } from 'node:path'
import { ServerStartError } from '../../src/embedded/server-start.ts'
import { findFreePort } from '../../src/embedded/ports.ts'
import { allSettled, ask, fieldsOf, LOOPBACK, newFolder, removeFolder, startRedisNode, type RedisNode } from './redis-node.ts'
import { waitUntil } from './wait-until.ts'

export type ClusterNode = {
  readonly port: number
  readonly pid: number
  readonly isMasterAtStart: boolean
  /** SIGKILL. About two seconds later a replica takes over, where the majority of the masters runs. */
  kill(): Promise<void>
  /** Starts the killed one again: it still knows the cluster and joins as a replica of whoever took over, but is empty. */
  start(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
}

export type TestCluster = {
  /** The masters first, then the first replica of each, in the masters' order, then the second ones. */
  nodes: readonly ClusterNode[]
  /** Of every node, running or not. */
  urls: readonly string[]
  /**
   * Resolves when all nodes that run (not killed, not paused) agree on who serves which slots, all slots are served by
   * nodes that run, and the replicas among them are synchronised.
   */
  waitUntilOk(): Promise<void>
  /** A planned failover (CLUSTER FAILOVER): a replica of this master takes over without losing a write. Resolves when all agree. */
  failover(master: ClusterNode): Promise<ClusterNode>
  /** An empty master without slots joins. Resolves when all agree. */
  addMaster(): Promise<ClusterNode>
  /** As a resharding does it, with the keys. Resolves when all agree. */
  moveSlot(slot: number, from: ClusterNode, to: ClusterNode): Promise<void>
  close(): Promise<void>
}

const SLOTS = 16_384
const PORT_ATTEMPTS = 5
const JOIN_WITHIN_MS = 30_000

/** The bus port is given: by default it is the port plus 10000, more than there are above an ephemeral one. */
const settingsFor = (busPort: number): readonly string[] => [
  'cluster-enabled yes',
  `cluster-port ${busPort}`,
  'cluster-node-timeout 1000',
  'cluster-replica-validity-factor 0',
  'repl-diskless-sync no', // see redis-world.ts
  'hz 100',
]

type Node = ClusterNode & { readonly server: RedisNode; readonly busPort: number }

/** One line of CLUSTER NODES: `id ip:port@bus flags master ping pong epoch link slots...` */
type Seen = { id: string; port: number; flags: readonly string[]; master: string; slots: string }

const seenBy = async (port: number): Promise<readonly Seen[]> => {
  const text = await ask(port, (redis) => redis.cluster('NODES'))
  return String(text).trim().split('\n').map((line) => {
    const [id = '', address = '', flags = '', master = '', , , , , ...slots] = line.split(' ')
    return { id, port: Number(/:(\d+)@/.exec(address)?.[1]), flags: flags.split(','), master, slots: slots.join(' ') }
  })
}

const startNode = async (folder: string, isMasterAtStart: boolean): Promise<Node> => {
  for (let attempt = 1; ; attempt++) {
    const busPort = await findFreePort()
    try {
      const server = await startRedisNode(folder, settingsFor(busPort))
      return {
        server,
        busPort,
        isMasterAtStart,
        port: server.port,
        get pid() {
          return server.pid
        },
        kill: server.kill,
        start: () => server.start(),
        pause: async () => server.pause(),
        resume: async () => server.resume(),
      }
    } catch (error) {
      if (!(error instanceof ServerStartError && error.portTaken) || attempt === PORT_ATTEMPTS) throw error
    }
  }
}

const roleOf = ({ flags }: Seen): string => (flags.includes('slave') ? 'replica' : 'master')

/** Makes one cluster of nodes that know nothing of each other yet. */
const unite = async (nodes: readonly Node[], masters: readonly Node[]): Promise<void> => {
  await Promise.all(
    nodes.map((node, i) =>
      ask(node.port, async (redis) => {
        await redis.cluster('SET-CONFIG-EPOCH', i + 1)
        if (i < masters.length) {
          const firstOf = (n: number): number => Math.floor((n * SLOTS) / masters.length)
          await redis.cluster('ADDSLOTSRANGE', firstOf(i), firstOf(i + 1) - 1)
        }
        // Everybody meets everybody: to hear of each other from others takes them longer.
        for (const other of nodes.slice(i + 1)) await redis.cluster('MEET', LOOPBACK, other.port, other.busPort)
      }),
    ),
  )
  const ids = await Promise.all(masters.map((master) => ask(master.port, (redis) => redis.cluster('MYID'))))
  await Promise.all(
    nodes.slice(masters.length).map(async (replica, i) => {
      const id = ids[i % masters.length] ?? ''
      const knowsMaster = async () => (await seenBy(replica.port)).some((seen) => seen.id === id && seen.slots !== '')
      await waitUntil('the replica knows its master', knowsMaster, { withinMs: JOIN_WITHIN_MS })
      await ask(replica.port, (redis) => redis.cluster('REPLICATE', id))
    }),
  )
}

/** What a node that runs says of all that run and of all that serve slots; undefined while it sees something amiss. */
const viewOf = async (node: Node, running: ReadonlySet<number>): Promise<string | undefined> => {
  const [seen, cluster, replication] = await Promise.all([
    seenBy(node.port),
    ask(node.port, async (redis) => fieldsOf(await redis.cluster('INFO'))),
    ask(node.port, async (redis) => fieldsOf(await redis.info('replication'))),
  ])
  const present = seen.filter(({ port }) => running.has(port))
  const amiss =
    cluster.get('cluster_state') !== 'ok' ||
    replication.get('master_link_status') === 'down' ||
    present.length < running.size ||
    present.some(({ flags }) => flags.some((flag) => flag.startsWith('fail') || flag === 'handshake')) ||
    seen.some(({ port, slots }) => slots !== '' && !running.has(port))
  if (amiss) return undefined
  return present
    .map((one) => [one.id, roleOf(one), roleOf(one) === 'replica' ? one.master : one.slots].join(' '))
    .sort()
    .join('\n')
}

/** Real Redis servers in cluster mode, all slots spread over the masters. Resolves when it is ok; close it in afterAll. */
export async function startTestCluster(options: { folder: string; masters?: number; replicasPerMaster?: number }): Promise<TestCluster> {
  const { masters: masterCount = 3, replicasPerMaster = 1 } = options
  const root = await newFolder(options.folder, 'redis-cluster')
  const nodes: Node[] = []
  const close = async (): Promise<void> => {
    await allSettled(nodes.map((node) => node.kill()))
    await removeFolder(root)
  }
  const up = (): Node[] => nodes.filter(({ server }) => server.isRunning() && !server.isPaused())

  const waitUntilOk = () =>
    waitUntil(
      'the cluster is ok',
      async () => {
        const running = new Set(up().map(({ port }) => port))
        const views = await Promise.all(up().map((node) => viewOf(node, running).catch(() => undefined)))
        return views.length > 0 && !views.includes(undefined) && new Set(views).size === 1
      },
      { withinMs: JOIN_WITHIN_MS },
    )
  const failover = async (master: ClusterNode): Promise<ClusterNode> => {
    const seen = await seenBy(master.port)
    const id = seen.find(({ flags }) => flags.includes('myself'))?.id
    const replica = up().find(({ port }) => seen.some((one) => one.port === port && one.master === id))
    if (replica === undefined) throw new Error(`no running node is a replica of the one on port ${master.port}`)
    await ask(replica.port, (redis) => redis.cluster('FAILOVER'))
    const isMaster = async () => (await seenBy(replica.port)).some((one) => one.port === replica.port && roleOf(one) === 'master')
    await waitUntil('the replica has taken over', isMaster)
    await waitUntilOk()
    return replica
  }

  const addMaster: TestCluster['addMaster'] = async () => {
    const node = await startNode(await newFolder(root, 'joined'), true)
    const others = up()
    nodes.push(node)
    await Promise.all(others.map((other) => ask(node.port, (redis) => redis.cluster('MEET', LOOPBACK, other.port, other.busPort))))
    await waitUntilOk()
    return node
  }
  const moveSlot: TestCluster['moveSlot'] = async (slot, from, to) => {
    const [fromId, toId] = await Promise.all([from, to].map(({ port }) => ask(port, (redis) => redis.cluster('MYID'))))
    await ask(to.port, (redis) => redis.cluster('SETSLOT', slot, 'IMPORTING', fromId ?? ''))
    await ask(from.port, async (redis) => {
      await redis.cluster('SETSLOT', slot, 'MIGRATING', toId ?? '')
      for (;;) {
        const found = await redis.call('CLUSTER', 'GETKEYSINSLOT', slot, 100)
        if (!Array.isArray(found) || found.length === 0) return
        await redis.call('MIGRATE', LOOPBACK, to.port, '', 0, 5_000, 'KEYS', ...found.map(String))
      }
    })
    const masters = up().filter(({ isMasterAtStart }) => isMasterAtStart)
    for (const node of [to, from, ...masters]) await ask(node.port, (redis) => redis.cluster('SETSLOT', slot, 'NODE', toId ?? ''))
    await waitUntilOk()
  }

  try {
    const starts = Array.from({ length: masterCount * (1 + replicasPerMaster) }, async (_, i) => {
      const node = await startNode(join(root, String(i)), i < masterCount)
      nodes.push(node)
      return node
    })
    const inOrder = await allSettled(starts)
    await unite(inOrder, inOrder.slice(0, masterCount))
    await waitUntilOk()
    return { nodes: inOrder, urls: inOrder.map(({ port }) => `redis://${LOOPBACK}:${port}`), waitUntilOk, failover, addMaster, moveSlot, close }
  } catch (error) {
    await close()
    throw error
  }
}
