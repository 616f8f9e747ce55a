import { setTimeout as delay } from 'node:timers/promises'
import { findFreePort } from './ports.ts'
import { spawnServer, type ServerCommand, type ServerProcess } from './server-process.ts'

const POLL_MS = 20
const PROBE_DEADLINE_MS = 2_000
const PORT_ATTEMPTS = 5

/** What is logged about the servers; pino's loggers are of this shape. */
export type EmbeddedLogger = { warn(fields: object, message: string): void }

export class ServerStartError extends Error {
  readonly portTaken: boolean
  constructor(name: string, reason: string, log: string) {
    super(`${name} ${reason}. The last lines of its log:\n${log || '(nothing)'}`)
    this.name = 'ServerStartError'
    this.portTaken = /address already in use/i.test(log)
  }
}

/** Polls until the server answers. Stops it and throws, with the end of its log, when it does not in time. */
const waitUntilReady = async (name: string, server: ServerProcess, probe: () => Promise<boolean>, withinMs: number): Promise<void> => {
  const end = performance.now() + withinMs
  while (performance.now() < end) {
    if (server.hasExited()) throw new ServerStartError(name, 'ended while starting', await server.lastLogLines())
    if (await Promise.race([probe().catch(() => false), delay(PROBE_DEADLINE_MS, false, { ref: false })])) return
    await delay(POLL_MS)
  }
  await server.stop()
  throw new ServerStartError(name, `was not ready within ${withinMs} ms`, await server.lastLogLines())
}

export type PortStart = {
  /** A port that must be used; without one, ephemeral ones are tried until one was not lost in a race. */
  port: number | undefined
  name: string
  command(port: number): ServerCommand | Promise<ServerCommand>
  probe(port: number): Promise<boolean>
  readyWithinMs: number
  logger: EmbeddedLogger | undefined
}

export const startOnFreePort = async (start: PortStart): Promise<{ port: number; server: ServerProcess }> => {
  const { name, port: fixed, command, probe, readyWithinMs, logger } = start
  for (let attempt = 1; ; attempt++) {
    const port = fixed ?? (await findFreePort())
    const server = await spawnServer(await command(port))
    try {
      await waitUntilReady(name, server, () => probe(port), readyWithinMs)
    } catch (error) {
      const again = error instanceof ServerStartError && error.portTaken && fixed === undefined
      if (again && attempt < PORT_ATTEMPTS) continue
      throw error
    }
    void server.ended.then(({ wanted, code, signal }) => {
      if (!wanted) logger?.warn({ server: name, pid: server.pid, code, signal }, `${name} ended by itself`)
    })
    return { port, server }
  }
}
