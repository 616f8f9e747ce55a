/** How many answers each tier of a gateway has given, as /metrics tells. */
export type AnswersBySource = ReadonlyMap<string, number>

export async function answersBySource(url: string): Promise<AnswersBySource> {
  const response = await fetch(`${url}/metrics`)
  const text = await response.text()
  if (!text.includes('# TYPE petfood_answers_total ')) throw new Error(`/metrics does not count answers: ${response.status} ${text.slice(0, 200)}`)
  return new Map([...text.matchAll(/^petfood_answers_total\{source="(\w+)"\} (\d+)$/gm)].map(([, source = '', count]) => [source, Number(count)]))
}

export function less(after: AnswersBySource, before: AnswersBySource | undefined): AnswersBySource {
  return new Map([...after].map(([source, count]) => [source, count - (before?.get(source) ?? 0)]))
}

export function sum(all: readonly AnswersBySource[]): AnswersBySource {
  const total = new Map<string, number>()
  for (const [source, count] of all.flatMap((counts) => [...counts])) total.set(source, count + (total.get(source) ?? 0))
  return total
}

/** `REDIS 99.98 %, POSTGRES 0.02 %` */
export function shares(counts: AnswersBySource): string {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const told = [...counts].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a)
  return told.map(([source, count]) => `${source} ${((100 * count) / all).toFixed(2)} %`).join(', ') || 'nothing was counted'
}
