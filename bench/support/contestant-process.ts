import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onServerCore } from './cores.ts'
import { python } from './python.ts'

export type ContestantProcess = {
  url: string
  pid: number
  /** How often it went past its own cache so far. */
  loads(): Promise<number>
  stop(): Promise<void>
}

const START_MS = 30_000
const ANSWER_MS = 5_000

/** A file of bench/contestants in a process of its own, on the server's core. */
export async function startContestant(file: string, env: Readonly<Record<string, string>>): Promise<ContestantProcess> {
  const path = fileURLToPath(new URL(`../contestants/${file}`, import.meta.url))
  const [command, args] = onServerCore([path], file.endsWith('.py') ? python?.command : undefined)
  const child = spawn(command, args, { env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)))
  const lines = createInterface({ input: child.stdout })
  const told = (pattern: RegExp, withinMs: number) =>
    new Promise<number>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer)
        lines.off('line', look)
        child.off('close', fail)
      }
      const fail = () => {
        end()
        reject(new Error(`${file} did not say ${pattern.source}: ${errors}`))
      }
      const look = (line: string) => {
        const found = pattern.exec(line)?.[1]
        if (found === undefined) return
        end()
        resolve(Number(found))
      }
      const timer = setTimeout(fail, withinMs)
      lines.on('line', look)
      child.once('close', fail)
    })
  const stop = async () => {
    child.kill('SIGTERM')
    await gone
  }
  try {
    const port = await told(/^LISTENING (\d+)$/, START_MS)
    const loads = () => {
      const answer = told(/^LOADS (\d+)$/, ANSWER_MS)
      child.kill('SIGUSR2')
      return answer
    }
    return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? NaN, loads, stop }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}
