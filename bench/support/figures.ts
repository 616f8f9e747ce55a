/** Of values in any order; NaN of none. The nearest rank: a value that was measured, none in between. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

export type Spread = { n: number; p50: number; p99: number; max: number }

/** Milliseconds, as the values are. */
export function spread(values: readonly number[]): Spread {
  return { n: values.length, p50: percentile(values, 0.5), p99: percentile(values, 0.99), max: Math.max(...values) }
}

export const ms = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : '-')
export const times = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '-')

/** A Markdown table; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  return [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
