import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findRedis } from '../../src/embedded/redis.ts'
import { giveTo, placeFor } from '../../src/embedded/run-as.ts'
import { startOnFreePort } from '../../src/embedded/server-start.ts'
import type { ServerProcess } from '../../src/embedded/server-process.ts'
import { allSettled, ask, fieldsOf, LOOPBACK, newFolder, removeFolder } from './redis-node.ts'
import { waitUntil } from './wait-until.ts'

export type TestSentinels = {
  ports: readonly number[]
  pids: readonly number[]
  /** Resolves when every sentinel says that the primary is on this port. */
  waitUntilPrimaryIs(port: number): Promise<void>
  close(): Promise<void>
}

export type SentinelOptions = {
  folder: string
  masterName: string
  primaryPort: number
  count?: number
  /** How long the primary must be silent to be taken for dead; at least 500. The failover itself takes about a second more. */
  downAfterMs?: number
}

const QUORUM = 2
const READY_WITHIN_MS = 30_000

type Sentinel = { port: number; server: ServerProcess }

/** What a sentinel knows of the primary: pairs of name and value, one after the other. */
const knownOf = async (port: number, masterName: string): Promise<ReadonlyMap<string, string>> => {
  const answer = await ask(port, (redis) => redis.call('SENTINEL', 'MASTER', masterName))
  const words = Array.isArray(answer) ? answer.map(String) : []
  return new Map(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? ''] as const] : [])))
}

/**
 * Real sentinels with a quorum of 2 over a primary that already runs with its replicas. They resolve when they know each
 * other and all replicas. Not for a RedisWorld: sentinels send a replica straight to the primary, past its link.
 */
export async function startTestSentinels(options: SentinelOptions): Promise<TestSentinels> {
  const { masterName, primaryPort, count = 3, downAfterMs = 500 } = options
  const program = await findRedis()
  if (program === undefined) throw new Error('There is no redis-server or valkey-server on the PATH.')
  const root = await newFolder(options.folder, 'redis-sentinels')
  const sentinels: Sentinel[] = []
  const close = async (): Promise<void> => {
    await allSettled(sentinels.map(({ server }) => server.stop()))
    await removeFolder(root)
  }

  const startSentinel = async (name: string): Promise<void> => {
    const home = join(root, name)
    await mkdir(home)
    const { runAs } = await placeFor(root)
    const config = (port: number): string =>
      [
        `bind ${LOOPBACK}`,
        `port ${port}`,
        `dir "${home}"`,
        `sentinel monitor ${masterName} ${LOOPBACK} ${primaryPort} ${QUORUM}`,
        `sentinel down-after-milliseconds ${masterName} ${downAfterMs}`,
        `sentinel failover-timeout ${masterName} 3000`,
        '',
      ].join('\n')
    const { port, server } = await startOnFreePort({
      name: 'Redis Sentinel',
      port: undefined,
      readyWithinMs: READY_WITHIN_MS,
      logger: undefined,
      command: async (port) => {
        const file = join(home, 'sentinel.conf')
        await writeFile(file, config(port))
        await giveTo(home, runAs) // sentinels write into their configuration what they learn
        return { command: program, args: [file, '--sentinel'], runAs, logFile: join(home, 'server.log'), stopSignal: 'TERM' }
      },
      probe: async (port) => (await ask(port, (redis) => redis.ping())) === 'PONG',
    })
    sentinels.push({ port, server })
    // How often they greet each other (2 s by default) and ask for the replicas (10 s).
    await ask(port, (redis) => redis.call('SENTINEL', 'DEBUG', 'PUBLISH-PERIOD', 200, 'INFO-PERIOD', 500))
  }

  const replicas = async () => fieldsOf(await ask(primaryPort, (redis) => redis.info('replication'))).get('connected_slaves') ?? ''
  const knowsAll = async ({ port }: Sentinel): Promise<boolean> => {
    const known = await knownOf(port, masterName)
    if (known.get('num-other-sentinels') !== String(count - 1) || known.get('num-slaves') !== (await replicas())) return false
    return String(await ask(port, (redis) => redis.call('SENTINEL', 'CKQUORUM', masterName))).startsWith('OK')
  }
  const all = async (holds: (sentinel: Sentinel) => Promise<boolean>): Promise<boolean> =>
    (await Promise.all(sentinels.map((sentinel) => holds(sentinel).catch(() => false)))).every(Boolean)

  try {
    await allSettled(Array.from({ length: count }, (_, i) => startSentinel(String(i))))
    await waitUntil('the sentinels know each other and the replicas', () => all(knowsAll), { withinMs: READY_WITHIN_MS })
    return {
      ports: sentinels.map(({ port }) => port),
      pids: sentinels.map(({ server }) => server.pid),
      waitUntilPrimaryIs: (primary) =>
        waitUntil(
          `the sentinels say that the primary is on port ${primary}`,
          () => all(async ({ port }) => (await knownOf(port, masterName)).get('port') === String(primary)),
          { withinMs: READY_WITHIN_MS },
        ),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
