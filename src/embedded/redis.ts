import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { findOnPath } from './find-on-path.ts'
import { stopOrphan } from './orphan.ts'
import { giveTo, ownerOf, placeFor } from './run-as.ts'
import { startOnFreePort, type EmbeddedLogger } from './server-start.ts'

export type RedisOptions = {
  /** The servers' common folder; Redis uses `redis` in it. */
  dataDir: string
  /** Whether what is cached survives a restart. */
  persistent: boolean
  /** False only in tests: without a password every user of the machine can connect. */
  password?: boolean
  port?: number
  /** Lines of redis.conf, after ours: a list, since a directive may come more than once. */
  settings?: readonly string[]
  /** Variables for the server. */
  env?: Readonly<Record<string, string>>
  readyWithinMs?: number
  logger?: EmbeddedLogger
}

export type EmbeddedRedis = {
  kind: 'started'
  url: string
  port: number
  pid: number
  dataDir: string
  /** Ends it; a persistent one writes its data first. */
  stop(): Promise<void>
}

const PROGRAMS = ['valkey-server', 'redis-server']
const READY_WITHIN_MS = 30_000

/** Without a password where it is empty. */
export const redisUrl = (password: string, port: number): string =>
  `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}`

/** The server to use, or undefined where neither is on the PATH. */
export const findRedis = async (path?: string): Promise<string | undefined> => {
  for (const program of PROGRAMS) {
    const [first] = await findOnPath(program, path)
    if (first !== undefined) return first
  }
  return undefined
}

/** Sends inline commands and tells whether the last one is answered by PONG. */
const answersPing = (port: number, password: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    let answer = ''
    socket.setTimeout(1_000, () => socket.destroy())
    socket.on('connect', () => socket.write(`${password === '' ? '' : `AUTH ${password}\r\n`}PING\r\n`))
    socket.on('data', (bytes) => {
      answer += bytes.toString()
      if (answer.split('\r\n').length > (password === '' ? 1 : 2)) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer.endsWith('+PONG\r\n')))
  })

const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/**
 * Starts Redis (or Valkey) on 127.0.0.1. The password is made anew at each start and stands in a file that only the
 * server's user can read: a command line can be read by everybody.
 */
export const startRedis = async (options: RedisOptions): Promise<EmbeddedRedis | { kind: 'not-found' }> => {
  const { dataDir, persistent, logger, readyWithinMs = READY_WITHIN_MS } = options
  const program = await findRedis()
  if (program === undefined) return { kind: 'not-found' }

  const place = await placeFor(dataDir)
  const home = join(place.folder, 'redis')
  if ((await mkdir(home, { recursive: true, mode: 0o700 })) !== undefined) await giveTo(home, place.runAs)
  const runAs = await ownerOf(home, place.runAs)
  const pidFile = join(home, 'redis.pid')
  await stopOrphan(pidFile, home, 'SIGTERM')

  const password = options.password === false ? '' : randomBytes(24).toString('base64url')
  const writeConfig = async (port: number): Promise<string> => {
    const file = join(home, 'redis.conf')
    const lines = [
      'bind 127.0.0.1',
      `port ${port}`,
      `dir ${quote(home)}`,
      `pidfile ${quote(pidFile)}`,
      'daemonize no',
      'appendonly no',
      persistent ? 'save 60 1' : 'save ""',
      'stop-writes-on-bgsave-error no', // a full disk must not make a cache read-only
      ...(password === '' ? [] : [`requirepass ${password}`]),
      ...(options.settings ?? []),
    ]
    await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 })
    if (runAs !== undefined) await giveTo(file, runAs)
    return file
  }
  const { port, server } = await startOnFreePort({
    name: 'Redis',
    port: options.port,
    readyWithinMs,
    logger,
    command: async (port) => ({
      command: program,
      args: [await writeConfig(port)],
      env: options.env,
      runAs,
      logFile: join(home, 'server.log'),
      stopSignal: 'TERM',
    }),
    probe: (port) => answersPing(port, password),
  })
  return { kind: 'started', url: redisUrl(password, port), port, pid: server.pid, dataDir: home, stop: server.stop }
}
