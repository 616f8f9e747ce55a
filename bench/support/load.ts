import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { findOnPath } from '../../src/embedded/find-on-path.ts'
import { cpuSeconds } from './cpu.ts'
import type { Workload } from './workload.ts'

/** `perSecond`: answers. Milliseconds; `cpuUs`: processor time of the server for each. */
export type Measured = { perSecond: number; p50: number; p99: number; cpuUs: number; bytesEach: number }

const LONGEST_S = 16
const run = promisify(execFile)
const resultSchema = z.object({ requests: z.int(), us: z.number(), bytes: z.number(), errors: z.int(), p50: z.number(), p99: z.number() })
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const [wrk] = await findOnPath('wrk')

export const loadGenerator = wrk === undefined ? 'autocannon (no wrk on the PATH; it costs more than some servers here, so fast ones look slower)' : 'wrk'

/** As many requests as so many connections can send one after the other. Throws where anything but a 200 came. */
export async function load(server: { url: string; pid: number }, workload: Workload, connections: number, seconds: number): Promise<Measured> {
  const files = [workload.requestsFile, workload.orderFile, String(Math.floor(Math.random() * workload.orderLength))]
  const [command, args]: [string, string[]] =
    wrk === undefined
      ? [process.execPath, [here('../contestants/support/autocannon-load.ts'), `${server.url}/graphql`, String(connections), String(seconds), ...files]]
      : [wrk, ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', here('wrk.lua'), server.url, '--', ...files]]
  const before = await cpuSeconds(server.pid)
  const { stdout } = await run(command, args)
  const cpu = (await cpuSeconds(server.pid)) - before
  const { requests, us, bytes, errors, p50, p99 } = resultSchema.parse(JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? 'null'))
  // On a busy machine not one large answer may come in a second.
  if (errors === 0 && requests === 0 && seconds < LONGEST_S) return load(server, workload, connections, seconds * 4)
  if (errors > 0 || requests === 0) throw new Error(`${workload.name}: ${errors} of ${requests} requests failed`)
  return { perSecond: requests / (us / 1e6), p50: p50 / 1_000, p99: p99 / 1_000, cpuUs: (cpu * 1e6) / requests, bytesEach: bytes / requests }
}
