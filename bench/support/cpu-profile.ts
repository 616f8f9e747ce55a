import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const profileSchema = z.object({
  nodes: z.array(z.object({ id: z.int(), callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }) })),
  startTime: z.number(),
  samples: z.array(z.int()),
  timeDeltas: z.array(z.number()),
})

export type SelfTime = { what: string; share: number }

/**
 * Which functions the time was spent in, most first, as shares of the time in which anything was done. `from` and `until` are
 * microseconds of the system's monotonic clock, which V8 stamps samples with. Functions that Node has in C++ keep their names.
 */
export function selfTimes(profile: unknown, from: number, until: number, root: string): SelfTime[] {
  const { nodes, startTime, samples, timeDeltas } = profileSchema.parse(profile)
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame, root)]))
  const spent = new Map<string, number>()
  let at = startTime
  let busy = 0
  for (const [i, node] of samples.entries()) {
    const delta = timeDeltas[i] ?? 0
    at += delta
    const name = names.get(node) ?? ''
    if (at < from || at > until || name === '(idle)') continue
    busy += delta
    spent.set(name, (spent.get(name) ?? 0) + delta)
  }
  if (busy === 0) throw new Error('the profile has nothing of that time')
  return [...spent].map(([what, time]) => ({ what, share: time / busy })).sort((a, b) => b.share - a.share)
}

function nameOf({ functionName, url, lineNumber }: { functionName: string; url: string; lineNumber: number }, root: string): string {
  if (functionName.startsWith('(') || url === '') return functionName
  const place = url.startsWith('file:') ? relative(root, fileURLToPath(url)).replace(/^(\.\.\/)*.*node_modules\//, '').replace(/^.*\bsource\/src\//, 'src/') : url
  return `${functionName === '' ? 'anonymous' : functionName} (${place}:${lineNumber + 1})`
}
