import { createHistogram } from 'node:perf_hooks'

/** What a distribution has seen, in its own unit; the figures are null while it has seen nothing. */
export type DistributionFigures = { count: number; p50: number | null; p95: number | null; p99: number | null; max: number | null }

export type Distribution = { record(value: number): void; figures(): DistributionFigures }

/**
 * How a measure is distributed since the process started, in constant memory (about 150 kB) and without allocating when
 * it records: Node's HDR histogram, whose figures are right to a thousandth. It counts whole steps, the least of which
 * is one; what is above `largest` counts as `largest`.
 */
export function createDistribution({ largest, stepsPerUnit }: { largest: number; stepsPerUnit: number }): Distribution {
  const stepsAtMost = largest * stepsPerUnit
  const histogram = createHistogram({ lowest: 1, highest: stepsAtMost, figures: 3 })
  return {
    record: (value) => histogram.record(Math.min(stepsAtMost, Math.max(1, Math.round(value * stepsPerUnit)))),
    figures: () => {
      const { count } = histogram
      if (count === 0) return { count, p50: null, p95: null, p99: null, max: null }
      const at = (percent: number) => histogram.percentile(percent) / stepsPerUnit
      return { count, p50: at(50), p95: at(95), p99: at(99), max: histogram.max / stepsPerUnit }
    },
  }
}
