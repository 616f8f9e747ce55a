import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { onServerCore } from './cores.ts'
import { collectionOf, type Collection } from './garbage.ts'

/** `at`: milliseconds since 1970, by the gateway's clock. */
export type LogLine = { at: number; msg: string; fields: Record<string, unknown> }

export type GatewayProcess = {
  url: string
  pid: number
  /** Every line it logged so far, oldest first. */
  log: readonly LogLine[]
  /** Every garbage collection, where Node's options ask for `--trace-gc`. V8 writes many lines at once: all of them are there when it has stopped. */
  collections: readonly Collection[]
  /** When it began, in milliseconds since 1970. */
  began: number
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>
}

const START_MS = 30_000
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const lineSchema = z.looseObject({ time: z.iso.datetime(), msg: z.string() })

/** A gateway in a process of its own, on any free port; `env` is all of its environment but PATH. `pinned`: with a core to itself; `folder`: of its source; `nodeOptions`: for Node itself. */
export function startGateway(env: Record<string, string>, { pinned = false, folder = ROOT, nodeOptions = [] }: { pinned?: boolean; folder?: string; nodeOptions?: readonly string[] } = {}): Promise<GatewayProcess> {
  const program = [...nodeOptions, 'src/main.ts']
  const [command, args] = pinned ? onServerCore(program) : [process.execPath, program]
  const child = spawn(command, args, { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ...env, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] })
  const began = Date.now()
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const log: LogLine[] = []
  const collections: Collection[] = []
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)))
  const stop = async () => {
    child.kill('SIGTERM')
    await gone
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the gateway did not start: ${errors}`))
    }, START_MS)
    child.once('close', (code) => {
      clearTimeout(timer)
      reject(new Error(`the gateway ended with ${code}: ${errors}`))
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^Graph(?:i?QL)\s+(\S+)\/graphql$/.exec(line)?.[1]
      if (url !== undefined && child.pid !== undefined) {
        clearTimeout(timer)
        resolve({ url, pid: child.pid, began, log, collections, stop })
      }
      const collection = collectionOf(line)
      if (collection !== undefined) collections.push(collection)
      if (!line.startsWith('{')) return
      const { time, msg, ...fields } = lineSchema.parse(JSON.parse(line))
      log.push({ at: Date.parse(time), msg, fields })
    })
  })
}
