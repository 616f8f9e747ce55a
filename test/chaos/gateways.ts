import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Computed, Trouble } from './history.ts'

/** A gateway in a process of its own, under a name; started again, it is another process under the same name. */
export type Gateway = {
  readonly name: string
  /** `<name>#<how often it was started>`: what a client must stay with to be promised that it never goes back. */
  readonly process: string
  /** Undefined while it is not up. */
  readonly url: string | undefined
  start(): Promise<void>
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>
}

const START_MS = 90_000

/** `folder` holds the source to run. `onComputed` hears of each computation that a log line tells of, `onTrouble` of Redis. */
export function createGateway({ name, folder, env, onComputed, onTrouble, onCrash }: {
  name: string
  folder: string
  env: Record<string, string>
  onComputed: (computed: Computed) => void
  /** It is told when a trouble begins, and `end` is set when that is over. */
  onTrouble: (trouble: Trouble) => void
  /** It ended though nobody ended it. */
  onCrash: (process: string, lastWords: string) => void
}): Gateway {
  let child: ChildProcess | undefined
  let url: string | undefined
  let starts = 0

  // However the run ends, not even a gateway that a fault was just starting outlives it.
  process.on('exit', () => child?.kill('SIGKILL'))

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    url = undefined
    const ending = child
    child = undefined
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const gone = new Promise((resolve) => ending.once('close', resolve))
    ending.kill(signal)
    await gone
  }

  const start = (): Promise<void> => {
    starts++
    const instance = `${name}#${starts}`
    const started = spawn(process.execPath, ['src/main.ts'], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ...env, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    let errors = ''
    let circuit: Trouble | undefined
    const followCircuit = (line: string, open: Trouble | undefined): Trouble | undefined => {
      const isClosed = line.includes('"state":"CLOSED"')
      if (open !== undefined && isClosed) open.end = Date.now()
      if (open !== undefined || isClosed) return isClosed ? undefined : open
      const begun = { start: Date.now(), end: Infinity }
      onTrouble(begun)
      return begun
    }
    started.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)))
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${instance} did not start: ${errors}`)), START_MS)
      started.once('close', (code) => {
        clearTimeout(timer)
        if (circuit !== undefined) circuit.end = Date.now()
        if (child === started && url !== undefined) {
          url = undefined
          onCrash(instance, errors)
        }
        reject(new Error(`${instance} ended with ${code}: ${errors}`))
      })
      createInterface({ input: started.stdout }).on('line', (line) => {
        const found = /^GraphiQL\s+(\S+)\/graphql$/.exec(line)?.[1]
        if (found !== undefined && child === started) {
          url = found
          clearTimeout(timer)
          resolve()
        }
        if (line.includes('"msg":"computed"')) onComputed(toComputed(instance, line))
        else if (line.includes('"msg":"redis circuit"')) circuit = followCircuit(line, circuit)
        else if (line.includes('"DeadlineError"')) onTrouble({ start: Date.now(), end: Date.now() })
      })
    })
  }

  return {
    name,
    get process() {
      return `${name}#${starts}`
    },
    get url() {
      return url
    },
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

function toComputed(instance: string, line: string): Computed {
  const { petId, version, epoch, conditionsHash, outcome, time } = JSON.parse(line)
  return { process: instance, key: `pet ${petId}, version ${version}, epoch ${epoch}, conditions '${conditionsHash}'`, outcome, at: Date.parse(time) }
}
