import { spawn, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { z } from 'zod'

const PROGRAM = fileURLToPath(new URL('stand-in.ts', import.meta.url))
const outcome = z.union([z.object({ pids: z.array(z.number()) }), z.object({ error: z.string() })])

export type StandIn = z.infer<typeof outcome> & {
  pid: number
  /** The shells that stop its servers when it dies. */
  guards(): number[]
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
}

/** A gateway's start in a process of its own; resolves with its outcome. It ends with the test at the latest. */
export const runStandIn = async (dataDir: string, what: 'lock' | 'servers'): Promise<StandIn> => {
  const child = spawn(process.execPath, [PROGRAM, dataDir, what], { stdio: ['pipe', 'pipe', 'inherit'] })
  const { pid } = child
  if (pid === undefined) throw new Error('the stand-in did not start')
  const exited = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  onTestFinished(kill)
  const lines = createInterface({ input: child.stdout })
  const [line]: unknown[] = await Promise.race([once(lines, 'line'), exited.then(() => [''])])
  return { ...outcome.parse(JSON.parse(String(line))), pid, guards: () => guardsOf(pid), kill }
}

const guardsOf = (parent: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) => (Number(match?.[2]) === parent && match?.[3]?.includes('petfood-guard') ? [Number(match[1])] : []))
